/* The kernels of folded.c, by the width of vectors. */
#ifndef PREPROCESS_FOLDED_KERNEL_H
#define PREPROCESS_FOLDED_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Vectors that folded_clip_kernel takes side by side: so far it may read past the margin, and write past the records.
 */
enum { FOLDED_UNROLL = 4 };

/* Lanes of `records` channels side by side to at[records][FOLDED_LANES]. */
SIMD_KERNEL(void, folded_pack_kernel, (const float *const *lane, size_t records, float *at));

/* And back, to `out`; or channels of `lane`, where it is not NULL, less what is at them. Both [FOLDED_LANES][records].
 */
SIMD_KERNEL(void, folded_unpack_kernel, (const float *const *lane, float *const *out, size_t records, const float *at));

/* As folded_fill_margins. */
SIMD_KERNEL(void, folded_margins_kernel, (float *at, size_t records, size_t width, float beyond));

/* As folded_clip; the margins are filled. */
SIMD_KERNEL(void, folded_clip_kernel, (float *at, size_t records, size_t half));

#endif
