/* Reading a result that may lack any table, column, number or fact: what is not there is NaN, "" or NULL. */
#ifndef REPORT_READING_H
#define REPORT_READING_H

#include "training/result.h"

double reading_number(const result *r, const char *name);
int reading_has_number(const result *r, const char *name); /* as a name: its value may be NaN */

const char *reading_fact(const result *r, const char *name); /* NULL also where it is empty */

size_t reading_rows(const result *r, int which);
int reading_has(const result *r, int which, const char *column);
double reading_cell(const result *r, int which, const char *column, size_t row);
const char *reading_text(const result *r, int which, const char *column, size_t row); /* "" */

/* A whole column of numbers, or of texts; NULL. */
const double *reading_numbers(const result *r, int which, const char *column);
const char *const *reading_texts(const result *r, int which, const char *column);

/* A cell of the column what/ORIGIN; the name may be of any length. */
int reading_has_of(const result *r, int which, const char *what, const char *origin);
double reading_cell_of(const result *r, int which, const char *what, const char *origin, size_t row);

/* The name of the origin in a row of ADAMAS_ORIGINS. */
const char *reading_origin(const result *r, size_t row);

/* Specimens with a shot of use. */
int reading_is_judged(const result *r, size_t specimen);
size_t reading_judged(const result *r);

/* What a specimen's typicality says of an origin. */
enum { READING_REJECTED, READING_QUOTED, READING_NOT_EXCLUDED };
int reading_standing(const result *r, size_t specimen, size_t origin);

int reading_is_synthetic(const result *r);

/* Were stones weighed at all? */
int reading_has_evidence(const result *r);

/* So many of the parcel's stones are unlike every library that the way it was measured is in question. */
int reading_differs(const result *r);

/* Has the parcel a control specimen, and is it as it should be? NaN p-values are not. */
int reading_has_control(const result *r);
int reading_control_holds(const result *r);

#endif
