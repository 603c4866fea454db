/* The largest eigenvalues of a large symmetric matrix, by a block Krylov space (Golub & Underwood 1977) with full
 * orthogonalisation, and a check of every residual: a converged answer is as exact as the check says. */
#ifndef REDUCE_KRYLOV_H
#define REDUCE_KRYLOV_H

#include "base/status.h"

/* Of a[n,n] (lower triangle read): value[wanted], falling, and unit eigenvectors as the rows of vector[wanted,n], each
 * with |a v - value v| <= 1e-8 value. *converged becomes 0, and nothing is filled, where so small a space does not hold
 * them: where many eigenvalues are nearly equal, or `wanted` is no small part of n. */
adamas_status krylov_largest(size_t n, size_t wanted, const double *a, double *value, double *vector, int *converged,
                             adamas_error *error);

#endif
