/* A table: columns of one length, each text or float64. The public accessors of columns read from these. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/status.h"

typedef struct table {
    size_t n_rows;
    size_t n_columns;
    adamas_column **columns; /* each one block of memory, with its name and values */
} table;

/* Adds a column or replaces the one of that name; values are copied; n must be n_rows unless the table has no
 * column yet. NULL texts become "". */
adamas_status table_set_text(table *t, const char *name, size_t n, const char *const *values, adamas_error *error);
adamas_status table_set_numbers(table *t, const char *name, size_t n, const double *values, adamas_error *error);

/* By name or by index; NULL if there is none. */
const adamas_column *table_column(const table *t, const char *name);
const adamas_column *table_column_at(const table *t, size_t index);

/* The text in a row of a column, "" if there is no such text column. */
const char *table_text(const table *t, const char *name, size_t row);

void table_clear(table *t);

#endif
