#include "preprocess/align_kernel.h"

#include "base/lanes.h"
#include "preprocess/folded.h"

/* Records of a block are in the nearest cache for all lags; sums are in float32 within it, in float64 over blocks. */
enum { block = 256, vectors = FOLDED_LANES / LANES };

/* Of n vectors, adds the products at some lags, the first of which finds its factors at `reference`. */
SIMD_INLINE void add(const lanes_floats *lines, const lanes_floats *reference, size_t n, double sum[ALIGN_UNROLL])
{
    lanes_floats products[ALIGN_UNROLL] = {0};
    for (size_t i = 0; i < n; i++)
#pragma GCC unroll 9
        for (size_t k = 0; k < ALIGN_UNROLL; k++)
            products[k] += lines[i] * *(reference + i - k * vectors);
    for (size_t k = 0; k < ALIGN_UNROLL; k++)
        for (size_t l = 0; l < LANES; l++)
            sum[k] += products[k][l];
}

void SIMD_NAME(align_kernel)(size_t records, const float *lines, const float *reference, size_t most_lag, double *sum)
{
    const lanes_floats *row = (const lanes_floats *)(const void *)lines;
    const lanes_floats *beside = (const lanes_floats *)(const void *)reference + most_lag * vectors;
    memset(sum, 0, (2 * most_lag + ALIGN_UNROLL) * sizeof *sum);
    for (size_t first = 0; first < records * vectors; first += block * vectors) {
        size_t left = records * vectors - first, n = left < block * vectors ? left : (size_t)block * vectors;
        for (size_t k = 0; k <= 2 * most_lag; k += ALIGN_UNROLL)
            add(row + first, beside + first - k * vectors, n, sum + k);
    }
}
