/* Convolution along a row with symmetric or antisymmetric weights. */
#ifndef PREPROCESS_CONVOLVE_H
#define PREPROCESS_CONVOLVE_H

#include "preprocess/taps.h"

/* Weights of 0; NULL if memory is exhausted. Freed by free(). */
taps *taps_new(size_t half);

/* out[i] = sum_k weight_k in[i + k], k = -half ... half, for i = 0 ... n - 1: in has half channels more before and
 * after, and must not overlap out. */
void convolve(const taps *t, const float *in, float *out, size_t n);

#endif
