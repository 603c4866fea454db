#include "preprocess/resample_kernel.h"

#include "base/lanes.h"

#define AT(x) (*(const lanes_anywhere *)(x))

/* What is known of all pixels. */
typedef struct pixels {
    const float *before, *last, *next; /* weights */
    const float *in, *growth;
    float f;
    float *out;
} pixels;

/* How much the slopes at edges j and on are above the pixels after them. */
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
SIMD_INLINE void put_means(const pixels *p, size_t j, lanes_floats part, lanes_floats next_part)
{
    const lanes_floats growth = AT(p->growth + j);
    *(lanes_anywhere *)(p->out + j) =
        (AT(p->in + j) + (next_part - part + growth * next_part)) * inverses(1 + p->f * growth);
}

/* Of the numbers in two vectors, the next of each in the first. */
#define NEXT(i) (i) + 1

SIMD_INLINE lanes_floats next_of(lanes_floats a, lanes_floats b)
{
    return __builtin_shufflevector(a, b, LANES_LIST(NEXT));
}

/* Some channels by themselves: slopes and parts are found twice. */
SIMD_INLINE void alone(const pixels *p, size_t j)
{
    const lanes_floats next = rises(p, j + 1);
    put_means(p, j, parts(p, j, rises(p, j), next), parts(p, j + 1, next, rises(p, j + 2)));
}

/* On the way each slope and each part is found once, and is at hand for the channels before and after it: slopes are
 * two vectors ahead, parts one. The last vectors overlap, so that nothing beyond is read. */
void SIMD_NAME(resample_between)(const float *near, size_t apart, const float *in, const float *growth, size_t n,
                                 float f, float *out)
{
    const pixels p = {near, near + apart, near + 2 * apart, in, growth, f, out};
    size_t j = 0;
    if (n >= 3 * LANES) {
        lanes_floats rise = rises(&p, LANES), part = parts(&p, 0, rises(&p, 0), next_of(rises(&p, 0), rise));
        for (; j + 3 * LANES <= n; j += LANES) {
            const lanes_floats later = rises(&p, j + 2 * LANES);
            const lanes_floats next = parts(&p, j + LANES, rise, next_of(rise, later));
            put_means(&p, j, part, next_of(part, next));
            rise = later;
            part = next;
        }
    }
    for (; j + LANES <= n; j += LANES)
        alone(&p, j);
    if (j < n)
        alone(&p, n - LANES);
}
