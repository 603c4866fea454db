/* Convolution along a row with weights that mirror each other about the middle. */
#ifndef PREPROCESS_CONVOLVE_H
#define PREPROCESS_CONVOLVE_H

#include <stddef.h>

typedef struct taps {
    size_t half;     /* taps on each side of the middle one */
    int odd;         /* those on the left are the negative of those on the right, else the same */
    float weights[]; /* [half + 1]: the middle one, then those on the right */
} taps;

/* NULL where memory cannot be had. */
taps *taps_new(size_t half);

/* out[i] = the sum over k of the weight of k times in[i + k], k from -half to half, for i = 0 ... n - 1: in has half
 * channels before and after these, and must not overlap out. */
void convolve(const taps *t, const float *in, float *out, size_t n);

#endif
