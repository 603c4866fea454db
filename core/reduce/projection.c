#include "reduce/projection.h"

#include "base/simd.h"
#include "reduce/projection_kernel.h"

#include <string.h>

enum { tile_vectors = PROJECTION_TILE_VECTORS, lanes = PROJECTION_LANES };

/* Channels of a stretch: some rows of it and three vectors stay in the first cache. */
enum { stretch = PROJECTION_CHANNELS };

size_t projection_scratch(size_t n_vectors)
{
    return PROJECTION_ROWS * (stretch + projection_groups(n_vectors) * tile_vectors * (size_t)lanes);
}

/* Rows less the mean, of which float32 is twice: its nearest number, and what that leaves. */
SIMD_CLONES static void centre(size_t n, size_t p, const float *restrict rows, const double *mean, size_t channels,
                               float *restrict out)
{
    _Alignas(64) float nearest[stretch], rest[stretch];
    for (size_t c = 0; c < channels; c++) {
        nearest[c] = (float)mean[c];
        rest[c] = (float)(mean[c] - nearest[c]);
    }
    for (size_t r = 0; r < n; r++) {
        if (r + PROJECTION_AHEAD < n)
            projection_prefetch(rows + (r + PROJECTION_AHEAD) * p, p, 1);
        for (size_t c = 0; c < channels; c++)
            out[r * stretch + c] = rows[r * p + c] - nearest[c] - rest[c];
    }
}

static void collect(size_t n, size_t n_vectors, const float *sum, double *product)
{
    size_t apart = projection_groups(n_vectors) * tile_vectors * lanes;
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < n_vectors; k++) {
            const float *s = sum + r * apart + k * lanes;
            double part[4] = {0}; /* one addition need not wait for the last */
            for (size_t i = 0; i < lanes; i++)
                part[i % 4] += s[i];
            product[r * n_vectors + k] = (part[0] + part[1]) + (part[2] + part[3]);
        }
}

static size_t channels_at(size_t first, size_t p)
{
    return p - first < stretch ? p - first : (size_t)stretch;
}

void projection_scores(size_t n, size_t p, const float *rows, const double *mean, size_t n_vectors, const float *vector,
                       double *score, float *scratch)
{
    float *close = scratch, *sum = scratch + PROJECTION_ROWS * stretch;
    memset(sum, 0, n * projection_groups(n_vectors) * tile_vectors * lanes * sizeof *sum);
    for (size_t first = 0; first < p; first += stretch) {
        size_t channels = channels_at(first, p);
        centre(n, p, rows + first, mean + first, channels, close);
        SIMD_WIDEST(projection_kernel, n, close, n_vectors, vector + first, p, channels, 0, sum);
    }
    collect(n, n_vectors, sum, score);
}

static size_t stretches_in(size_t p)
{
    return (p + stretch - 1) / stretch;
}

size_t projection_panel_floats(size_t p)
{
    return stretches_in(p) * stretch * PROJECTION_ROWS;
}

size_t projection_offset(size_t p, size_t row, size_t first)
{
    return row / PROJECTION_ROWS * projection_panel_floats(p) + first * PROJECTION_ROWS +
           row % PROJECTION_ROWS * stretch;
}

size_t projection_blocked_floats(size_t n_vectors, size_t p)
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
    }
    for (size_t k = 0; k < SIMD_DOUBLES; k++)
        sum += part[k];
    return sum;
}

void projection_multiply(size_t n, size_t p, const float *panel, size_t n_vectors, const float *vector, double *product,
                         float *scratch)
{
    memset(scratch, 0, n * projection_groups(n_vectors) * tile_vectors * lanes * sizeof *scratch);
    for (size_t first = 0; first < p; first += stretch)
        SIMD_WIDEST(projection_kernel, n, panel + first * PROJECTION_ROWS, n_vectors, vector + first * n_vectors,
                    stretch, channels_at(first, p), 1, scratch);
    collect(n, n_vectors, scratch, product);
}

void projection_multiply_transposed(size_t n, size_t p, const float *panel, size_t n_weights, const float *weight,
                                    float *sum)
{
    for (size_t first = 0; first < p; first += stretch)
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
