/* exp() of vectors of float32, for kernels in which calling libm for each number would cost more than all the rest. */
#ifndef BASE_EXPONENTIAL_H
#define BASE_EXPONENTIAL_H

#include "base/lanes.h"

/* p = p r + c, of n vectors side by side. */
SIMD_INLINE void exponential_term(size_t n, lanes_floats *p, const lanes_floats *r, float c)
{
#pragma GCC unroll 2
    for (size_t i = 0; i < n; i++)
        p[i] = p[i] * r[i] + c;
}

/* x[n], one or two vectors, becomes e^x to a relative 3e-7, in kernels. x is clamped to -87 ... max, and max is
 * not above 88, so that the result is a normal number (subnormal ones slow some processors down). Each operation
 * depends on the one before it: two interleaved vectors hide the latency.
 *
 * With k the whole number next to x / ln 2, e^x = 2^k e^(x - k ln 2); on the rest, within +-ln 2 / 2, the minimax
 * polynomial (relative error 2e-9). Adding 1.5 x 2^23 rounds to a whole number and leaves it in the low bits. ln
 * 2 is in two parts, the first of so few bits that its product with k is exact (Cody & Waite 1980). */
SIMD_INLINE void exponential(size_t n, lanes_floats *x, float max)
{
    const float rounder = 12582912, log2_e = 1.44269504f, ln_2 = 0.693359375f, rest_of_ln_2 = -2.12194440e-4f;
    lanes_floats shifted[2], r[2], p[2];
#pragma GCC unroll 2
    for (size_t i = 0; i < n; i++) {
        lanes_clamp(&x[i], -87, max);
        shifted[i] = x[i] * log2_e + rounder;
        lanes_floats k = shifted[i] - rounder;
        r[i] = (x[i] - k * ln_2) - k * rest_of_ln_2;
        p[i] = 0.0013836792808050212f * r[i] + 0.008374857250243043f;
    }
    exponential_term(n, p, r, 0.04166822871602242f);
    exponential_term(n, p, r, 0.16666419678389435f);
    exponential_term(n, p, r, 0.49999992055900744f);
    exponential_term(n, p, r, 1.0000000364314736f);
    exponential_term(n, p, r, 1.0000000005563914f);
#pragma GCC unroll 2
    for (size_t i = 0; i < n; i++)
        x[i] = (lanes_floats)((lanes_half_words)p[i] + ((lanes_half_words)shifted[i] << 23));
}

#endif
