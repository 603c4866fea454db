/* Cross-correlation of two folded rows at small lags. */
#include "preprocess/align_kernel.h"

#include "base/lanes.h"
#include "preprocess/folded_lanes.h"

/* Records of a block: they stay in the L1 cache for all lags. Sums are float32 within a block, float64 over blocks. */
enum { block = 256, vectors = FOLDED_LANES / LANES };

/* Adds the products of n SIMD vectors at ALIGN_UNROLL lags; `reference` is the factor at the first of them. */
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

void SIMD_NAME(align_kernel)(size_t records, const float *lines, const float *reference, size_t max_lag, double *sum)
{
    const lanes_floats *row = (const lanes_floats *)(const void *)lines;
    const lanes_floats *beside = (const lanes_floats *)(const void *)reference + max_lag * vectors;
    memset(sum, 0, (2 * max_lag + ALIGN_UNROLL) * sizeof *sum);
    for (size_t first = 0; first < records * vectors; first += block * vectors) {
        size_t left = records * vectors - first, n = left < block * vectors ? left : (size_t)block * vectors;
        for (size_t k = 0; k <= 2 * max_lag; k += ALIGN_UNROLL)
            add(row + first, beside + first - k * vectors, n, sum + k);
    }
}
