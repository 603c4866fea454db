/* Products of rows with vectors, block of channels by block of channels; the arithmetic is in projection_kernel.c. */
#include "reduce/projection.h"

#include "reduce/projection_kernel.h"

#include <string.h>

enum { tile_vectors = PROJECTION_TILE_VECTORS, lanes = PROJECTION_LANES };

enum { block = PROJECTION_CHANNELS };

size_t projection_scratch(size_t n_vectors)
{
    return PROJECTION_ROWS * (block + projection_groups(n_vectors) * tile_vectors * (size_t)lanes);
}

/* Rows less the mean, which is represented by two float32: the nearest one, and the remainder. */
SIMD_CLONES static void centre(size_t n, size_t p, const float *restrict rows, const double *mean, size_t channels,
                               float *restrict out)
{
    _Alignas(64) float nearest[block], rest[block];
    for (size_t c = 0; c < channels; c++) {
        nearest[c] = (float)mean[c];
        rest[c] = (float)(mean[c] - nearest[c]);
    }
    for (size_t r = 0; r < n; r++) {
        if (r + PROJECTION_AHEAD < n)
            projection_prefetch(rows + (r + PROJECTION_AHEAD) * p, p, 1);
        for (size_t c = 0; c < channels; c++)
            out[r * block + c] = rows[r * p + c] - nearest[c] - rest[c];
    }
}

static void collect(size_t n, size_t n_vectors, const float *sum, double *product)
{
    size_t stride = projection_groups(n_vectors) * tile_vectors * lanes;
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < n_vectors; k++) {
            const float *s = sum + r * stride + k * lanes;
            double part[4] = {0}; /* so that additions do not wait for each other */
            for (size_t i = 0; i < lanes; i++)
                part[i % 4] += s[i];
            product[r * n_vectors + k] = (part[0] + part[1]) + (part[2] + part[3]);
        }
}

static size_t channels_at(size_t first, size_t p)
{
    return p - first < block ? p - first : (size_t)block;
}

void projection_scores(size_t n, size_t p, const float *rows, const double *mean, size_t n_vectors, const float *vector,
                       double *score, float *scratch)
{
    float *centred = scratch, *sum = scratch + PROJECTION_ROWS * block;
    memset(sum, 0, n * projection_groups(n_vectors) * tile_vectors * lanes * sizeof *sum);
    for (size_t first = 0; first < p; first += block) {
        size_t channels = channels_at(first, p);
        centre(n, p, rows + first, mean + first, channels, centred);
        SIMD_WIDEST(projection_kernel, n, centred, n_vectors, vector + first, p, channels, 0, sum);
    }
    collect(n, n_vectors, sum, score);
}

static size_t blocks_in(size_t p)
{
    return (p + block - 1) / block;
}

size_t projection_panel_floats(size_t p)
{
    return blocks_in(p) * block * PROJECTION_ROWS;
}

size_t projection_offset(size_t p, size_t row, size_t first)
{
    return row / PROJECTION_ROWS * projection_panel_floats(p) + first * PROJECTION_ROWS + row % PROJECTION_ROWS * block;
}

size_t projection_blocked_floats(size_t n_vectors, size_t p)
{
    return blocks_in(p) * block * n_vectors;
}

/* One row's block, in place, with eight sums of squares. */
SIMD_CLONES static void centre_block(size_t channels, const double *mean, float *restrict row, double *restrict part)
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
    for (size_t first = 0; first < p; first += block) {
        float *rows = panel + first * PROJECTION_ROWS;
        for (size_t r = 0; r < n; r++)
            centre_block(channels_at(first, p), mean + first, rows + r * block, part);
    }
    for (size_t k = 0; k < SIMD_DOUBLES; k++)
        sum += part[k];
    return sum;
}

void projection_multiply(size_t n, size_t p, const float *panel, size_t n_vectors, const float *vector, double *product,
                         float *scratch)
{
    memset(scratch, 0, n * projection_groups(n_vectors) * tile_vectors * lanes * sizeof *scratch);
    for (size_t first = 0; first < p; first += block)
        SIMD_WIDEST(projection_kernel, n, panel + first * PROJECTION_ROWS, n_vectors, vector + first * n_vectors, block,
                    channels_at(first, p), 1, scratch);
    collect(n, n_vectors, scratch, product);
}

void projection_multiply_transposed(size_t n, size_t p, const float *panel, size_t n_weights, const float *weight,
                                    float *sum)
{
    for (size_t first = 0; first < p; first += block)
        SIMD_WIDEST(projection_transposed_kernel, n, panel + first * PROJECTION_ROWS, channels_at(first, p), n_weights,
                    weight, sum + first * n_weights);
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
