/* The inner step of SNIP, for those who want other windows, and a quick baseline by it. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include <stddef.h>

/* Clips in[n] to the mean of the channels w below and above, into out[n], which must not overlap; 2 w < n. Within w of
 * an end the window shrinks to what fits. */
void snip_clip(const float *restrict in, float *restrict out, size_t n, size_t w);

/* A baseline with few windows, of half widths widest, widest / 2, ... 1: y[n] to envelope[n]; before[n] is scratch. */
void snip_envelope(const float *y, size_t n, size_t widest, float *before, float *envelope);

#endif
