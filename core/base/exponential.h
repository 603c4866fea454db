/* exp() of a vector, where libm's, one number after the other, would cost more than all the rest. */
#ifndef BASE_EXPONENTIAL_H
#define BASE_EXPONENTIAL_H

#include "base/lanes.h"

/* x becomes e^x to a relative 2e-12, in functions marked SIMD_CLONES. x is taken from -708 ... 709, the nearer end
 * where it lies outside, so the result is finite and above 0; NaN remains.
 *
 * With k the whole number next to x / ln 2, e^x = 2^k e^(x - k ln 2); on what is left, +-ln 2 / 2, a polynomial whose
 * largest relative error is least (8e-13). Adding 1.5 x 2^52 rounds to a whole number and leaves it in the low bits. */
SIMD_INLINE void exponential(simd_doubles *x)
{
    const double rounder = 6755399441055744.0, log2_e = 1.4426950408889634, ln_2 = 0.6931471805599453;
    simd_doubles within = *x;
    lanes_limit(&within, -708, 709);
    simd_doubles shifted = within * log2_e + rounder;
    simd_doubles r = within - (shifted - rounder) * ln_2;
    simd_doubles p = 2.4727114736368405e-05 * r + 0.0001991543484225273;
    p = p * r + 0.0013889178922085578;
    p = p * r + 0.008333267009577728;
    p = p * r + 0.04166666421798672;
    p = p * r + 0.16666666885555825;
    p = p * r + 0.5000000000618587;
    p = p * r + 0.9999999999806088;
    p = p * r + 0.9999999999997622;
    *x = (simd_doubles)((simd_words)p + ((simd_words)shifted << 52));
}

#endif
