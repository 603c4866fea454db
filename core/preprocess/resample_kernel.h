/* The kernels of resample_shift.c, one for each width of SIMD vectors: adjacent pixels of a row whose new edges are all
 * at the same fraction f of a pixel. */
#ifndef PREPROCESS_RESAMPLE_KERNEL_H
#define PREPROCESS_RESAMPLE_KERNEL_H

#include "base/inverse.h"
#include "base/simd.h"

#include <stddef.h>

/* The integral over the first fraction f of a pixel, in units of its width: the Hermite cubic, as in integral_at. */
SIMD_INLINE float resample_part(float in, float rise, float next_in, float next_rise, float f)
{
    float left = f * (1 - f) * (1 - f), right = -f * f * (1 - f);
    return f * in + left * rise + right * (next_rise + next_in - in);
}

/* The mean from there to the fraction f of the next pixel. */
SIMD_INLINE float resample_mean(float in, float part, float next_part, float growth, float f)
{
    return (in + (next_part - part + growth * next_part)) * inverse_of(1 + f * growth);
}

/* out[n], n >= SIMD_FLOATS: the means between the new edges in a pixel and in the next one, for pixels with at least
 * two before them and three after. The three weights of the slope at an edge are near[0], near[stride] and near[2
 * stride]; growth: relative increase of the width to the next pixel. */
SIMD_KERNEL(void, resample_between,
            (const float *near, size_t stride, const float *in, const float *growth, size_t n, float f, float *out));

#endif
