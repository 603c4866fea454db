/* The largest eigenvalues of a large symmetric matrix, by a block Lanczos method (Golub & Underwood 1977) with full
 * orthogonalisation. Every residual is computed, so that the error of a converged result is bounded. */
#ifndef REDUCE_KRYLOV_H
#define REDUCE_KRYLOV_H

#include "base/work.h"

/* Multiplies a block of vectors by the matrix a[n,n], which need not be formed: out = in a, both [KRYLOV_WIDTH,n]. (The
 * width is a multiple of the three and the four vectors that reduce/projection.h takes together.) */
enum { KRYLOV_WIDTH = 12 };
typedef adamas_status (*krylov_apply)(void *context, const double *in, double *out, adamas_error *error);

/* The criterion of convergence: either |a v - value v| <= residual * value for every pair, or the sum of all values is
 * within `shortfall` of the exact sum. */
typedef struct krylov_goal {
    double residual, shortfall;
    size_t check_every; /* convergence is checked after so many blocks */
} krylov_goal;

/* Fills value[wanted], descending, and unit eigenvectors as the rows of vector[wanted,n]. *converged is 0, and nothing
 * is filled, if the Krylov space reaches its largest size without convergence: many eigenvalues are nearly equal, or
 * `wanted` is not small compared with n. */
adamas_status krylov_find(size_t n, size_t wanted, krylov_apply apply, void *context, const krylov_goal *goal,
                          double *value, double *vector, int *converged, work *w, adamas_error *error);

/* The same for a[n,n] (the lower triangle is read), each pair with |a v - value v| <= 1e-8 value. */
adamas_status krylov_largest(size_t n, size_t wanted, const double *a, double *value, double *vector, int *converged,
                             work *w, adamas_error *error);

#endif
