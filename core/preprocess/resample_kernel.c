/* Means between shifted edges of pixels, several channels at a time. */
#include "preprocess/resample_kernel.h"

#include "base/lanes.h"

#define AT(x) (*(const lanes_anywhere *)(x))

/* The arguments of resample_between. */
typedef struct pixels {
    const float *before, *last, *next; /* weights */
    const float *in, *growth;
    float f;
    float *out;
} pixels;

/* The slopes at the edges from j on, less the pixels after them. */
SIMD_INLINE lanes_floats rises(const pixels *p, size_t j)
{
    const lanes_floats here = AT(p->in + j);
    return AT(p->before + j) * (AT(p->in + j - 2) - here) + AT(p->last + j) * (AT(p->in + j - 1) - here) +
           AT(p->next + j) * (AT(p->in + j + 1) - here);
}

/* As resample_part. */
SIMD_INLINE lanes_floats parts(const pixels *p, size_t j, lanes_floats rise, lanes_floats next_rise)
{
    const float f = p->f, left = f * (1 - f) * (1 - f), right = -f * f * (1 - f);
    const lanes_floats here = AT(p->in + j);
    return f * here + left * rise + right * (next_rise + AT(p->in + j + 1) - here);
}

/* As inverse_of. */
SIMD_INLINE lanes_floats inverses(lanes_floats x)
{
    lanes_floats inverse = (lanes_floats)(INVERSE_GUESS - (lanes_half_words)x);
#pragma GCC unroll 3
    for (int i = 0; i < INVERSE_STEPS; i++)
        inverse *= 2 - x * inverse;
    return inverse;
}

/* As resample_mean. */
SIMD_INLINE void store_means(const pixels *p, size_t j, lanes_floats part, lanes_floats next_part)
{
    const lanes_floats growth = AT(p->growth + j);
    *(lanes_anywhere *)(p->out + j) =
        (AT(p->in + j) + (next_part - part + growth * next_part)) * inverses(1 + p->f * growth);
}

/* A shift by one element over two SIMD vectors. */
#define NEXT(i) (i) + 1

SIMD_INLINE lanes_floats next_of(lanes_floats a, lanes_floats b)
{
    return __builtin_shufflevector(a, b, LANES_LIST(NEXT));
}

/* One SIMD vector of channels by itself; slopes and parts are computed twice. */
SIMD_INLINE void means_at(const pixels *p, size_t j)
{
    const lanes_floats next = rises(p, j + 1);
    store_means(p, j, parts(p, j, rises(p, j), next), parts(p, j + 1, next, rises(p, j + 2)));
}

/* In the loop each slope and each part is computed once, and used for the channels before and after it: slopes are
 * computed two SIMD vectors ahead, parts one. The last vectors overlap, so that nothing beyond the end is read. */
void SIMD_NAME(resample_between)(const float *near, size_t stride, const float *in, const float *growth, size_t n,
                                 float f, float *out)
{
    const pixels p = {near, near + stride, near + 2 * stride, in, growth, f, out};
    size_t j = 0;
    if (n >= 3 * LANES) {
        lanes_floats rise = rises(&p, LANES), part = parts(&p, 0, rises(&p, 0), next_of(rises(&p, 0), rise));
        for (; j + 3 * LANES <= n; j += LANES) {
            const lanes_floats later = rises(&p, j + 2 * LANES);
            const lanes_floats next = parts(&p, j + LANES, rise, next_of(rise, later));
            store_means(&p, j, part, next_of(part, next));
            rise = later;
            part = next;
        }
    }
    for (; j + LANES <= n; j += LANES)
        means_at(&p, j);
    if (j < n)
        means_at(&p, n - LANES);
}
