/* log(1 + |x|) with the sign of x: compresses intensities that span many powers of ten. After baseline correction some
 * are negative, and log(1 + x) is not defined below -1: they keep their sign, as in sqrt, so that noise about zero
 * stays about zero.
 *
 * 1 + u = s + e exactly, and s = 2^k m with m in [1/sqrt(2), sqrt(2)), so that log(1 + u) = k log(2) + log(1 + f), f =
 * m - 1 + 2^-k e, and log(1 + f) is approximated by a polynomial. If k = 0, f is u itself, and a small u keeps its
 * relative precision. */
#include "preprocess/steps.h"

#include "base/simd.h"
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

SIMD_CLONES static void logarithms(const float *row, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = copysignf(log1p_of(fabsf(row[i])), row[i]);
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    logarithms(row, out, in->n);
    row_check(out, in->n);
}

const step log1p_step = {
    .name = "log1p",
    .summary = "log(1 + |x|), the sign kept",
    .apply = apply,
};
