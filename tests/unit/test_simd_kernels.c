/* The kernels for each width of SIMD vectors that this processor has, against sums in float64. Those of banded, folded
 * and penalised systems are tested with the rest of these. */
#include "base/memory.h"
#include "preprocess/align_kernel.h"
#include "preprocess/convolve.h"
#include "preprocess/convolve_kernel.h"
#include "preprocess/folded.h"
#include "preprocess/resample_kernel.h"
#include "reduce/projection.h"
#include "reduce/projection_kernel.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct kernels {
    int bytes;
    void (*align)(size_t records, const float *lines, const float *reference, size_t max_lag, double *sum);
    void (*convolve)(const taps *t, const float *in, float *out, size_t n);
    void (*project)(size_t n, const float *rows, size_t n_vectors, const float *vector, size_t p, size_t channels,
                    int goes_on, float *sum);
    void (*back)(size_t n, const float *rows, size_t channels, size_t n_weights, const float *weight, float *sum);
    void (*between)(const float *near, size_t apart, const float *in, const float *growth, size_t n, float f,
                    float *out);
} kernels;

static const kernels widths[] = {
    {16, align_kernel_16, convolve_kernel_16, projection_kernel_16, projection_transposed_kernel_16,
     resample_between_16},
#ifdef SIMD_WIDER
    {32, align_kernel_32, convolve_kernel_32, projection_kernel_32, projection_transposed_kernel_32,
     resample_between_32},
    {64, align_kernel_64, convolve_kernel_64, projection_kernel_64, projection_transposed_kernel_64,
     resample_between_64},
#endif
};

#define EACH_WIDTH(w)                                                                                                  \
    for (const kernels *w = widths; w < widths + sizeof widths / sizeof *widths && w->bytes <= simd_bytes(); w++)

static float *numbers(size_t n, size_t turn)
{
    float *x = memory_raw(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)((i * i + turn * i) % 101) - 50;
    return x;
}

static const double rounding = 0x1p-24;

Test(kernels, lags)
{
    EACH_WIDTH(w)
    for (size_t records = 13; records < 600; records += 97)
        for (size_t most = 1; most <= 40 && most + ALIGN_UNROLL <= records; most += 13) {
            size_t margin = (most + ALIGN_UNROLL) * FOLDED_LANES, all = records * FOLDED_LANES;
            float *lines = numbers(all, 3), *reference = numbers(all + 2 * margin, 5);
            double sum[100];
            w->align(records, lines, reference + margin, most, sum);
            for (size_t k = 0; k <= 2 * most; k++) {
                double expected = 0, size = 0;
                for (size_t i = 0; i < all; i++) {
                    double term = (double)lines[i] * reference[margin + i - (k - most) * FOLDED_LANES];
                    expected += term;
                    size += fabs(term);
                }
                cr_assert_float_eq(sum[k], expected, 4 * rounding * size, "%d bytes, %zu records, lag %zu of %zu",
                                   w->bytes, records, k, most);
            }
            free(lines);
            free(reference);
        }
}

Test(kernels, convolution)
{
    EACH_WIDTH(w)
    for (size_t half = 0; half <= 12; half++)
        for (size_t n = 1; n < 1200; n += 149)
            for (int odd = 0; odd < 2; odd++) {
                taps *t = taps_new(half);
                float *in = numbers(n + 2 * half, 7), *out = memory_raw(n, sizeof *out);
                t->odd = odd;
                for (size_t k = 0; k <= half; k++)
                    t->weights[k] = odd && k == 0 ? 0 : (float)(1 + k % 3) / 7;
                w->convolve(t, in + half, out, n);
                for (size_t i = 0; i < n; i++) {
                    double expected = t->weights[0] * in[i + half], size = fabs(expected);
                    for (size_t k = 1; k <= half; k++) {
                        double left = in[i + half - k], right = in[i + half + k];
                        expected += t->weights[k] * (odd ? right - left : right + left);
                        size += t->weights[k] * (fabs(left) + fabs(right));
                    }
                    cr_assert_float_eq(out[i], expected, 4 * rounding * size, "%d bytes, half %zu, channel %zu of %zu",
                                       w->bytes, half, i, n);
                }
                free(t);
                free(in);
                free(out);
            }
}

/* Rows [n, PROJECTION_CHANNELS] of as many channels, times vectors [m, PROJECTION_CHANNELS], and weights [n, m] times
 * them.
 */
static void check_projection(const kernels *w, size_t n, size_t m, size_t channels)
{
    enum { p = PROJECTION_CHANNELS, lanes = PROJECTION_LANES };
    size_t apart = projection_groups(m) * PROJECTION_TILE_VECTORS * lanes;
    float *rows = numbers(2 * n * p, 3), *vector = numbers(m * p, 11), *weight = numbers(n * m, 1);
    float *sum = memory_new(n * apart, sizeof *sum), *back = memory_new(m, p * sizeof *back);
    w->project(n, rows, m, vector, p, channels, (int)(m % 2), sum);
    w->back(n, rows, channels, m, weight, back);
    for (size_t k = 0; k < m; k++) {
        for (size_t r = 0; r < n; r++) {
            double expected = 0, size = 0, found = 0;
            for (size_t c = 0; c < channels; c++) {
                expected += (double)rows[r * p + c] * vector[k * p + c];
                size += fabs((double)rows[r * p + c] * vector[k * p + c]);
            }
            for (size_t l = 0; l < lanes; l++)
                found += sum[r * apart + k * lanes + l];
            cr_assert_float_eq(found, expected, 4 * rounding * size, "%d bytes, row %zu, vector %zu", w->bytes, r, k);
        }
        for (size_t c = 0; c < channels; c++) {
            double expected = 0, size = 0;
            for (size_t r = 0; r < n; r++) {
                expected += (double)weight[r * m + k] * rows[r * p + c];
                size += fabs((double)weight[r * m + k] * rows[r * p + c]);
            }
            cr_assert_float_eq(back[k * p + c], expected, 4 * rounding * size, "%d bytes, vector %zu, channel %zu",
                               w->bytes, k, c);
        }
    }
    free(rows);
    free(vector);
    free(weight);
    free(sum);
    free(back);
}

Test(kernels, projection)
{
    static const size_t channels[] = {1, 15, 16, 37, PROJECTION_CHANNELS};
    EACH_WIDTH(w)
    for (size_t n = 1; n <= PROJECTION_ROWS; n += n < 5 ? 1 : 3)
        for (size_t m = 1; m <= 13; m += m < 4 ? 1 : 3)
            for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
                check_projection(w, n, m, channels[i]);
}

/* The slope at edge j less the pixel after it. */
static double rise_at(const float *near, size_t apart, const float *x, size_t j)
{
    const float *y = x + j;
    double last = *(y - 1);
    return (double)near[j] * (*(y - 2) - y[0]) + (double)near[apart + j] * (last - y[0]) +
           (double)near[2 * apart + j] * (y[1] - y[0]);
}

static double part_at(const float *near, size_t apart, const float *x, size_t j, double f)
{
    double rise = rise_at(near, apart, x, j), next = rise_at(near, apart, x, j + 1);
    return f * x[j] + f * (1 - f) * (1 - f) * rise - f * f * (1 - f) * (next + x[j + 1] - x[j]);
}

Test(kernels, moved_pixels)
{
    enum { most = 600, apart = most + 2, around = 2 };
    float *in = numbers(most + 2 * around + 1, 3), *near = numbers(3 * apart, 5), growth[most], out[most + 1];
    const float f = 0.3F;
    for (size_t i = 0; i < most; i++)
        growth[i] = (float)(i % 11) / 40 - 0.1F;
    for (size_t i = 0; i < 3 * (size_t)apart; i++)
        near[i] /= 100;
    EACH_WIDTH(w)
    for (size_t n = SIMD_FLOATS; n <= most; n += n < 70 ? 1 : 53) {
        const float *x = in + around;
        out[n] = 0.25F;
        w->between(near, apart, x, growth, n, f, out);
        cr_assert_eq(out[n], 0.25F);
        for (size_t i = 0; i < n; i++) {
            double g = growth[i], part = part_at(near, apart, x, i, f), next = part_at(near, apart, x, i + 1, f);
            cr_assert_float_eq(out[i], (x[i] + next - part + g * next) / (1 + f * g), 1e-6 * 200,
                               "%d bytes, %zu of %zu", w->bytes, i, n);
        }
    }
    free(in);
    free(near);
}
