/* The SNIP baseline with few windows, for other steps than snip. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include "preprocess/folded.h"

/* Replaces a folded row by its baseline with windows of half widths widest, widest / 2, ... 1, limited to the length of
 * the row; f->reach is at least `widest`. */
void snip_envelope(const folded *f, float *at, size_t widest);

#endif
