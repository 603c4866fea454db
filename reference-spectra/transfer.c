/* Radiative transfer through two zones. */
#include "transfer.h"

#include <stdint.h>
#include <string.h>

static inline int32_t bits_of(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline float of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* exp(-x) for x >= 0 to 2e-7 (Cephes, Moshier): 2^k times a polynomial. Without branches, so that it is vectorised:
 * the bits of positive floats are ordered as the floats are, so their minimum is taken as integers. */
static inline float exp_minus(float x)
{
    int32_t bits = bits_of(x), limit = bits_of(80.0f);
    float t = of_bits(bits < limit ? bits : limit) * -1.44269504f;
    int32_t k = (int32_t)(t - 0.5f);
    float f = (t - (float)k) * 0.693147181f;
    float p = 1.9875691500e-4f;
    p = p * f + 1.3981999507e-3f;
    p = p * f + 8.3334519073e-3f;
    p = p * f + 4.1665795894e-2f;
    p = p * f + 1.6666665459e-1f;
    p = p * f + 5.0000001201e-1f;
    p = p * f * f + f + 1.0f;
    return p * of_bits((k + 127) << 23);
}

void transfer_two_zones(size_t n, const float *b1, const float *tau1, const float *b2, const float *tau2, float *out)
{
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float through = exp_minus(tau2[i]);
        out[i] = b1[i] * (1.0f - exp_minus(tau1[i])) * through + b2[i] * (1.0f - through);
    }
}
