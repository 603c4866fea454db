/* The kernels of resample_shift.c, by the width of vectors: neighbouring pixels of a row, whose new edges all lie at
 * the same fraction f of them. */
#ifndef PREPROCESS_RESAMPLE_KERNEL_H
#define PREPROCESS_RESAMPLE_KERNEL_H

#include "base/inverse.h"
#include "base/simd.h"

#include <stddef.h>

/* The integral over the first f of a pixel, in widths of it: Hermite's cubic, as in integral_at. */
SIMD_INLINE float resample_part(float in, float rise, float next_in, float next_rise, float f)
{
    float left = f * (1 - f) * (1 - f), right = -f * f * (1 - f);
    return f * in + left * rise + right * (next_rise + next_in - in);
}

/* The mean from there to as far in the next pixel. */
SIMD_INLINE float resample_mean(float in, float part, float next_part, float growth, float f)
{
    return (in + (next_part - part + growth * next_part)) * inverse_of(1 + f * growth);
}

/* out[n], at least SIMD_FLOATS: the means between the new edges in a pixel and in the next one, of pixels that have two
 * before them and three after; the three weights of each edge's slope are near[3], `apart`, and growth says by what
 * share the next pixel is wider. */
SIMD_KERNEL(void, resample_between,
            (const float *near, size_t apart, const float *in, const float *growth, size_t n, float f, float *out));

#endif
