/* Mixtures of normal distributions by the EM algorithm (Dempster, Laird and Rubin 1977); the covariance of each
 * component is shrunk towards a pooled one (Fraley and Raftery 2007, "Bayesian regularization for normal mixture
 * estimation"). */
#ifndef EVIDENCE_MIXTURE_H
#define EVIDENCE_MIXTURE_H

#include "base/status.h"

enum { mixture_max_features = 20 };

typedef struct mixture {
    size_t d, n_components;
    double *weight;           /* [n_components], sum 1 */
    double *mean;             /* [n_components, d] */
    double *cholesky;         /* [n_components, d, d]: lower Cholesky factors of the covariances */
    double *inverse_cholesky; /* [n_components, d, d]: their inverses */
    double *log_norm;         /* [n_components]: ln of the density of a component at its mean */
} mixture;

/* The number of components for n rows: 2 if n >= 40, else 1. */
size_t mixture_n_components(size_t n);

/* Fits to rows[n, d], n >= n_components, d = 1 ... 20. A single component has the mean of the rows and the covariance
 * pooled[d, d] (symmetric). Several start as equal parts of the rows in their order along the first principal axis of
 * pooled; in each iteration the covariances are (scatter + s pooled / n_components^(2/d)) / (n_m + s) with
 * s = `shrinkage` pseudo-observations, the weights (n_m + 1) / (n + n_components). ADAMAS_E_DATA: a covariance is not
 * positive definite. *out is to be freed. */
adamas_status mixture_fit(mixture *out, size_t n, size_t d, const double *rows, const double *pooled,
                          size_t n_components, double shrinkage, adamas_error *error);

/* Squared Mahalanobis distance |L^-1 (x - mean)|^2 of x[d] to one component, L its Cholesky factor. */
double mixture_distance(const mixture *m, size_t component, const double *x);

void mixture_free(mixture *m);

#endif
