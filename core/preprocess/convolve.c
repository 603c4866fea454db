/* Convolution along a row; the arithmetic is in convolve_kernel.c. */
#include "preprocess/convolve.h"

#include "base/memory.h"
#include "preprocess/convolve_kernel.h"

taps *taps_new(size_t half)
{
    taps *t = memory_new(1, sizeof *t + (half + 1) * sizeof *t->weights);
    if (t)
        t->half = half;
    return t;
}

void convolve(const taps *t, const float *in, float *out, size_t n)
{
    SIMD_WIDEST(convolve_kernel, t, in, out, n);
}
