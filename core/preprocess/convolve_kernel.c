/* Convolution with symmetric or antisymmetric weights, several taps in each pass. */
#include "preprocess/convolve_kernel.h"

/* Taps of each side that are summed in one pass, and channels of a block, which stays in the L1 cache between
 * passes. */
enum { taps_per_pass = 5, block = 1024 };

/* The two channels of a weight are added first, which halves the multiplications. */
SIMD_INLINE float pair(int odd, float left, float right)
{
    return odd ? right - left : right + left;
}

/* out = the sum over the middle tap and `count` taps on each side; count is a constant in each call. */
SIMD_INLINE void start(const float *restrict weights, size_t count, int odd, const float *restrict in,
                       float *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float sum = weights[0] * in[i];
#pragma GCC unroll 5
        for (size_t k = 1; k <= count; k++)
            sum += weights[k] * pair(odd, *(in + i - k), in[i + k]);
        out[i] = sum;
    }
}

/* Adds taps k ... k + taps_per_pass - 1 of each side. */
SIMD_INLINE void add(const float *restrict weights, size_t k, int odd, const float *restrict in, float *restrict out,
                     size_t n)
{
    const float *left = in - k, *right = in + k;
    for (size_t i = 0; i < n; i++) {
        float sum = out[i];
#pragma GCC unroll 5
        for (size_t j = 0; j < taps_per_pass; j++)
            sum += weights[k + j] * pair(odd, *(left + i - j), right[i + j]);
        out[i] = sum;
    }
}

/* The first pass sums as many taps as leave a multiple of taps_per_pass for the others. Returns how many. */
SIMD_INLINE size_t start_block(const taps *t, int odd, const float *in, float *out, size_t n)
{
    switch (t->half % taps_per_pass) {
    case 1:
        start(t->weights, 1, odd, in, out, n);
        return 1;
    case 2:
        start(t->weights, 2, odd, in, out, n);
        return 2;
    case 3:
        start(t->weights, 3, odd, in, out, n);
        return 3;
    case 4:
        start(t->weights, 4, odd, in, out, n);
        return 4;
    default:
        if (t->half > 0)
            start(t->weights, taps_per_pass, odd, in, out, n);
        else
            start(t->weights, 0, odd, in, out, n);
        return t->half > 0 ? taps_per_pass : 0;
    }
}

SIMD_INLINE void convolve_all(const taps *t, int odd, const float *in, float *out, size_t n)
{
    for (size_t i = 0; i < n; i += block) {
        size_t some = n - i < block ? n - i : block;
        size_t done = start_block(t, odd, in + i, out + i, some);
        for (; done < t->half; done += taps_per_pass)
            add(t->weights, done + 1, odd, in + i, out + i, some);
    }
}

void SIMD_NAME(convolve_kernel)(const taps *t, const float *in, float *out, size_t n)
{
    if (t->odd)
        convolve_all(t, 1, in, out, n);
    else
        convolve_all(t, 0, in, out, n);
}
