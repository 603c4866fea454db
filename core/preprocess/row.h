/* What several steps do with a row. */
#ifndef PREPROCESS_ROW_H
#define PREPROCESS_ROW_H

#include "base/axis.h"

/* A row of which nothing is left. */
void row_set_nan(float *row, size_t n);

/* 1 where every number of a row is finite. */
int row_finite(const float *row, size_t n);

/* out[i] = (row[i] - centre) / divisor; out may be row. 1 where every result is finite. */
int row_scale(const float *row, double centre, double divisor, float *out, size_t n);

/* The lowest and the highest number of a row; any of them where one is not a number. */
void row_extremes(float *least, float *most, const float *row, size_t n);

/* A row in which a number has become too large for float32 has nothing left. */
void row_check(float *row, size_t n);

/* The lowest and the highest wavelength of an axis, for messages: "199.5-203.5 nm". */
void row_range(char out[72], const axis *in);

#endif
