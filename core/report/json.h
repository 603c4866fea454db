/* The JSON of a report. Numbers have 15 significant digits: more would show rounding, not results. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/reading.h"
#include "report/statements.h"

#include <jansson.h>

/* The text, for the caller to free(). */
adamas_status report_json(char **out, const result *r, adamas_error *error);

/* ----- within json*.c */

typedef struct drawing {
    const result *r;
    adamas_status status;
    adamas_error *error;
} drawing;

void json_put(drawing *d, json_t *object, const char *key, json_t *value);
void json_append(drawing *d, json_t *array, json_t *value);

/* JSON has no NaN: what is not known is null. A count is a whole number; a measure keeps its decimal point even where
 * it happens to be whole. */
json_t *json_count(double value);
json_t *json_measure(double value);
json_t *json_measures(drawing *d, double first, double second); /* [first, second] */

/* Puts what is there: the fact, the number, the cell, under a key. */
void json_put_fact(drawing *d, json_t *object, const char *key, const char *name);
void json_put_count(drawing *d, json_t *object, const char *key, const char *name);
void json_put_measure(drawing *d, json_t *object, const char *key, const char *name);
void json_put_measures(drawing *d, json_t *object, const char *key, const char *first, const char *second);
void json_put_cell(drawing *d, json_t *object, const char *key, int which, const char *column, size_t row,
                   json_t *(*value)(double));
void json_put_cells(drawing *d, json_t *object, const char *key, int which, const char *first, const char *second,
                    size_t row);

/* {"CAR": 0.2, ...} from the columns what/ORIGIN of a row; put where there is one. */
void json_put_by_origin(drawing *d, json_t *object, const char *key, int which, const char *what, size_t row,
                        json_t *(*value)(double));

/* The system's names of files may be any bytes: one that is not UTF-8 loses those rather than the report. */
json_t *json_file_name(const char *value);

json_t *json_strings(drawing *d, adamas_status (*make)(statements *, const result *, adamas_error *));

/* json_parcel.c */
json_t *json_parcel(drawing *d);

/* json_stones.c */
json_t *json_origins(drawing *d);
json_t *json_specimens(drawing *d);

/* json_validation.c */
void json_put_validation(drawing *d, json_t *root);
json_t *json_plan(drawing *d);

#endif
