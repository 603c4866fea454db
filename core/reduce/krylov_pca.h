/* Principal components of many rows by going over them a few times: a block Krylov space of the channels' Gram matrix,
 * which is never formed. */
#ifndef REDUCE_KRYLOV_PCA_H
#define REDUCE_KRYLOV_PCA_H

#include "base/work.h"

/* Is it worth its while? */
int krylov_pca_is_faster(size_t n, size_t p, size_t wanted);

/* Of n rows of p channels in panels (reduce/projection.h), which become what they are less the mean[p]: the largest
 * eigenvalues of the sum of their outer products, value[wanted], falling, and unit eigenvectors as the rows of
 * vector[wanted,p]; *total, the sum of all eigenvalues. The values sum to within 1e-6 of *total of what they would if
 * they were exact; else *converged becomes 0, and none is filled. */
adamas_status krylov_pca_find(size_t n, size_t p, float *panels, const double *mean, size_t wanted, double *total,
                              double *value, double *vector, int *converged, work *w, adamas_error *error);

#endif
