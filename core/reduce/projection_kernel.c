/* Products of rows with vectors in registers: tiles of a few rows by three vectors. */
#include "reduce/projection_kernel.h"

#include "base/lanes.h"
#include "reduce/projection_layout.h"

/* Rows and vectors of a tile. Its 12 sums (24 with the 32 registers of AVX-512) and their operands fill the registers,
 * and are enough to hide the latency of a multiply-add. */
enum { tile_vectors = PROJECTION_TILE_VECTORS, few_rows = 4 };
enum { tile_rows = SIMD_BYTES == 64 ? 2 * few_rows : few_rows };
enum { block = PROJECTION_CHANNELS, near_rows = 16, max_near = 24, fetched_rows = tile_rows / few_rows };

#define AT(x)       (*(const lanes_anywhere *)(x))
#define STORE_AT(x) (*(lanes_anywhere *)(x))

/* Keeps x in a register: GCC 12 would load it again for each multiplication, and loads would limit the speed. */
#ifdef __x86_64__
#define LOADED(x) __asm__("" : "+v"(x))
#else
#define LOADED(x) (void)(x)
#endif

/* The channels that do not fill a SIMD vector. */
static void multiply_last(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                          size_t n_vectors, size_t sum_stride, float *sum)
{
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            for (size_t c = channels - channels % LANES; c < channels; c++)
                sum[r * sum_stride + k * PROJECTION_LANES + c % LANES] += rows[r * block + c] * vector[k * p + c];
}

/* Adds to sum[n_rows, n_vectors, PROJECTION_LANES], whose rows are sum_stride apart, the products of rows and vectors,
 * channel c in lane c % LANES. next: NULL, or fetched_rows rows that are prefetched into the L2 cache. */
SIMD_INLINE void multiply(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                          size_t n_vectors, const float *next, size_t sum_stride, float *sum)
{
    lanes_floats product[tile_rows][tile_vectors];
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            product[r][k] = (lanes_floats){0};
    for (size_t c = 0; c + LANES <= channels; c += LANES) {
        lanes_floats factor[tile_vectors];
        for (size_t k = 0; next && k < fetched_rows; k++)
            __builtin_prefetch(next + k * block + c, 0, 2);
        for (size_t k = 0; k < n_vectors; k++)
            factor[k] = AT(vector + k * p + c);
#pragma GCC unroll 8
        for (size_t r = 0; r < n_rows; r++) {
            lanes_floats x = AT(rows + r * block + c);
            LOADED(x);
            for (size_t k = 0; k < n_vectors; k++)
                product[r][k] += x * factor[k];
        }
    }
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            STORE_AT(sum + r * sum_stride + k * PROJECTION_LANES) += product[r][k];
    if (channels % LANES)
        multiply_last(n_rows, rows, vector, p, channels, n_vectors, sum_stride, sum);
}

/* The same for a tile of n_rows rows by three vectors, or by as many as are left. */
SIMD_INLINE void multiply_tile(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                               size_t left, const float *next, size_t sum_stride, float *sum)
{
    if (left >= tile_vectors)
        multiply(n_rows, rows, vector, p, channels, tile_vectors, next, sum_stride, sum);
    else
        for (size_t k = 0; k < left; k++)
            multiply(n_rows, rows, vector + k * p, p, channels, 1, next, sum_stride, sum + k * PROJECTION_LANES);
}

/* Multiplies rows that stay in the L1 cache by all vectors. */
SIMD_INLINE void multiply_near(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                               size_t channels, const float *next, float *sum)
{
    size_t groups = projection_groups(n_vectors), tile = tile_vectors * PROJECTION_LANES, sum_stride = groups * tile;
    size_t fetched = 0;
    for (size_t g = 0; g < groups; g++) {
        const float *v = vector + g * tile_vectors * p;
        size_t left = n_vectors - g * tile_vectors;
        if (channels == block && left >= 2 * tile_vectors)
            projection_prefetch(v + tile_vectors * p, p, tile_vectors);
        for (size_t r = 0, some; r < n; r += some) {
            const float *soon = next && fetched < n ? next + fetched * block : NULL;
            some = r + tile_rows <= n ? tile_rows : r + few_rows <= n ? few_rows : 1;
            const float *x = rows + r * block;
            float *to = sum + r * sum_stride + g * tile;
            if (some == tile_rows)
                multiply_tile(tile_rows, x, v, p, channels, left, soon, sum_stride, to);
            else if (some == few_rows)
                multiply_tile(few_rows, x, v, p, channels, left, soon, sum_stride, to);
            else
                multiply_tile(1, x, v, p, channels, left, soon, sum_stride, to);
            fetched += fetched_rows;
        }
    }
}

void SIMD_NAME(projection_kernel)(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                                  size_t channels, int prefetch_next, float *sum)
{
    size_t near = n <= max_near ? n : (size_t)near_rows,
           sum_stride = projection_groups(n_vectors) * tile_vectors * PROJECTION_LANES;
    for (size_t first = 0; first < n; first += near) {
        const float *here = rows + first * block, *next = prefetch_next ? here + near * block : NULL;
        multiply_near(near < n - first ? near : n - first, here, n_vectors, vector, p, channels, next,
                      sum + first * sum_stride);
    }
}

/* sum[n_weights, block] += weightᵀ rows, for at most four weights and `registers` SIMD vectors of channels. */
SIMD_INLINE void add_weighted(size_t n, const float *rows, size_t stride, size_t n_weights, const float *weight,
                              size_t registers, float *sum)
{
    lanes_floats total[few_rows][tile_vectors];
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            total[k][c] = AT(sum + k * block + c * LANES);
    for (size_t r = 0; r < n; r++) {
        lanes_floats x[tile_vectors];
        for (size_t c = 0; c < registers; c++) {
            x[c] = AT(rows + r * block + c * LANES);
            LOADED(x[c]);
        }
        for (size_t k = 0; k < n_weights; k++)
            for (size_t c = 0; c < registers; c++)
                total[k][c] += weight[r * stride + k] * x[c];
    }
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            STORE_AT(sum + k * block + c * LANES) = total[k][c];
}

SIMD_INLINE void add_all_weighted(size_t n, const float *rows, size_t n_weights, const float *weight, size_t registers,
                                  float *sum)
{
    size_t k = 0;
    for (; k + few_rows <= n_weights; k += few_rows)
        add_weighted(n, rows, n_weights, few_rows, weight + k, registers, sum + k * block);
    for (; k < n_weights; k++)
        add_weighted(n, rows, n_weights, 1, weight + k, registers, sum + k * block);
}

void SIMD_NAME(projection_transposed_kernel)(size_t n, const float *rows, size_t channels, size_t n_weights,
                                             const float *weight, float *sum)
{
    enum { group = tile_vectors * LANES };
    size_t c = 0;
    for (; c + group <= channels; c += group)
        add_all_weighted(n, rows + c, n_weights, weight, tile_vectors, sum + c);
    for (; c + LANES <= channels; c += LANES)
        add_all_weighted(n, rows + c, n_weights, weight, 1, sum + c);
    for (; c < channels; c++)
        for (size_t r = 0; r < n; r++)
            for (size_t k = 0; k < n_weights; k++)
                sum[k * block + c] += weight[r * n_weights + k] * rows[r * block + c];
}
