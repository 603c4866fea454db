/* How rows and vectors are divided for reduce/projection.h and its kernels. */
#ifndef REDUCE_PROJECTION_LAYOUT_H
#define REDUCE_PROJECTION_LAYOUT_H

#include "base/simd.h"

#include <stddef.h>

/* The most rows of a product, and the channels of a block: some rows of a block and three vectors fit into the L1
 * cache. */
enum { PROJECTION_ROWS = 32, PROJECTION_CHANNELS = 240 };

/* Vectors are multiplied in groups of three, and each sum is kept in so many partial sums. */
enum { PROJECTION_TILE_VECTORS = 3, PROJECTION_LANES = SIMD_FLOATS };

static inline size_t projection_groups(size_t n_vectors)
{
    return (n_vectors + PROJECTION_TILE_VECTORS - 1) / PROJECTION_TILE_VECTORS;
}

/* Prefetches the block of channels at x of n rows of p channels (in a loop over rows, that of the row PROJECTION_AHEAD
 * after this one): a run so short is over before the hardware prefetcher detects it. */
enum { PROJECTION_AHEAD = 4 };
SIMD_INLINE void projection_prefetch(const float *x, size_t p, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < PROJECTION_CHANNELS; c += SIMD_FLOATS)
            __builtin_prefetch(x + k * p + c);
}

#endif
