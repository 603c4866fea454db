/* Two-level model with a kernel estimate between sources (Aitken & Lucy 2004, Applied Statistics 53, 109): a mean over
 * n rows of one source is normal around the source's own mean with covariance U/n, and sources' means have the density
 * (1/m) sum_i N(. ; x_i, h^2 C) over the m training sources, h = (4 / ((p+2) m))^(1/(p+4)).
 *
 * U is the mean of the covariances of the sources with more than one row; C is what multivariate analysis of variance
 * leaves of the spread between sources, (sum_i n_i (x_i - x)(x_i - x)' / (m-1) - U) / k, x the mean of all N rows and
 * k = (N - sum_i n_i^2 / N) / (m-1). Densities are worked out on the axes on which U is the identity and C is diagonal;
 * a negative variance there counts as 0. */
#ifndef MATCH_KERNEL_H
#define MATCH_KERNEL_H

#include "match/spread.h"

typedef struct kernel {
    size_t n_sources, p;
    spread spread;  /* the axes, U and C */
    double *centre; /* [n_sources, p]: sources' means on the axes */
    double *width;  /* [p]: h^2 C on the axes */
} kernel;

/* Fits to rows[n_rows, p] of n_sources sources, source[n_rows] being 0 ... n_sources - 1, each with one row at least.
 * ADAMAS_E_DATA where there are fewer than two sources, none has two rows, or U is singular. On failure nothing is
 * held.
 */
adamas_status kernel_fit(kernel *out, size_t n_rows, size_t p, const double *rows, const size_t *source,
                         size_t n_sources, adamas_error *error);
void kernel_clear(kernel *k);

/* Natural log density of a mean over n_rows rows of a source of this population. scratch: p doubles. */
double kernel_log_density(const kernel *k, const double *mean, size_t n_rows, double *scratch);

/* Natural log of the likelihood ratio of one source against two, for means over so many rows. scratch: 3 p doubles. */
double kernel_log_lr(const kernel *k, const double *mean1, size_t n_rows1, const double *mean2, size_t n_rows2,
                     double *scratch);

/* The bandwidth h for m centres of p components. */
double kernel_bandwidth(size_t m, size_t p);

/* ln of (1/m) sum_i N(at; centre_i, diag(width) + within I), by log-sum-exp: finite wherever the variances are
 * positive. centre[m, p]. */
double kernel_log_mixture(size_t m, size_t p, const double *centre, const double *width, double within,
                          const double *at);

#endif
