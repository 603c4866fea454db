/* The inner step of SNIP, for those who want other windows. */
#ifndef PREPROCESS_SNIP_H
#define PREPROCESS_SNIP_H

#include <stddef.h>

/* Clips in[n] to the mean of the channels w below and above, into out[n], which must not overlap; 2 w < n. Within w of
 * an end the window shrinks to what fits: the baseline then ends on the end channels themselves, follows a steep end
 * without overshooting, and never leaves the range of the data, as an extrapolated or mirrored end would. */
void snip_clip(const float *restrict in, float *restrict out, size_t n, size_t w);

#endif
