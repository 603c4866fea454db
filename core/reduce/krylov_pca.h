/* Principal components of many rows of many channels by a block Lanczos method (reduce/krylov.h) on the channels' Gram
 * matrix, which is never formed: each block of vectors takes one pass over the rows. */
#ifndef REDUCE_KRYLOV_PCA_H
#define REDUCE_KRYLOV_PCA_H

#include "base/work.h"

/* Is this faster than a decomposition of the smaller Gram matrix? */
int krylov_pca_is_faster(size_t n, size_t p, size_t wanted);

/* Subtracts mean[p] from n rows of p channels in panels (reduce/projection.h), in place, and finds the largest
 * eigenvalues of the sum of their outer products, value[wanted], descending, with unit eigenvectors as the rows of
 * vector[wanted,p]. *total is the sum of all eigenvalues; the sum of value is within 1e-6 *total of the exact one. If
 * that is not reached, *converged is 0 and neither is filled. */
adamas_status krylov_pca_find(size_t n, size_t p, float *panels, const double *mean, size_t wanted, double *total,
                              double *value, double *vector, int *converged, work *w, adamas_error *error);

#endif
