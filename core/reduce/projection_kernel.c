#include "reduce/projection_kernel.h"

#include "base/lanes.h"
#include "reduce/projection.h"

/* Rows by vectors of a tile: their sums, twelve or, where there are more registers, twice as many, with their operands
 * fill the registers and hide the latency of a multiply-add. */
enum { tile_vectors = PROJECTION_TILE_VECTORS, few_rows = 4 };
enum { tile_rows = SIMD_BYTES == 64 ? 2 * few_rows : few_rows };
enum { stretch = PROJECTION_CHANNELS, near_rows = 16, most_near = 24, fetched_rows = tile_rows / few_rows };

#define AT(x)    (*(const lanes_anywhere *)(x))
#define PLACE(x) (*(lanes_anywhere *)(x))

/* GCC 12 loads once for each multiplication what it can forget in between, and loads are then what it waits for. */
#ifdef __x86_64__
#define LOADED(x) __asm__("" : "+v"(x))
#else
#define LOADED(x) (void)(x)
#endif

/* The channels beyond whole registers. */
static void multiply_last(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                          size_t n_vectors, size_t apart, float *sum)
{
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            for (size_t c = channels - channels % LANES; c < channels; c++)
                sum[r * apart + k * PROJECTION_LANES + c % LANES] += rows[r * stretch + c] * vector[k * p + c];
}

/* Adds to sum[n_rows, n_vectors, PROJECTION_LANES], whose rows are `apart`, the products of so many rows and vectors,
 * channel c in lane c % LANES. next: NULL, or the stretches of fetched_rows rows that are wanted later, and then in the
 * second cache. */
SIMD_INLINE void multiply(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                          size_t n_vectors, const float *next, size_t apart, float *sum)
{
    lanes_floats product[tile_rows][tile_vectors];
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            product[r][k] = (lanes_floats){0};
    for (size_t c = 0; c + LANES <= channels; c += LANES) {
        lanes_floats factor[tile_vectors];
        for (size_t k = 0; next && k < fetched_rows; k++)
            __builtin_prefetch(next + k * stretch + c, 0, 2);
        for (size_t k = 0; k < n_vectors; k++)
            factor[k] = AT(vector + k * p + c);
#pragma GCC unroll 8
        for (size_t r = 0; r < n_rows; r++) {
            lanes_floats x = AT(rows + r * stretch + c);
            LOADED(x);
            for (size_t k = 0; k < n_vectors; k++)
                product[r][k] += x * factor[k];
        }
    }
    for (size_t r = 0; r < n_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            PLACE(sum + r * apart + k * PROJECTION_LANES) += product[r][k];
    if (channels % LANES)
        multiply_last(n_rows, rows, vector, p, channels, n_vectors, apart, sum);
}

/* Of a tile of n_rows rows by three vectors, or as many as are left. */
SIMD_INLINE void multiply_tile(size_t n_rows, const float *rows, const float *vector, size_t p, size_t channels,
                               size_t left, const float *next, size_t apart, float *sum)
{
    if (left >= tile_vectors)
        multiply(n_rows, rows, vector, p, channels, tile_vectors, next, apart, sum);
    else
        for (size_t k = 0; k < left; k++)
            multiply(n_rows, rows, vector + k * p, p, channels, 1, next, apart, sum + k * PROJECTION_LANES);
}

/* Rows that stay in the nearest cache while all vectors pass by. */
SIMD_INLINE void multiply_near(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                               size_t channels, const float *next, float *sum)
{
    size_t groups = projection_groups(n_vectors), tile = tile_vectors * PROJECTION_LANES, apart = groups * tile;
    size_t fetched = 0;
    for (size_t g = 0; g < groups; g++) {
        const float *v = vector + g * tile_vectors * p;
        size_t left = n_vectors - g * tile_vectors;
        if (channels == stretch && left >= 2 * tile_vectors)
            projection_prefetch(v + tile_vectors * p, p, tile_vectors);
        for (size_t r = 0, some; r < n; r += some) {
            const float *soon = next && fetched < n ? next + fetched * stretch : NULL;
            some = r + tile_rows <= n ? tile_rows : r + few_rows <= n ? few_rows : 1;
            const float *x = rows + r * stretch;
            float *to = sum + r * apart + g * tile;
            if (some == tile_rows)
                multiply_tile(tile_rows, x, v, p, channels, left, soon, apart, to);
            else if (some == few_rows)
                multiply_tile(few_rows, x, v, p, channels, left, soon, apart, to);
            else
                multiply_tile(1, x, v, p, channels, left, soon, apart, to);
            fetched += fetched_rows;
        }
    }
}

void SIMD_NAME(projection_kernel)(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                                  size_t channels, int goes_on, float *sum)
{
    size_t near = n <= most_near ? n : (size_t)near_rows,
           apart = projection_groups(n_vectors) * tile_vectors * PROJECTION_LANES;
    for (size_t first = 0; first < n; first += near) {
        const float *here = rows + first * stretch, *next = goes_on ? here + near * stretch : NULL;
        multiply_near(near < n - first ? near : n - first, here, n_vectors, vector, p, channels, next,
                      sum + first * apart);
    }
}

/* sum[n_weights, stretch] of at most four weights, some registers of channels wide: += weightᵀ rows. */
SIMD_INLINE void add_weighted(size_t n, const float *rows, size_t stride, size_t n_weights, const float *weight,
                              size_t registers, float *sum)
{
    lanes_floats total[few_rows][tile_vectors];
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            total[k][c] = AT(sum + k * stretch + c * LANES);
    for (size_t r = 0; r < n; r++) {
        lanes_floats x[tile_vectors];
        for (size_t c = 0; c < registers; c++) {
            x[c] = AT(rows + r * stretch + c * LANES);
            LOADED(x[c]);
        }
        for (size_t k = 0; k < n_weights; k++)
            for (size_t c = 0; c < registers; c++)
                total[k][c] += weight[r * stride + k] * x[c];
    }
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            PLACE(sum + k * stretch + c * LANES) = total[k][c];
}

SIMD_INLINE void add_all_weighted(size_t n, const float *rows, size_t n_weights, const float *weight, size_t registers,
                                  float *sum)
{
    size_t k = 0;
    for (; k + few_rows <= n_weights; k += few_rows)
        add_weighted(n, rows, n_weights, few_rows, weight + k, registers, sum + k * stretch);
    for (; k < n_weights; k++)
        add_weighted(n, rows, n_weights, 1, weight + k, registers, sum + k * stretch);
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
                sum[k * stretch + c] += weight[r * n_weights + k] * rows[r * stretch + c];
}
