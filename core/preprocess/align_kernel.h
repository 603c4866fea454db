/* The kernel of align.c, one for each width of SIMD vectors. */
#ifndef PREPROCESS_ALIGN_KERNEL_H
#define PREPROCESS_ALIGN_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Lags that are computed together. */
enum { ALIGN_UNROLL = 9 };

/* Cross-correlation: sum[k], k = 0 ... 2 max_lag and up to ALIGN_UNROLL - 1 more, is the sum over records i of lines[i]
 * reference[i - (k - max_lag)]. Both are folded (preprocess/folded.h); the reference has margins of max_lag +
 * ALIGN_UNROLL - 1 records. */
SIMD_KERNEL(void, align_kernel,
            (size_t records, const float *lines, const float *reference, size_t max_lag, double *sum));

#endif
