/* exp() of a vector of float32, where libm's, one number after the other, would cost more than all the rest. */
#ifndef BASE_EXPONENTIAL_H
#define BASE_EXPONENTIAL_H

#include "base/lanes.h"

/* x becomes e^x to a relative 3e-7, in functions marked SIMD_CLONES. x is taken from -87 ... most, the nearer end where
 * it lies outside; most is not above 88, so the result is a normal number (what is not slows some processors down).
 *
 * With k the whole number next to x / ln 2, e^x = 2^k e^(x - k ln 2); on what is left, +-ln 2 / 2, a polynomial whose
 * largest relative error is least (2e-9). Adding 1.5 x 2^23 rounds to a whole number and leaves it in the low bits. ln
 * 2 is in two parts, the first of so few bits that its product with k is exact (Cody & Waite 1980). */
SIMD_INLINE void exponential(lanes_floats *x, float most)
{
    const float rounder = 12582912, log2_e = 1.44269504f, ln_2 = 0.693359375f, rest_of_ln_2 = -2.12194440e-4f;
    lanes_limit(x, -87, most);
    lanes_floats shifted = *x * log2_e + rounder;
    lanes_floats k = shifted - rounder;
    lanes_floats r = (*x - k * ln_2) - k * rest_of_ln_2;
    lanes_floats p = 0.0013836792808050212f * r + 0.008374857250243043f;
    p = p * r + 0.04166822871602242f;
    p = p * r + 0.16666419678389435f;
    p = p * r + 0.49999992055900744f;
    p = p * r + 1.0000000364314736f;
    p = p * r + 1.0000000005563914f;
    *x = (lanes_floats)((lanes_half_words)p + ((lanes_half_words)shifted << 23));
}

#endif
