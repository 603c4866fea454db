/* Reciprocals and inverse roots of float32 by Newton's method: to 2e-7, at half the cost of a division or a root. The
 * bits of a float, read as an integer, are close to a linear function of its logarithm. Subtracted from a constant
 * (that of the root is Lomont's, 2003) they give a first guess within 5 %, and each step squares its relative error.
 * For positive normal numbers. */
#ifndef BASE_INVERSE_H
#define BASE_INVERSE_H

#include "base/simd.h"

#include <stdint.h>
#include <string.h>

enum { INVERSE_STEPS = 3, INVERSE_GUESS = 0x7ef311c3 };

SIMD_INLINE float inverse_of(float x)
{
    uint32_t bits;
    float inverse;
    memcpy(&bits, &x, sizeof bits);
    bits = INVERSE_GUESS - bits;
    memcpy(&inverse, &bits, sizeof inverse);
#pragma GCC unroll 3
    for (int i = 0; i < INVERSE_STEPS; i++)
        inverse *= 2 - x * inverse;
    return inverse;
}

SIMD_INLINE float inverse_root_of(float x)
{
    uint32_t bits;
    float root, half = 0.5f * x;
    memcpy(&bits, &x, sizeof bits);
    bits = 0x5f375a86 - (bits >> 1);
    memcpy(&root, &bits, sizeof root);
#pragma GCC unroll 3
    for (int i = 0; i < INVERSE_STEPS; i++)
        root *= 1.5f - half * root * root;
    return root;
}

#endif
