#include "preprocess/row.h"

#include <math.h>

void row_set_nan(float *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = NAN;
}

void row_check(float *row, size_t n)
{
    int finite = 1;
    for (size_t i = 0; i < n; i++)
        finite &= isfinite(row[i]) != 0;
    if (!finite)
        row_set_nan(row, n);
}
