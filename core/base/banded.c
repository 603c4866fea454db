#include "base/banded.h"

#include "base/banded_kernel.h"

/* Golub & Van Loan (2013), Matrix Computations, 4.3.6: L D L' of a banded matrix, no pivots needed. */
int banded_factor(size_t n, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = diagonal[i];
        if (!(pivot > 0))
            return 0;
        double below = i + 1 < n ? first[i] : 0, below2 = i + 2 < n ? second[i] : 0;
        diagonal[i] = 1 / pivot;
        first[i] = below / pivot;
        second[i] = below2 / pivot;
        if (i + 1 < n)
            diagonal[i + 1] -= first[i] * below;
        if (i + 2 < n) {
            first[i + 1] -= second[i] * below;
            diagonal[i + 2] -= second[i] * below2;
        }
    }
    return 1;
}

void banded_solve(size_t n, const double *inverse, const double *first, const double *second, size_t n_rows,
                  float *rows, size_t stride, float *work)
{
    SIMD_FOR(n_rows * sizeof *rows, banded_kernel, n, inverse, first, second, n_rows, rows, stride, work);
}
