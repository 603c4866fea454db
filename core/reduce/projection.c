/* This file is compiled with -ffp-contract=fast: a product and a sum become one instruction where the processor has it.
 */
#include "reduce/projection.h"

#include "base/simd.h"

#include <string.h>

/* A register's worth of channels. Four rows by three vectors are twelve sums at once, which with their operands fill
 * the 16 registers of AVX2 and hide the latency of its multiply-add; wider types would spill there. */
#if defined(__x86_64__)
enum { lanes = 8 };
#else
enum { lanes = 4 };
#endif
enum { tile_rows = 4, tile_vectors = 3 };

/* Channels of a stretch: some rows of it and three vectors stay in the first cache. */
enum { stretch = PROJECTION_STRETCH, near_rows = 16, most_near = 24, ahead = 4 };

typedef float wide __attribute__((vector_size(lanes * sizeof(float))));
typedef float wide_anywhere __attribute__((vector_size(lanes * sizeof(float)), aligned(sizeof(float))));

/* Macros, for no vector may pass by value where its registers are not the processor's own. */
#define AT(x)    (*(const wide_anywhere *)(x))
#define PLACE(x) (*(wide_anywhere *)(x))

static size_t groups_of(size_t n_vectors)
{
    return (n_vectors + tile_vectors - 1) / tile_vectors;
}

size_t projection_scratch(size_t n_vectors)
{
    return PROJECTION_ROWS * (stretch + groups_of(n_vectors) * tile_vectors * (size_t)lanes);
}

/* Stretches that are wanted soon: so short a run is over before the processor sees it coming. */
SIMD_INLINE void fetch(const float *x, size_t p, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < stretch; c += SIMD_FLOATS)
            __builtin_prefetch(x + k * p + c);
}

/* Rows less the mean, of which float32 is twice: its nearest number, and what that leaves. */
SIMD_CLONES static void centre(size_t n, size_t p, const float *rows, const double *mean, size_t channels, float *out)
{
    _Alignas(64) float nearest[stretch], rest[stretch];
    for (size_t c = 0; c < channels; c++) {
        nearest[c] = (float)mean[c];
        rest[c] = (float)(mean[c] - nearest[c]);
    }
    size_t whole = channels - channels % lanes;
    for (size_t r = 0; r < n; r++) {
        if (r + ahead < n)
            fetch(rows + (r + ahead) * p, p, 1);
        for (size_t c = 0; c < whole; c += lanes)
            PLACE(out + r * stretch + c) = AT(rows + r * p + c) - AT(nearest + c) - AT(rest + c);
        for (size_t c = whole; c < channels; c++)
            out[r * stretch + c] = rows[r * p + c] - nearest[c] - rest[c];
    }
}

/* The channels beyond whole registers. */
static void multiply_last(const float *rows, const float *vector, size_t p, size_t channels, size_t n_vectors,
                          float *sum)
{
    for (size_t r = 0; r < tile_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            for (size_t c = channels - channels % lanes; c < channels; c++)
                sum[(r * tile_vectors + k) * lanes + c % lanes] += rows[r * stretch + c] * vector[k * p + c];
}

/* Adds to sum[tile_rows, tile_vectors, lanes] the products of four rows and n_vectors of at most three, channel c in
 * lane c % lanes. next: NULL, or a row's stretch that is wanted later, and then in the second cache. */
SIMD_INLINE void multiply(const float *rows, const float *vector, size_t p, size_t channels, size_t n_vectors,
                          const float *next, float *sum)
{
    wide product[tile_rows][tile_vectors];
    for (size_t r = 0; r < tile_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            product[r][k] = (wide){0};
    for (size_t c = 0; c + lanes <= channels; c += lanes) {
        wide factor[tile_vectors];
        if (next)
            __builtin_prefetch(next + c, 0, 2);
        for (size_t k = 0; k < n_vectors; k++)
            factor[k] = AT(vector + k * p + c);
        for (size_t r = 0; r < tile_rows; r++) {
            wide x = AT(rows + r * stretch + c);
            for (size_t k = 0; k < n_vectors; k++)
                product[r][k] += x * factor[k];
        }
    }
    for (size_t r = 0; r < tile_rows; r++)
        for (size_t k = 0; k < n_vectors; k++)
            PLACE(sum + (r * tile_vectors + k) * lanes) += product[r][k];
    if (channels % lanes)
        multiply_last(rows, vector, p, channels, n_vectors, sum);
}

/* sum[row tiles, groups of vectors, tile_rows, tile_vectors, lanes] of a stretch of channels. With `goes_on`, what
 * follows these rows in memory is next. */
SIMD_INLINE void add_products(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                              size_t channels, int goes_on, float *sum)
{
    size_t groups = groups_of(n_vectors), tile = tile_rows * tile_vectors * lanes;
    size_t near = n <= most_near ? n : (size_t)near_rows;
    for (size_t first = 0; first < n; first += near)
        for (size_t g = 0; g < groups; g++) {
            const float *v = vector + g * tile_vectors * p;
            size_t left = n_vectors - g * tile_vectors;
            if (channels == stretch && left >= 2 * tile_vectors)
                fetch(v + tile_vectors * p, p, tile_vectors);
            for (size_t r = first; r < n && r < first + near; r += tile_rows) {
                float *s = sum + (r / tile_rows * groups + g) * tile;
                size_t turn = (r - first) / tile_rows + g * near / tile_rows;
                const float *next = goes_on ? rows + (first + (turn < near ? near + turn : 0)) * stretch : NULL;
                if (left >= tile_vectors)
                    multiply(rows + r * stretch, v, p, channels, tile_vectors, next, s);
                else
                    for (size_t k = 0; k < left; k++)
                        multiply(rows + r * stretch, v + k * p, p, channels, 1, next, s + k * lanes);
            }
        }
}

SIMD_CLONES static void add_stretch(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p,
                                    size_t channels, float *sum)
{
    add_products(n, rows, n_vectors, vector, p, channels, 0, sum);
}

SIMD_CLONES static void add_panel_stretch(size_t n, const float *rows, size_t n_vectors, const float *vector,
                                          size_t channels, float *sum)
{
    add_products(n, rows, n_vectors, vector, stretch, channels, 1, sum);
}

static void collect(size_t n, size_t n_vectors, const float *sum, double *product)
{
    size_t groups = groups_of(n_vectors);
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < n_vectors; k++) {
            size_t tile = r / tile_rows * groups + k / tile_vectors;
            const float *s = sum + ((tile * tile_rows + r % tile_rows) * tile_vectors + k % tile_vectors) * lanes;
            double total = 0;
            for (size_t i = 0; i < lanes; i++)
                total += s[i];
            product[r * n_vectors + k] = total;
        }
}

static size_t rounded(size_t n)
{
    return (n + tile_rows - 1) / tile_rows * tile_rows;
}

static size_t channels_at(size_t first, size_t p)
{
    return p - first < stretch ? p - first : (size_t)stretch;
}

void projection_scores(size_t n, size_t p, const float *rows, const double *mean, size_t n_vectors, const float *vector,
                       double *score, float *scratch)
{
    size_t whole = rounded(n);
    float *close = scratch, *sum = scratch + PROJECTION_ROWS * stretch;
    memset(close + n * stretch, 0, (whole - n) * stretch * sizeof *close);
    memset(sum, 0, whole * groups_of(n_vectors) * tile_vectors * lanes * sizeof *sum);
    for (size_t first = 0; first < p; first += stretch) {
        size_t channels = channels_at(first, p);
        centre(n, p, rows + first, mean + first, channels, close);
        add_stretch(whole, close, n_vectors, vector + first, p, channels, sum);
    }
    collect(n, n_vectors, sum, score);
}

static size_t stretches_in(size_t p)
{
    return (p + stretch - 1) / stretch;
}

size_t projection_panel(size_t p)
{
    return stretches_in(p) * stretch * PROJECTION_ROWS;
}

size_t projection_place(size_t p, size_t row, size_t first)
{
    return row / PROJECTION_ROWS * projection_panel(p) + first * PROJECTION_ROWS + row % PROJECTION_ROWS * stretch;
}

size_t projection_stretched(size_t n_vectors, size_t p)
{
    return stretches_in(p) * stretch * n_vectors;
}

/* One row's stretch, in place, with eight sums of squares. */
SIMD_CLONES static void centre_stretch(size_t channels, const double *mean, float *restrict row, double *restrict part)
{
    size_t whole = channels - channels % SIMD_DOUBLES;
    for (size_t c = 0; c < whole; c += SIMD_DOUBLES)
        for (size_t k = 0; k < SIMD_DOUBLES; k++) {
            double rest = row[c + k] - mean[c + k];
            row[c + k] = (float)rest;
            part[k] += rest * rest;
        }
    for (size_t c = whole; c < channels; c++) {
        double rest = row[c] - mean[c];
        row[c] = (float)rest;
        part[c - whole] += rest * rest;
    }
}

double projection_centre(size_t n, size_t p, const double *mean, float *panel)
{
    double part[SIMD_DOUBLES] = {0}, sum = 0;
    for (size_t first = 0; first < p; first += stretch) {
        float *rows = panel + first * PROJECTION_ROWS;
        for (size_t r = 0; r < n; r++)
            centre_stretch(channels_at(first, p), mean + first, rows + r * stretch, part);
        memset(rows + n * stretch, 0, (PROJECTION_ROWS - n) * stretch * sizeof *rows);
    }
    for (size_t k = 0; k < SIMD_DOUBLES; k++)
        sum += part[k];
    return sum;
}

void projection_forth(size_t n, size_t p, const float *panel, size_t n_vectors, const float *vector, double *product,
                      float *scratch)
{
    memset(scratch, 0, rounded(n) * groups_of(n_vectors) * tile_vectors * lanes * sizeof *scratch);
    for (size_t first = 0; first < p; first += stretch)
        add_panel_stretch(rounded(n), panel + first * PROJECTION_ROWS, n_vectors, vector + first * n_vectors,
                          channels_at(first, p), scratch);
    collect(n, n_vectors, scratch, product);
}

/* sum[n_weights, stretch] of at most four weights, some registers of channels wide: += weightᵀ rows. */
SIMD_INLINE void add_weighted(size_t n, const float *rows, size_t stride, size_t n_weights, const float *weight,
                              size_t registers, float *sum)
{
    wide total[tile_rows][tile_vectors];
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            total[k][c] = AT(sum + k * stretch + c * lanes);
    for (size_t r = 0; r < n; r++) {
        wide x[tile_vectors];
        for (size_t c = 0; c < registers; c++)
            x[c] = AT(rows + r * stretch + c * lanes);
        for (size_t k = 0; k < n_weights; k++)
            for (size_t c = 0; c < registers; c++)
                total[k][c] += weight[r * stride + k] * x[c];
    }
    for (size_t k = 0; k < n_weights; k++)
        for (size_t c = 0; c < registers; c++)
            PLACE(sum + k * stretch + c * lanes) = total[k][c];
}

SIMD_INLINE void add_all_weighted(size_t n, const float *rows, size_t n_weights, const float *weight, size_t registers,
                                  float *sum)
{
    size_t k = 0;
    for (; k + tile_rows <= n_weights; k += tile_rows)
        add_weighted(n, rows, n_weights, tile_rows, weight + k, registers, sum + k * stretch);
    for (; k < n_weights; k++)
        add_weighted(n, rows, n_weights, 1, weight + k, registers, sum + k * stretch);
}

SIMD_CLONES static void add_back(size_t n, const float *rows, size_t channels, size_t n_weights, const float *weight,
                                 float *sum)
{
    enum { group = tile_vectors * lanes };
    size_t c = 0;
    for (; c + group <= channels; c += group)
        add_all_weighted(n, rows + c, n_weights, weight, tile_vectors, sum + c);
    for (; c + lanes <= channels; c += lanes)
        add_all_weighted(n, rows + c, n_weights, weight, 1, sum + c);
    for (; c < channels; c++)
        for (size_t r = 0; r < n; r++)
            for (size_t k = 0; k < n_weights; k++)
                sum[k * stretch + c] += weight[r * n_weights + k] * rows[r * stretch + c];
}

void projection_back(size_t n, size_t p, const float *panel, size_t n_weights, const float *weight, float *sum)
{
    for (size_t first = 0; first < p; first += stretch)
        add_back(n, panel + first * PROJECTION_ROWS, channels_at(first, p), n_weights, weight, sum + first * n_weights);
}

SIMD_CLONES double projection_squares(size_t p, const float *row, const double *mean)
{
    enum { parts = 4 * SIMD_DOUBLES };
    double part[parts] = {0}, sum = 0;
    size_t whole = p - p % parts;
    for (size_t i = 0; i < whole; i += parts)
        for (size_t k = 0; k < parts; k++) {
            double d = row[i + k] - mean[i + k];
            part[k] += d * d;
        }
    for (size_t i = whole; i < p; i++) {
        double d = row[i] - mean[i];
        part[i - whole] += d * d;
    }
    for (size_t k = 0; k < parts; k++)
        sum += part[k];
    return sum;
}
