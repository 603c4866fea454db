/* The log marginal likelihood of a parcel's specimens under a proposition about their origins: shares, shifts,
 * variances and labels integrated out by stepping-stone sampling (Xie, Lewis, Fan, Kuo and Chen 2011). Logs are
 * natural. */
#ifndef EVIDENCE_PARCEL_EVIDENCE_H
#define EVIDENCE_PARCEL_EVIDENCE_H

#include "evidence/parcel_model.h"
#include "evidence/parcel_sample.h"

typedef struct parcel_stepping {
    uint64_t seed;
    uint64_t first_stream; /* run i uses the random stream first_stream + i */
    size_t n_steps;        /* power posteriors with beta = (b / n_steps)^(1 / 0.3), b = 0 ... n_steps */
    size_t n_runs;         /* independent runs, at least 2: their spread is the Monte Carlo error */
    size_t burn_in;        /* iterations at each beta that are not kept */
    size_t n_draws;        /* iterations at each beta that are kept */
    double tau_scale;      /* as in parcel_sampling */
    work *work;            /* as in parcel_sampling */
} parcel_stepping;

extern const parcel_stepping
    parcel_stepping_default; /* seed 0, 24 steps, 4 runs, 100 and 400 iterations, tau_scale 1 */

typedef struct parcel_log_estimate {
    double value;
    double error; /* Monte Carlo standard error */
} parcel_log_estimate;

/* Log marginal likelihood of the specimens (their masses and n_whole are not used) with shares ~ Dirichlet(alpha),
 * alpha[n_origins + 1] as in parcel_sample. ADAMAS_E_ARGUMENT: too few runs, steps or draws, and as parcel_sample. */
adamas_status parcel_log_marginal(parcel_log_estimate *out, const parcel_model *model,
                                  const parcel_specimens *specimens, const double *alpha,
                                  const parcel_stepping *stepping, adamas_error *error);

/* Log ratio of two independent estimates. */
parcel_log_estimate parcel_log_ratio(parcel_log_estimate numerator, parcel_log_estimate denominator);

/* Log likelihood ratio of the proposition with alpha_1 to that with alpha_2; the second uses the random streams after
 * those of the first. */
adamas_status parcel_log_lr(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *specimens,
                            const double *alpha_1, const double *alpha_2, const parcel_stepping *stepping,
                            adamas_error *error);

#endif
