/* Operations on a row that several steps share. */
#ifndef PREPROCESS_ROW_H
#define PREPROCESS_ROW_H

#include "base/axis.h"

/* Sets a row to NaN: it carries no information any more. */
void row_set_nan(float *row, size_t n);

/* Returns 1 if every value of a row is finite. */
int row_finite(const float *row, size_t n);

/* out[i] = (row[i] - centre) / divisor; out may be row. Returns 1 if every result is finite. */
int row_scale(const float *row, double centre, double divisor, float *out, size_t n);

/* The lowest and the highest value of a row; unspecified if one is NaN. */
void row_extremes(float *min, float *max, const float *row, size_t n);

/* Sets a row to NaN if a value has become too large for float32. */
void row_check(float *row, size_t n);

/* The lowest and the highest wavelength of an axis, for messages: "199.5-203.5 nm". */
void row_range(char out[72], const axis *in);

#endif
