/* log(1 + |x|) with the sign of x: compresses intensities that span many powers of ten. After baseline correction some
 * are negative, and log(1 + x) is not defined below -1: they keep their sign, as in sqrt, so that noise about zero
 * stays about zero. With an offset, x is taken relative to that share of the row's mean |x|, so that the unit of the
 * intensities and the gain of the detector play no part.
 *
 * 1 + u = s + e exactly, and s = 2^k m with m in [1/sqrt(2), sqrt(2)), so that log(1 + u) = k log(2) + log(1 + f), f =
 * m - 1 + 2^-k e, and log(1 + f) is approximated by a polynomial. If k = 0, f is u itself, and a small u keeps its
 * relative precision. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "base/simd.h"
#include "base/sums.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* (log(1 + f) - f + f^2 / 2) / f^3, with a relative error of log(1 + f) below 1e-9 for f in [1/sqrt(2) - 1, sqrt(2) -
 * 1]: a minimax fit by iteratively reweighted least squares (Lawson's algorithm). */
#define POLYNOMIAL(f)                                                                                                  \
    (0.333333135F +                                                                                                    \
     f * (-0.250000089F +                                                                                              \
          f * (0.200021192F +                                                                                          \
               f * (-0.166679963F +                                                                                    \
                    f * (0.142195523F +                                                                                \
                         f * (-0.124055892F + f * (0.118881628F + f * (-0.116756514F + f * 0.0674663857F))))))))

/* log(2) in two parts: k times the first is exact. */
static const float log2_high = 0.693145752F, log2_low = 1.42860677e-6F;

static const int32_t root_half = 0x3f3504f3; /* the bits of 1/sqrt(2) */

enum { mantissa_bits = 23, exponent_bias = 127, max_scaled = 126 };

SIMD_INLINE int32_t bits_of(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

SIMD_INLINE float float_of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* NaN and infinity become NaN (through e). */
SIMD_INLINE float log1p_of(float u)
{
    float large = u < 1 ? 1 : u, small = u < 1 ? u : 1;
    float s = large + small, e = small - (s - large);
    int32_t from_root = bits_of(s) - root_half, k = from_root >> mantissa_bits;
    float m = float_of_bits((from_root & ((1 << mantissa_bits) - 1)) + root_half);
    float f = m - 1 + e * float_of_bits((exponent_bias - (k < max_scaled ? k : max_scaled)) << mantissa_bits);
    float square = f * f, exponent = (float)k;
    float rest = exponent * log2_low - square * (0.5F - f * POLYNOMIAL(f));
    return exponent * log2_high + (f + rest);
}

static const step_parameter parameters[] = {
    {.name = "offset", .low = 1e-6, .high = 1e6, .words = "none", .fallback_word = "none"},
};

SIMD_CLONES static void logarithms(const float *row, float factor, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = copysignf(log1p_of(fabsf(row[i]) * factor), row[i]);
}

/* The state is the offset; NULL without one. */
static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)in;
    (void)reference;
    *state = NULL;
    if (values[0].word)
        return ADAMAS_OK;
    double *offset = memory_new(1, sizeof *offset);
    if (!offset)
        return status_no_memory(error);
    *offset = values[0].number;
    *state = offset;
    return ADAMAS_OK;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)scratch;
    const double *offset = state;
    double unit = offset ? *offset * sums_absolute(row, in->n) / (double)in->n : 1;
    float factor = (float)(1 / unit);
    if (!(unit > 0) || !(factor > 0)) {
        row_set_nan(out, in->n);
        return;
    }
    logarithms(row, factor, out, in->n);
    row_check(out, in->n);
}

const step log1p_step = {
    .name = "log1p",
    .summary = "log(1 + |x|), the sign kept; offset: |x| in units of offset times the row's mean |x|",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .apply = apply,
};
