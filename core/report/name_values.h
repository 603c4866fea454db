/* The values behind the public names of a report. */
#ifndef REPORT_NAME_VALUES_H
#define REPORT_NAME_VALUES_H

#include "report/public_names.h"

typedef struct name_view {
    const void *at;           /* the section; NULL: the report has none, nor the name */
    size_t n_rows, n_columns; /* of its table; 1 if it is none */
} name_view;

name_view name_find(const public_name *n, const report_result *r);

/* Of a row and, for what/ORIGIN, a column of a view that is there. NaN: not known. */
double name_number(const public_name *n, const report_result *r, const name_view *view, size_t row, size_t column);

/* Is its value a text? Appends it; nothing if it is empty. */
int name_is_text(const public_name *n);
void name_text(text *out, const public_name *n, const report_result *r, const name_view *view, size_t row,
               size_t column);

/* What a column of what/ORIGIN is of: an origin, or "none of these", "not resolved", "none". */
const char *name_of_column(const public_name *n, const report_result *r, size_t column);

#endif
