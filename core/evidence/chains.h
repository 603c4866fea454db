/* Posterior summaries of one number from Markov chains, and diagnostics of convergence. */
#ifndef EVIDENCE_CHAINS_H
#define EVIDENCE_CHAINS_H

#include "base/status.h"

typedef struct chains_summary {
    double mean;
    double low, high; /* 2.5 and 97.5 % quantiles, type 7 of Hyndman and Fan (1996) */
    double r_hat;     /* of split chains: Gelman et al., Bayesian Data Analysis, 3rd ed., section 11.4; 1 if all draws
                         are equal, infinite if only each half is constant */
    double effective; /* effective sample size: Geyer's (1992) initial monotone sequence on split chains, as Vehtari
                         et al. (2021) combine them; the number of draws if all are equal */
} chains_summary;

/* Draws of n_chains chains, n_draws >= 4 each, one after the other: the value of draw t of chain c is
 * value[(c * n_draws + t) * stride]. */
adamas_status chains_summarise(chains_summary *out, size_t n_chains, size_t n_draws, const double *value, size_t stride,
                               adamas_error *error);

/* The type 7 quantile of n values in ascending order. */
double chains_quantile(size_t n, const double *sorted, double p);

#endif
