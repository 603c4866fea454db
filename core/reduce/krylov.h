/* The largest eigenvalues of a large symmetric matrix, by a block Krylov space (Golub & Underwood 1977) with full
 * orthogonalisation, and a check of every residual: a converged answer is as exact as the check says. */
#ifndef REDUCE_KRYLOV_H
#define REDUCE_KRYLOV_H

#include "base/work.h"

/* The matrix a[n,n] is known by what it does to so many vectors at a time: out = in a, both [KRYLOV_WIDTH,n]. (Three at
 * a time go forth through reduce/projection.h, and four back.) */
enum { KRYLOV_WIDTH = 12 };
typedef adamas_status (*krylov_apply)(void *context, const double *in, double *out, adamas_error *error);

/* What will do: either |a v - value v| <= residual value for every pair, or all values together within `shortfall` of
 * what they would sum to if they were exact. */
typedef struct krylov_goal {
    double residual, shortfall;
    size_t check_every; /* blocks */
} krylov_goal;

/* Fills value[wanted], falling, and unit eigenvectors as the rows of vector[wanted,n]. *converged becomes 0, and
 * nothing is filled, where so small a space does not hold them: where many eigenvalues are nearly equal, or `wanted` is
 * no small part of n. */
adamas_status krylov_find(size_t n, size_t wanted, krylov_apply apply, void *context, const krylov_goal *goal,
                          double *value, double *vector, int *converged, work *w, adamas_error *error);

/* The same of a[n,n] (lower triangle read), each pair with |a v - value v| <= 1e-8 value. */
adamas_status krylov_largest(size_t n, size_t wanted, const double *a, double *value, double *vector, int *converged,
                             work *w, adamas_error *error);

#endif
