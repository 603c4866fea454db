/* The likelihood_power of a parcel's model: how far the log densities of stones from a locality that the library does
 * not hold are to be believed. */
#ifndef EVIDENCE_LIKELIHOOD_POWER_H
#define EVIDENCE_LIKELIHOOD_POWER_H

#include "evidence/mixture.h"

enum { likelihood_power_steps = 20 };

/* The library's stones in the order of origins, then of localities, and the mixtures fitted to them. */
typedef struct likelihood_power_data {
    size_t n, d, n_origins;
    const double *rows;         /* [n, d] */
    const size_t *first;        /* [n_origins + 1]: the stones of origin k are first[k] ... first[k+1]-1 */
    const size_t *locality;     /* [n], rising */
    const double *pooled;       /* [d, d] */
    const mixture *origins;     /* [n_origins]; without parts where an origin has no stone */
    double pseudo_observations; /* the mixtures' shrinkage */
} likelihood_power_data;

/* The i-th of 20 tempers from 0.2 to 1. */
double likelihood_power_at(size_t i);

/* Each locality in turn is left out of its origin's mixture (a tenth of the stones where the origin has one locality),
 * and its stones' probabilities of their true origin found at equal priors, without shifts, with all covariances over
 * T. score[20] is the mean log probability, origins weighing the same, at each likelihood_power; *likelihood_power is
 * that of the greatest score, the first of equals. Where there is nothing to tell apart it is 1, and the scores stay as
 * they are.
 */
adamas_status likelihood_power_fit(double *likelihood_power, double *score, const likelihood_power_data *stones,
                                   adamas_error *error);

#endif
