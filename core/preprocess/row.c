#include "preprocess/row.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

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

void row_range(char out[72], const axis *in)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < in->n; i++) {
        least = fmin(least, in->nm[i]);
        most = fmax(most, in->nm[i]);
    }
    char first[32], last[32];
    text_of_number(first, least);
    text_of_number(last, most);
    snprintf(out, 72, "%s-%s nm", first, last);
}
