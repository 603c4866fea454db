/* How probable the stones of a parcel are under a proposition about their origins: the marginal likelihood over shares,
 * shifts and variances, by stepping-stone sampling (Xie, Lewis, Fan, Kuo and Chen 2011). Logs are natural. */
#ifndef EVIDENCE_PARCEL_EVIDENCE_H
#define EVIDENCE_PARCEL_EVIDENCE_H

#include "evidence/parcel_model.h"
#include "evidence/parcel_sample.h"

typedef struct parcel_stepping {
    uint64_t seed;
    size_t n_steps;   /* stones to step on: powers (b / n_steps)^(1 / 0.3) of the likelihood, b = 0 ... n_steps */
    size_t n_runs;    /* independent runs, at least 2: their spread is the Monte Carlo error */
    size_t burn_in;   /* iterations at each power that are not kept */
    size_t n_draws;   /* kept at each power */
    double tau_scale; /* as in parcel_sampling */
    work *work;       /* likewise */
} parcel_stepping;

extern const parcel_stepping parcel_stepping_default; /* seed 0, 24 steps, 4 runs, 100 and 400 iterations, 1 */

typedef struct parcel_log_estimate {
    double value;
    double error; /* Monte Carlo standard error */
} parcel_log_estimate;

/* Log marginal likelihood of the stones (their masses and n_whole are not used) with shares ~ Dirichlet(alpha), alpha
 * as in parcel_sample. */
adamas_status parcel_log_marginal(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *stones,
                                  const double *alpha, const parcel_stepping *stepping, adamas_error *error);

/* Log likelihood ratio of the proposition with alpha_1 against that with alpha_2, by independent random streams. */
adamas_status parcel_log_lr(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *stones,
                            const double *alpha_1, const double *alpha_2, const parcel_stepping *stepping,
                            adamas_error *error);

#endif
