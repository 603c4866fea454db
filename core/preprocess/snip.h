/* What of SNIP others use. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include <stddef.h>

/* A baseline with few windows, of half widths widest, widest / 2, ... 1: y[n] to envelope[n]; before[n] is scratch. */
void snip_envelope(const float *y, size_t n, size_t widest, float *before, float *envelope);

/* What is taken for the w channels before the first and after the last of row[n]; n is w at least. */
void snip_ends(const float *row, size_t n, size_t w, float *before, float *after);

/* Channel i, or the nearest to it of least ... most. */
static inline size_t snip_between(size_t least, ptrdiff_t i, size_t most)
{
    return i < (ptrdiff_t)least ? least : (size_t)i < most ? (size_t)i : most;
}

#endif
