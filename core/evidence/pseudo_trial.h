/* What the posterior says of many pseudo-parcels, each judged by a model that was fitted without the
 * part of the localities that it comes from. */
#ifndef EVIDENCE_PSEUDO_TRIAL_H
#define EVIDENCE_PSEUDO_TRIAL_H

#include "base/work.h"
#include "evidence/parcel_sample.h"
#include "evidence/pseudo_parcel.h"

typedef struct trial {
    const pseudo_library *pseudo;
    const double *alpha; /* [n_origins + 1] */
    size_t origin;       /* declared */
    size_t n_origins, d;
    parcel_model models[PSEUDO_PARTS]; /* each fitted without its part; to all where the declared origin has one
                                           locality */
    uint64_t seed;
} trial;

adamas_status trial_make(trial *out, const pseudo_library *pseudo, const double *alpha, size_t origin, uint64_t seed,
                         work *w, adamas_error *error);
void trial_clear(trial *t);

/* A random stream of its own for each use and number. */
typedef enum trial_use { trial_pure = 1, trial_foreign, trial_bound_same, trial_bound_other, trial_plan } trial_use;
random_stream trial_stream(const trial *t, trial_use use, uint64_t number);

/* `own` stones of the declared origin, then `others` of a source (n_origins: none of the origins), all of one part and
 * session: rows[own + others, d]. */
void trial_draw(const trial *t, size_t part, size_t own, size_t others, size_t source, random_stream *r, double *rows);

/* The posterior mean of the share of stones that are not of the declared origin: what the decision is made by. */
double trial_foreign_share(const parcel_posterior *p, size_t origin);

/* Stones that a pseudo-parcel has at most: what is found with these is found with more. */
enum { TRIAL_MOST_STONES = 500 };

/* The foreign share that a pure parcel of n stones exceeds in at most TRIAL_WRONG of cases, exchangeable with `parcels`
 * pseudo-parcels of each origin: the greatest of these, since the few localities of one origin do not tell how far the
 * next one lies; and never less than one stone of the n. */
#define TRIAL_WRONG 0.05
adamas_status trial_threshold(double *threshold, const trial *t, size_t n, size_t parcels, work *w,
                              adamas_error *error);

/* Foreign stones among n measured. */
typedef struct trial_foreign_stones {
    size_t source;     /* of them */
    double share;      /* of the n, where population is 0 */
    size_t population; /* else n are drawn from so many stones without replacement, */
    size_t foreign;    /* of which so many are foreign */
} trial_foreign_stones;

/* The share of pseudo-parcels whose foreign share exceeds the threshold. number: of this series among those of its use.
 */
adamas_status trial_chance(double *chance, const trial *t, trial_use use, uint64_t number, size_t n,
                           const trial_foreign_stones *foreign, double threshold, size_t parcels, work *w,
                           adamas_error *error);

#endif
