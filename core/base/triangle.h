/* Triangular factors of small matrices, for loops in which calling LAPACK would cost more than the computation. All are
 * row-major [n, n]; only the lower triangle of `lower` is read. */
#ifndef BASE_TRIANGLE_H
#define BASE_TRIANGLE_H

#include <stdbool.h>
#include <stddef.h>

/* Cholesky: a (lower triangle read) becomes L with zeros above, a = L Lᵀ. False if a is not positive definite. */
bool triangle_cholesky(size_t n, double *a);

/* x[n] becomes L^-1 x, or L^-T x. */
void triangle_solve(size_t n, const double *lower, double *x);
void triangle_solve_transposed(size_t n, const double *lower, double *x);

/* out = L^-1, with zeros above. */
void triangle_invert(size_t n, const double *lower, double *out);

/* y[n] = L x. */
void triangle_multiply(size_t n, const double *lower, const double *x, double *y);

/* y[n] += scale Lᵀ x. */
void triangle_add_transposed(size_t n, const double *lower, double scale, const double *x, double *y);

/* out = a b of two lower triangles, with zeros above. */
void triangle_product(size_t n, const double *a, const double *b, double *out);

/* The sum of the logs of the diagonal. */
double triangle_log_determinant(size_t n, const double *lower);

#endif
