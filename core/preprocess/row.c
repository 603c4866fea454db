/* Operations on a row that several steps share. */
#include "preprocess/row.h"

#include "base/simd.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>

void row_set_nan(float *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = NAN;
}

/* 0 x finite is 0, 0 x (infinite or NaN) is NaN; in four SIMD vectors, so that additions do not wait for each other. */
enum { lanes = 4 * SIMD_FLOATS };

SIMD_INLINE int all_zero(const float lane[lanes])
{
    float sum = 0;
    for (size_t k = 0; k < lanes; k++)
        sum += lane[k];
    return sum == 0;
}

SIMD_CLONES int row_finite(const float *row, size_t n)
{
    float lane[lanes] = {0};
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            lane[k] += 0 * row[i + k];
    for (size_t k = 0; k < n - whole; k++)
        lane[k] += 0 * row[whole + k];
    return all_zero(lane);
}

SIMD_INLINE float scaled(float x, double centre, double gain)
{
    return (float)((x - centre) * gain);
}

SIMD_CLONES int row_scale(const float *row, double centre, double divisor, float *out, size_t n)
{
    float lane[lanes] = {0};
    double gain = 1 / divisor;
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++) {
            out[i + k] = scaled(row[i + k], centre, gain);
            lane[k] += 0 * out[i + k];
        }
    for (size_t i = whole; i < n; i++) {
        out[i] = scaled(row[i], centre, gain);
        lane[i - whole] += 0 * out[i];
    }
    return all_zero(lane);
}

SIMD_CLONES void row_extremes(float *min, float *max, const float *row, size_t n)
{
    float low[lanes], high[lanes];
    for (size_t k = 0; k < lanes; k++)
        low[k] = high[k] = row[0];
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++) {
            low[k] = row[i + k] < low[k] ? row[i + k] : low[k];
            high[k] = row[i + k] > high[k] ? row[i + k] : high[k];
        }
    for (size_t i = whole; i < n; i++) {
        low[0] = row[i] < low[0] ? row[i] : low[0];
        high[0] = row[i] > high[0] ? row[i] : high[0];
    }
    *min = low[0];
    *max = high[0];
    for (size_t k = 1; k < lanes; k++) {
        *min = low[k] < *min ? low[k] : *min;
        *max = high[k] > *max ? high[k] : *max;
    }
}

void row_check(float *row, size_t n)
{
    if (!row_finite(row, n))
        row_set_nan(row, n);
}

void row_range(char out[72], const axis *in)
{
    double low = INFINITY, high = 0;
    for (size_t i = 0; i < in->n; i++) {
        low = fmin(low, in->nm[i]);
        high = fmax(high, in->nm[i]);
    }
    char first[32], last[32];
    text_of_number(first, low);
    text_of_number(last, high);
    snprintf(out, 72, "%s-%s nm", first, last);
}
