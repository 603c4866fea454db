/* The kernels of projection.c, one for each width of SIMD vectors. */
#ifndef REDUCE_PROJECTION_KERNEL_H
#define REDUCE_PROJECTION_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Adds the products of a block of channels, rows[n, PROJECTION_CHANNELS] and vector[n_vectors, p], to sum[n, groups of
 * vectors, PROJECTION_TILE_VECTORS, PROJECTION_LANES]. prefetch_next: the rows that follow these in memory are
 * prefetched. */
SIMD_KERNEL(void, projection_kernel,
            (size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p, size_t channels,
             int prefetch_next, float *sum));

/* sum[n_weights, PROJECTION_CHANNELS] += weightᵀ rows for weight[n, n_weights] and rows[n, PROJECTION_CHANNELS], in the
 * first `channels` channels. */
SIMD_KERNEL(void, projection_transposed_kernel,
            (size_t n, const float *rows, size_t channels, size_t n_weights, const float *weight, float *sum));

#endif
