#include "base/banded.h"

/* Golub & Van Loan (2013), Matrix Computations, 4.3.6: L D Lᵀ of a banded matrix, no pivots needed. */
int banded_factor(size_t n, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = diagonal[i];
        if (!(pivot > 0))
            return 0;
        double below = i + 1 < n ? first[i] : 0;
        double below2 = i + 2 < n ? second[i] : 0;
        if (i + 1 < n) {
            first[i] = below / pivot;
            diagonal[i + 1] -= first[i] * below;
        }
        if (i + 2 < n) {
            second[i] = below2 / pivot;
            first[i + 1] -= second[i] * below;
            diagonal[i + 2] -= second[i] * below2;
        }
    }
    return 1;
}

void banded_solve(size_t n, const double *diagonal, const double *first, const double *second, double *x)
{
    for (size_t i = 1; i < n; i++)
        x[i] -= first[i - 1] * x[i - 1] + (i > 1 ? second[i - 2] * x[i - 2] : 0);
    for (size_t i = 0; i < n; i++)
        x[i] /= diagonal[i];
    for (size_t i = n; i-- > 1;) {
        x[i - 1] -= first[i - 1] * x[i];
        if (i > 1)
            x[i - 2] -= second[i - 2] * x[i];
    }
}
