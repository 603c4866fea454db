/* What the posterior says of many pseudo-parcels, each judged by a model that was fitted without the
 * part of the localities that it comes from. */
#ifndef EVIDENCE_SIMULATION_H
#define EVIDENCE_SIMULATION_H

#include "base/work.h"
#include "evidence/parcel_sample.h"
#include "evidence/pseudo_parcel.h"

typedef struct simulation {
    const pseudo_library *pseudo;
    const double *alpha; /* [n_origins + 1] */
    size_t origin;       /* declared */
    size_t n_origins, d;
    parcel_model models[PSEUDO_FOLDS]; /* each fitted without its part; to all where the declared origin has one
                                           locality */
    uint64_t seed;
} simulation;

adamas_status simulation_make(simulation *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                              uint64_t seed, work *w, adamas_error *error);
void simulation_clear(simulation *t);

/* A random stream of its own for each use and number. */
typedef enum simulation_purpose {
    simulation_for_threshold = 1,
    simulation_for_detection_limit,
    simulation_for_bounds_h1,
    simulation_for_bounds_h2,
    simulation_for_plan
} simulation_purpose;
random_stream simulation_stream(const simulation *t, simulation_purpose use, uint64_t number);

/* `own` stones of the declared origin, then `others` of a source (n_origins: none of the origins), all of one part and
 * session: rows[own + others, d]. */
void simulation_draw(const simulation *t, size_t part, size_t own, size_t others, size_t source, random_stream *r,
                     double *rows);

/* The posterior mean of the share of stones that are not of the declared origin: what the decision is made by. */
double simulation_foreign_share(const parcel_posterior *p, size_t origin);

/* Stones that a pseudo-parcel has at most: what is found with these is found with more. */
enum { SIMULATION_MAX_SPECIMENS = 500 };

/* The foreign share that a pure parcel of n stones exceeds in at most SIMULATION_FALSE_ALARM of cases, exchangeable
 * with `parcels` pseudo-parcels of each origin: the greatest of these, since the few localities of one origin do not
 * tell how far the next one lies; and never less than one stone of the n. */
#define SIMULATION_FALSE_ALARM 0.05
adamas_status simulation_threshold(double *threshold, const simulation *t, size_t n, size_t parcels, work *w,
                                   adamas_error *error);

/* Foreign stones among n measured. */
typedef struct simulation_foreign_specimens {
    size_t source;     /* of them */
    double share;      /* of the n, where population is 0 */
    size_t population; /* else n are drawn from so many stones without replacement, */
    size_t foreign;    /* of which so many are foreign */
} simulation_foreign_specimens;

/* The share of pseudo-parcels whose foreign share exceeds the threshold. number: of this series among those of its use.
 */
adamas_status simulation_detection_power(double *chance, const simulation *t, simulation_purpose use, uint64_t number,
                                         size_t n, const simulation_foreign_specimens *foreign, double threshold,
                                         size_t parcels, work *w, adamas_error *error);

#endif
