/* The likelihood power of a parcel's model: how far the log densities of specimens from a locality that the library
 * does not hold are to be believed. Log densities of components with covariance C are taken with C / T; so their
 * distances count T times. */
#ifndef EVIDENCE_LIKELIHOOD_POWER_H
#define EVIDENCE_LIKELIHOOD_POWER_H

#include "evidence/mixture.h"

enum { likelihood_power_steps = 20 };

/* The library's specimens in the order of origins, then of localities, and the mixtures fitted to them. */
typedef struct likelihood_power_data {
    size_t n, d, n_origins;
    const double *rows;         /* [n, d] */
    const size_t *first;        /* [n_origins + 1]: the specimens of origin k are first[k] ... first[k+1]-1 */
    const size_t *locality;     /* [n], not falling */
    const double *pooled;       /* [d, d] */
    const mixture *origins;     /* [n_origins]; without components if an origin has no specimen */
    double pseudo_observations; /* the mixtures' shrinkage */
} likelihood_power_data;

/* Candidates for T are the 20 values from 0.2 to 1 in equal steps. Each locality in turn is left out of its origin's
 * mixture (a tenth of the specimens if the origin has one locality), and the probabilities of the true origin of its
 * specimens are found at equal priors, without shifts. score[20] is the mean log probability of the true origin,
 * origins weighing the same, at each candidate; *power is the candidate of the greatest score, the first if scores are
 * equal. If there is nothing to distinguish, *power is 1 and the scores stay as they are. */
adamas_status likelihood_power_fit(double *power, double *score, const likelihood_power_data *data,
                                   adamas_error *error);

#endif
