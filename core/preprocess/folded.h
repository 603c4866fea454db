/* A folded row: it is divided into FOLDED_LANES lanes of `records` channels each, which are interleaved. Channel c is
 * in lane c / records of record c % records, so that channels k apart are k records apart, whole SIMD vectors whatever
 * k is. */
#ifndef PREPROCESS_FOLDED_H
#define PREPROCESS_FOLDED_H

#include "preprocess/folded_lanes.h"

#include <stddef.h>

/* The shape of a folded row of n channels, with more channels before and after it, and with margins for windows of up
 * to `reach` channels on each side. */
typedef struct folded {
    size_t n;
    size_t before;
    size_t after;
    size_t reach;
    size_t records;
} folded;

folded folded_shape(size_t n, size_t before, size_t after, size_t reach);

/* Floats of an array for a row: the records, `reach` more before and after them, and then copies of the lanes that are
 * only partly filled by the row. */
size_t folded_floats(const folded *f);

/* The first record of an array, after the margin. */
static inline float *folded_first(const folded *f, float *array)
{
    return array + f->reach * FOLDED_LANES;
}

/* The index in at[records][FOLDED_LANES] of channel -before ... n + after - 1 of the row. */
static inline size_t folded_index(const folded *f, ptrdiff_t channel)
{
    size_t c = (size_t)(channel + (ptrdiff_t)f->before);
    return c % f->records * FOLDED_LANES + c / f->records;
}

/* Folds row[n] into at[records][FOLDED_LANES], the records of an array; infinity at places without a channel of the
 * row. */
void folded_pack(const folded *f, const float *row, float *at);

/* Sets the places without a channel of the row to 0. */
void folded_zero_padding(const folded *f, float *at);

/* Unfolds to out[n]. Overwrites the copies of lanes in the array, so that folded_subtract cannot be called
 * afterwards. */
void folded_unpack(const folded *f, float *at, float *out);

/* out[n] = row - unfolded, for the row that was folded into the array; out may be row. */
void folded_subtract(const folded *f, const float *row, float *at, float *out);

/* Fills `width` records, at most reach, of the margins before and after: what follows the end of a lane is the
 * beginning of the next lane, and the reverse; beyond the first and the last lane it is the value `beyond`. */
void folded_fill_margins(const folded *f, float *at, size_t width, float beyond);

/* One iteration of SNIP: replaces each channel by the mean of the channels `half` before and after it, if that is
 * lower; half is at most reach. Channels beyond the lanes are taken as infinite, so that a channel without both
 * neighbours stays. Writes to the margins. */
void folded_clip(const folded *f, float *at, size_t half);

#endif
