/* The kernels of resample_move.c, by the width of vectors: neighbouring pixels of a row, whose new edges all lie at the
 * same fraction f of them. */
#ifndef PREPROCESS_RESAMPLE_KERNEL_H
#define PREPROCESS_RESAMPLE_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* The integral over the first f of a pixel, in widths of it: Hermite's cubic, as in integral_at. */
SIMD_INLINE float part_of(float in, float rise, float next_in, float next_rise, float f)
{
    float left = f * (1 - f) * (1 - f), right = -f * f * (1 - f);
    return f * in + left * rise + right * (next_rise + next_in - in);
}

/* rise[n] at edges that have two pixels before and after them, from the three weights of each, near[3], `apart`. */
SIMD_KERNEL(void, resample_rises, (const float *near, size_t apart, const float *in, size_t n, float *rise));

/* part[n], from in[n + 1] and rise[n + 1]. */
SIMD_KERNEL(void, resample_parts, (const float *in, const float *rise, size_t n, float f, float *part));

/* out[n]: the means between the new edges in pixels and in their next ones, from part[n + 1]. */
SIMD_KERNEL(void, resample_between,
            (const float *in, const float *part, const float *growth, size_t n, float f, float *out));

#endif
