/* What several steps do with a row. */
#ifndef PREPROCESS_ROW_H
#define PREPROCESS_ROW_H

#include <stddef.h>

/* A row of which nothing is left. */
void row_set_nan(float *row, size_t n);

/* A row in which a number has become too large for float32 has nothing left. */
void row_check(float *row, size_t n);

#endif
