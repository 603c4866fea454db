#include "preprocess/convolve.h"

#include "base/memory.h"
#include "base/simd.h"

#include <string.h>

/* Half a cache line: such loads from any place cross a line half as often as full ones, and crossings are what the
 * time goes on. */
typedef float half_line __attribute__((vector_size(32)));

/* Channels that are summed side by side: four vectors, so that one addition need not wait for the last and a weight is
 * spread over a vector once for all of them. */
enum { width = 8, block = 4 * width };

SIMD_INLINE void join(half_line *sum, float weight, int odd, const float *left, const float *right)
{
    half_line l, r;
    memcpy(&l, left, sizeof l);
    memcpy(&r, right, sizeof r);
    *sum += weight * (odd ? r - l : r + l);
}

/* The two channels that one weight belongs to are joined first: half of the multiplications remain. */
SIMD_INLINE void convolve_block(const float *weights, size_t half, int odd, const float *in, float *out)
{
    half_line a, b, c, d;
    memcpy(&a, in, sizeof a);
    memcpy(&b, in + width, sizeof b);
    memcpy(&c, in + 2 * width, sizeof c);
    memcpy(&d, in + 3 * width, sizeof d);
    a *= weights[0];
    b *= weights[0];
    c *= weights[0];
    d *= weights[0];
    for (size_t k = 1; k <= half; k++) {
        const float *left = in - k, *right = in + k;
        join(&a, weights[k], odd, left, right);
        join(&b, weights[k], odd, left + width, right + width);
        join(&c, weights[k], odd, left + 2 * width, right + 2 * width);
        join(&d, weights[k], odd, left + 3 * width, right + 3 * width);
    }
    memcpy(out, &a, sizeof a);
    memcpy(out + width, &b, sizeof b);
    memcpy(out + 2 * width, &c, sizeof c);
    memcpy(out + 3 * width, &d, sizeof d);
}

SIMD_INLINE float convolve_one(const float *weights, size_t half, int odd, const float *in)
{
    float sum = in[0] * weights[0];
    for (size_t k = 1; k <= half; k++) {
        float left = *(in - k), right = in[k];
        sum += weights[k] * (odd ? right - left : right + left);
    }
    return sum;
}

SIMD_INLINE void convolve_all(const float *weights, size_t half, int odd, const float *in, float *out, size_t n)
{
    size_t i = 0;
    for (; i + block <= n; i += block)
        convolve_block(weights, half, odd, in + i, out + i);
    for (; i < n; i++)
        out[i] = convolve_one(weights, half, odd, in + i);
}

SIMD_CLONES void convolve(const taps *t, const float *in, float *out, size_t n)
{
    if (t->odd)
        convolve_all(t->weights, t->half, 1, in, out, n);
    else
        convolve_all(t->weights, t->half, 0, in, out, n);
}

taps *taps_new(size_t half)
{
    taps *t = memory_new(1, sizeof *t + (half + 1) * sizeof *t->weights);
    if (t)
        t->half = half;
    return t;
}

size_t convolve_longest(const axis *in)
{
    size_t longest = 0;
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t n = in->first[s + 1] - in->first[s];
        longest = n > longest ? n : longest;
    }
    return longest;
}
