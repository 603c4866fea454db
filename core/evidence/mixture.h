/* Mixtures of normal laws by expectation and maximisation (Dempster, Laird and Rubin 1977), each part's covariance
 * shrunk towards a pooled one (Fraley and Raftery 2007, "Bayesian regularization for normal mixture estimation"). */
#ifndef EVIDENCE_MIXTURE_H
#define EVIDENCE_MIXTURE_H

#include "base/status.h"

enum { mixture_max_features = 20 };

typedef struct mixture {
    size_t d, n_components;
    double *weight;           /* [n_components], sum 1 */
    double *mean;             /* [n_components, d] */
    double *cholesky;         /* [n_components, d, d]: Cholesky factors of the covariances */
    double *inverse_cholesky; /* [n_components, d, d]: their inverses */
    double *log_norm;         /* [n_components]: ln of the density of a part at its mean */
} mixture;

/* 2 parts where n >= 40, else 1. */
size_t mixture_n_components(size_t n);

/* Fits to rows[n, d], n >= n_components, d = 1 ... 20. One part has the mean and the covariance pooled[d, d]
 * (symmetric) itself. More start as equal parts of the rows in their order along the first principal axis of pooled; in
 * each round the covariances are (scatter + s pooled / n_components^(2/d)) / (n_m + s) with s = `shrinkage`
 * pseudo-observations, the weights (n_m + 1) / (n + n_components). ADAMAS_E_DATA where a covariance is not positive
 * definite. */
adamas_status mixture_fit(mixture *out, size_t n, size_t d, const double *rows, const double *pooled,
                          size_t n_components, double shrinkage, adamas_error *error);

/* |root (x - mean)|^2 of one part. */
double mixture_distance(const mixture *m, size_t part, const double *x);

/* ln of the density at x[d]. */
double mixture_log_density(const mixture *m, const double *x);

void mixture_free(mixture *m);

#endif
