/* A row folded: cut into FOLDED_LANES stretches of `records` channels each, which lie side by side. Channel c is in
 * lane c / records of record c % records, so what is some channels away is as many records away: a whole vector,
 * wherever a window begins. */
#ifndef PREPROCESS_FOLDED_H
#define PREPROCESS_FOLDED_H

#include "base/simd.h"

#include <stddef.h>

enum { FOLDED_LANES = SIMD_FLOATS };

/* Of a row of n channels, some channels more before and after it, and windows of up to `reach` channels to each side.
 */
typedef struct folded {
    size_t n;
    size_t before;
    size_t after;
    size_t reach;
    size_t records;
} folded;

folded folded_shape(size_t n, size_t before, size_t after, size_t reach);

/* Floats of an array for a row: records with margins of `reach` more before and after, and then copies of the lanes
 * that an end of the row cuts. */
size_t folded_floats(const folded *f);

/* The first record of an array. */
static inline float *folded_first(const folded *f, float *array)
{
    return array + f->reach * FOLDED_LANES;
}

/* Where channel -before ... n + after - 1 of the row stands in at[records][FOLDED_LANES]. */
static inline size_t folded_index(const folded *f, ptrdiff_t channel)
{
    size_t c = (size_t)(channel + (ptrdiff_t)f->before);
    return c % f->records * FOLDED_LANES + c / f->records;
}

/* row[n] to the array's records at[records][FOLDED_LANES]; infinity where the row has no channel. */
void folded_pack(const folded *f, const float *row, float *at);

/* Where the row has no channel: 0. */
void folded_zero_padding(const folded *f, float *at);

/* out[n]: what is at the row's channels now; what folded_subtract wants to know of the row is then gone. */
void folded_unpack(const folded *f, float *at, float *out);

/* out[n]: the row, which was laid there, less what is at its channels now; out may be the row. */
void folded_subtract(const folded *f, const float *row, float *at, float *out);

/* Fills `width` records, up to reach, before and after at's: what is beyond one end of a lane is the other end of the
 * lane beside it; beyond the outermost is `beyond`. */
void folded_fill_margins(const folded *f, float *at, size_t width, float beyond);

/* Replaces each channel by the mean of those `half` before and after it, up to reach, where that is lower. Beyond the
 * lanes is infinity: so a channel whose window has no such channel stays. Writes to the margins. */
void folded_clip(const folded *f, float *at, size_t half);

#endif
