/* The kernels of folded.c, one for each width of SIMD vectors. */
#ifndef PREPROCESS_FOLDED_KERNEL_H
#define PREPROCESS_FOLDED_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* SIMD vectors that folded_clip_kernel processes together: it may read so many past the margin, and write so many past
 * the records. */
enum { FOLDED_UNROLL = 4 };

/* Interleaves lane[FOLDED_LANES][records] into at[records][FOLDED_LANES]. */
SIMD_KERNEL(void, folded_pack_kernel, (const float *const *lane, size_t records, float *at));

/* The reverse: out = at, or out = lane - at if lane is not NULL. Both are [FOLDED_LANES][records]. */
SIMD_KERNEL(void, folded_unpack_kernel, (const float *const *lane, float *const *out, size_t records, const float *at));

/* As folded_fill_margins. */
SIMD_KERNEL(void, folded_margins_kernel, (float *at, size_t records, size_t width, float beyond));

/* As folded_clip; the margins are filled. */
SIMD_KERNEL(void, folded_clip_kernel, (float *at, size_t records, size_t half));

#endif
