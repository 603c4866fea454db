/* Cross-conformal p-values and their bound. */
#include "evidence/typicality.h"

#include <math.h>

double typicality_p(size_t n, const double *held_out, const size_t *origin, const size_t *fold, size_t wanted,
                    const double *own)
{
    size_t members = 0, at_least = 0;
    for (size_t i = 0; i < n; i++) {
        if (origin[i] != wanted)
            continue;
        members++;
        at_least += !(held_out[i] < own[fold[i]]);
    }
    return (1 + (double)at_least) / (1 + (double)members);
}

double typicality_bound(double eps, size_t n, size_t folds)
{
    double f = (double)folds, size = (double)n / f;
    double of_large_folds = 2 * (1 - eps) * (1 - 1 / f) / (size + 1);
    double of_many_folds = (1 - 1 / size) / (f + 1);
    return fmin(1, 2 * eps + fmin(of_large_folds, of_many_folds));
}

size_t typicality_min_specimens(double eps)
{
    double n = ceil(1 / eps) - 1;
    if (n > 0 && 1 / n <= eps) /* 1/eps was rounded up past a whole number */
        n--;
    return (size_t)n;
}
