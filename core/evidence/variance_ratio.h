/* Variances of localities and of measuring sessions, in units of the covariance of specimens within a locality:
 * restricted maximum likelihood (Patterson and Thompson 1971) by the mixed-model equations of Henderson (1973). */
#ifndef EVIDENCE_VARIANCE_RATIO_H
#define EVIDENCE_VARIANCE_RATIO_H

#include "base/status.h"

#include <stdbool.h>

enum { variance_ratio_steps = 25 };

/* The grid is 0, then 24 values from 0.003 to 3 in equal ratios; {0} alone if the library does not determine the
 * variance. */
typedef struct variance_ratio {
    bool rho_known;   /* some origin has 2 localities */
    bool sigma_known; /* the session of every specimen is known, and there are 2 */
    size_t n_rho, n_sigma;
    double rho[variance_ratio_steps];                                   /* variance of a locality */
    double sigma[variance_ratio_steps];                                 /* variance of a session */
    double log_likelihood[variance_ratio_steps * variance_ratio_steps]; /* [n_rho, n_sigma], restricted, natural,
                                                                           less its greatest value */
    double weight[variance_ratio_steps * variance_ratio_steps]; /* [n_rho, n_sigma]: posterior under a flat prior over
                                                                   the cells; the weights sum to 1 */
    double rho_mean, sigma_mean;                                /* posterior means */
} variance_ratio;

/* y[n, d] = mean of origin[n] + effect of locality[n] + effect of session[n] + noise, the coordinates independent with
 * variances rho, sigma and 1: y is whitened by the covariance within localities. Origins are fixed effects. Localities
 * are numbered through 0 ... n_localities-1, so each belongs to one origin; sessions 0 ... n_sessions-1 may cross
 * them, session NULL if they are not known. The time grows with the grid and the numbers of localities and of
 * sessions, hardly with n. ADAMAS_E_MEMORY; ADAMAS_E_DATA: the equations are singular. */
adamas_status variance_ratio_fit(variance_ratio *out, size_t n, size_t d, const double *y, size_t n_origins,
                                 const size_t *origin, size_t n_localities, const size_t *locality, size_t n_sessions,
                                 const size_t *session, adamas_error *error);

#endif
