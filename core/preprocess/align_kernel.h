/* The kernel of align.c, by the width of vectors. */
#ifndef PREPROCESS_ALIGN_KERNEL_H
#define PREPROCESS_ALIGN_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Lags that are multiplied out together. */
enum { ALIGN_UNROLL = 9 };

/* sum[k], k = 0 ... 2 most_lag and up to ALIGN_UNROLL - 1 more: the sum of lines times what stands k - most_lag
 * records before them in the reference, which has margins of most_lag + ALIGN_UNROLL - 1 records. Both are folded
 * (preprocess/folded.h). */
SIMD_KERNEL(void, align_kernel,
            (size_t records, const float *lines, const float *reference, size_t most_lag, double *sum));

#endif
