/* banded_solve, whose arguments these are, by the width of vectors. */
#ifndef BASE_BANDED_KERNEL_H
#define BASE_BANDED_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

SIMD_KERNEL(void, banded_kernel,
            (size_t n, const double *inverse, const double *first, const double *second, size_t n_rows, float *rows,
             size_t stride, float *work));

#endif
