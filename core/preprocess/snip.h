/* A quick baseline by SNIP, for those who only want one to measure above. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include <stddef.h>

/* A baseline with few windows, of half widths widest, widest / 2, ... 1: y[n] to envelope[n]; before[n] is scratch. */
void snip_envelope(const float *y, size_t n, size_t widest, float *before, float *envelope);

#endif
