/* Simulations of pseudo-parcels: what the posterior says of many parcels of known composition. Each is evaluated by a
 * model that was fitted without the fold of localities from which the parcel comes. */
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
    parcel_model models[PSEUDO_FOLDS]; /* each fitted without its fold; origins of one locality are in all */
    uint64_t seed;
} simulation;

/* pseudo and alpha must outlive it. ADAMAS_E_MEMORY, ADAMAS_E_CANCELLED and those of parcel_model_fit. */
adamas_status simulation_make(simulation *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                              uint64_t seed, work *w, adamas_error *error);
void simulation_clear(simulation *s);

/* Each purpose and number has a random stream of its own. */
typedef enum simulation_purpose {
    simulation_for_threshold = 1,
    simulation_for_detection_limit,
    simulation_for_bounds_h1,
    simulation_for_bounds_h2,
    simulation_for_plan
} simulation_purpose;
random_stream simulation_stream(const simulation *s, simulation_purpose purpose, uint64_t number);

/* `own` specimens of the declared origin, then `others` of a source (an origin, or n_origins: none of the origins), all
 * of one fold and session: rows[own + others, d]. */
void simulation_draw(const simulation *s, size_t fold, size_t own, size_t others, size_t source, random_stream *r,
                     double *rows);

/* Posterior mean of the share of specimens that are not of the declared origin: the statistic of the test whether a
 * parcel is consistent with the declared origin. */
double simulation_foreign_share(const parcel_posterior *p, size_t origin);

/* Greatest number of specimens of a pseudo-parcel; results for more are taken to be those for this number. */
enum { SIMULATION_MAX_SPECIMENS = 500 };

/* *threshold: the foreign share that a pure parcel of n specimens exceeds with probability SIMULATION_FALSE_ALARM at
 * most, if it is exchangeable with the pseudo-parcels of some origin (n_parcels of each): the greatest over the
 * origins, because the few localities of one origin do not tell how far the next one lies. At least 1/n. */
#define SIMULATION_FALSE_ALARM 0.05
adamas_status simulation_threshold(double *threshold, const simulation *s, size_t n, size_t n_parcels, work *w,
                                   adamas_error *error);

/* How many of n measured specimens are foreign. */
typedef struct simulation_foreign_specimens {
    size_t source;     /* of the foreign ones: an origin, or n_origins */
    double share;      /* of the n, if population is 0 */
    size_t population; /* if not 0, the n are drawn without replacement from so many specimens, */
    size_t n_foreign;  /* of which so many are foreign */
} simulation_foreign_specimens;

/* *power: the share of n_parcels pseudo-parcels whose foreign share exceeds the threshold. number: of this series of
 * parcels among those of its purpose. */
adamas_status simulation_detection_power(double *power, const simulation *s, simulation_purpose purpose,
                                         uint64_t number, size_t n, const simulation_foreign_specimens *foreign,
                                         double threshold, size_t n_parcels, work *w, adamas_error *error);

#endif
