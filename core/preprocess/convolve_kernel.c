#include "preprocess/convolve_kernel.h"

/* Taps of each side that are summed in one pass, and channels that stay in the cache from one pass to the next. */
enum { at_once = 5, block = 1024 };

/* The two channels that a weight belongs to are joined first: half of the multiplications remain. */
SIMD_INLINE float join(int odd, float left, float right)
{
    return odd ? right - left : right + left;
}

/* out = the middle tap and `count` taps on each side, a constant wherever this is called. */
SIMD_INLINE void start(const float *restrict weights, size_t count, int odd, const float *restrict in,
                       float *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float sum = weights[0] * in[i];
#pragma GCC unroll 5
        for (size_t k = 1; k <= count; k++)
            sum += weights[k] * join(odd, *(in + i - k), in[i + k]);
        out[i] = sum;
    }
}

/* Adds taps k ... k + at_once - 1 of each side. */
SIMD_INLINE void add(const float *restrict weights, size_t k, int odd, const float *restrict in, float *restrict out,
                     size_t n)
{
    const float *left = in - k, *right = in + k;
    for (size_t i = 0; i < n; i++) {
        float sum = out[i];
#pragma GCC unroll 5
        for (size_t j = 0; j < at_once; j++)
            sum += weights[k + j] * join(odd, *(left + i - j), right[i + j]);
        out[i] = sum;
    }
}

/* The first pass takes the taps that leave whole passes. */
SIMD_INLINE size_t start_block(const taps *t, int odd, const float *in, float *out, size_t n)
{
    switch (t->half % at_once) {
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
            start(t->weights, at_once, odd, in, out, n);
        else
            start(t->weights, 0, odd, in, out, n);
        return t->half > 0 ? at_once : 0;
    }
}

SIMD_INLINE void convolve_all(const taps *t, int odd, const float *in, float *out, size_t n)
{
    for (size_t i = 0; i < n; i += block) {
        size_t some = n - i < block ? n - i : block;
        size_t done = start_block(t, odd, in + i, out + i, some);
        for (; done < t->half; done += at_once)
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
