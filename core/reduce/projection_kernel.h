/* The kernels of projection.c, by the width of vectors. */
#ifndef REDUCE_PROJECTION_KERNEL_H
#define REDUCE_PROJECTION_KERNEL_H

#include "base/simd.h"
#include "reduce/projection.h"

#include <stddef.h>

/* Vectors come in groups of three, and each sum in so many parts. */
enum { PROJECTION_TILE_VECTORS = 3, PROJECTION_LANES = SIMD_FLOATS };

static inline size_t projection_groups(size_t n_vectors)
{
    return (n_vectors + PROJECTION_TILE_VECTORS - 1) / PROJECTION_TILE_VECTORS;
}

/* Adds the products of a stretch of channels, rows[n, PROJECTION_CHANNELS] and vector[n_vectors, p], to sum[n, groups
 * of vectors, PROJECTION_TILE_VECTORS, PROJECTION_LANES]. With `goes_on`, what follows these rows in memory is wanted
 * next. */
SIMD_KERNEL(void, projection_kernel,
            (size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p, size_t channels, int goes_on,
             float *sum));

/* sum[n_weights, PROJECTION_CHANNELS] += weightᵀ rows of weight[n, n_weights], so many channels. */
SIMD_KERNEL(void, projection_transposed_kernel,
            (size_t n, const float *rows, size_t channels, size_t n_weights, const float *weight, float *sum));

#endif
