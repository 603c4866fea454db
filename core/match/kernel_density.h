/* Kernel density estimate with normal kernels of one diagonal covariance, and the bandwidth of Aitken & Lucy (2004,
 * Applied Statistics 53, 109). */
#ifndef MATCH_KERNEL_DENSITY_H
#define MATCH_KERNEL_DENSITY_H

#include <stddef.h>

/* The bandwidth for n centres of p components, h = (4 / ((p + 2) n))^(1/(p + 4)). */
double kernel_density_bandwidth(size_t n, size_t p);

/* Natural log of (1/n) sum_i N(at; centre_i, diag(variance) + extra I) over centre[n, p], by log-sum-exp: finite if the
 * variances are positive. variance[p]; at[p]. */
double kernel_density_log(size_t n, size_t p, const double *centre, const double *variance, double extra,
                          const double *at);

#endif
