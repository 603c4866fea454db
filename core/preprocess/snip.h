/* What of SNIP others use. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include "preprocess/folded.h"

/* A row that is laid in `at` becomes its baseline with few windows, of half widths widest, widest / 2, ... 1, or what
 * of them fits; f->reach is `widest` or more. */
void snip_envelope(const folded *f, float *at, size_t widest);

#endif
