/* The SNIP baseline of eight rows side by side: with a row in each lane of a vector no window of it lies across two
 * others, and a walk from window to window loads and stores each channel once. */
#ifndef PREPROCESS_SNIP_LANES_H
#define PREPROCESS_SNIP_LANES_H

#include "base/lanes.h"

/* Floats of scratch for rows of n channels and windows up to w. */
size_t snip_lanes_scratch(size_t n, size_t w);

/* Takes their baseline off rows of n channels, in place; 2 w < n. scratch is on a 64-byte boundary. */
void snip_lanes_subtract(const lanes_rows *rows, size_t n, size_t w, float *scratch);

#endif
