/* convolve, which has the same arguments, for each width of SIMD vectors. */
#ifndef PREPROCESS_CONVOLVE_KERNEL_H
#define PREPROCESS_CONVOLVE_KERNEL_H

#include "base/simd.h"
#include "preprocess/taps.h"

SIMD_KERNEL(void, convolve_kernel, (const taps *t, const float *in, float *out, size_t n));

#endif
