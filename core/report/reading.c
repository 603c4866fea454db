#include "report/reading.h"

#include <math.h>
#include <string.h>

double reading_number(const result *r, const char *name)
{
    const adamas_column *column = table_column(&r->numbers, name);
    return column && column->number && column->n ? column->number[0] : NAN;
}

int reading_has_number(const result *r, const char *name)
{
    return table_column(&r->numbers, name) != NULL;
}

const char *reading_fact(const result *r, const char *name)
{
    const char *found = table_text(&r->facts, name, 0);
    return *found ? found : NULL;
}

size_t reading_rows(const result *r, int which)
{
    return r->tables[which].n_rows;
}

int reading_has(const result *r, int which, const char *column)
{
    return table_column(&r->tables[which], column) != NULL;
}

static double number_in(const adamas_column *column, size_t row)
{
    return column && column->number && row < column->n ? column->number[row] : NAN;
}

double reading_cell(const result *r, int which, const char *column, size_t row)
{
    return number_in(table_column(&r->tables[which], column), row);
}

const char *reading_text(const result *r, int which, const char *column, size_t row)
{
    return row < r->tables[which].n_rows ? table_text(&r->tables[which], column, row) : "";
}

const double *reading_numbers(const result *r, int which, const char *column)
{
    const adamas_column *found = table_column(&r->tables[which], column);
    return found ? found->number : NULL;
}

const char *const *reading_texts(const result *r, int which, const char *column)
{
    const adamas_column *found = table_column(&r->tables[which], column);
    return found ? found->text : NULL;
}

static const adamas_column *column_of(const result *r, int which, const char *what, const char *origin)
{
    size_t length = strlen(what);
    for (size_t i = 0; i < r->tables[which].n_columns; i++) {
        const adamas_column *column = r->tables[which].columns[i];
        if (strncmp(column->name, what, length) == 0 && column->name[length] == '/' &&
            strcmp(column->name + length + 1, origin) == 0)
            return column;
    }
    return NULL;
}

int reading_has_of(const result *r, int which, const char *what, const char *origin)
{
    return column_of(r, which, what, origin) != NULL;
}

double reading_cell_of(const result *r, int which, const char *what, const char *origin, size_t row)
{
    return number_in(column_of(r, which, what, origin), row);
}

const char *reading_origin(const result *r, size_t row)
{
    return reading_text(r, ADAMAS_ORIGINS, "origin", row);
}

int reading_is_judged(const result *r, size_t specimen)
{
    return reading_cell(r, ADAMAS_SPECIMENS, "shots_used", specimen) > 0;
}

size_t reading_judged(const result *r)
{
    size_t n = 0;
    for (size_t i = 0; i < reading_rows(r, ADAMAS_SPECIMENS); i++)
        n += reading_is_judged(r, i) != 0;
    return n;
}

int reading_standing(const result *r, size_t specimen, size_t origin)
{
    if (reading_cell(r, ADAMAS_ORIGINS, "rejectable", origin) == 0)
        return READING_NOT_EXCLUDED;
    double p = reading_cell_of(r, ADAMAS_SPECIMENS, "typicality", reading_origin(r, origin), specimen);
    return p > reading_number(r, "epsilon") ? READING_QUOTED : READING_REJECTED;
}

int reading_is_synthetic(const result *r)
{
    return strcmp(table_text(&r->facts, "synthetic", 0), "yes") == 0;
}

int reading_has_evidence(const result *r)
{
    return !reading_fact(r, "no_evidence") && reading_has(r, ADAMAS_SPECIMENS, "answer");
}

/* Foreign stones among others are unlike every library too: only where most are does it point to the measurement. */
int reading_differs(const result *r)
{
    return reading_number(r, "parcel/low_typicality") > 0.5 && reading_number(r, "parcel/low_typicality_chance") < 0.01;
}

int reading_has_control(const result *r)
{
    return reading_number(r, "control/stones") > 0;
}

/* The least of several p-values is judged at epsilon over their number (Bonferroni). */
int reading_control_holds(const result *r)
{
    return reading_number(r, "control/worst_p") > reading_number(r, "epsilon") / reading_number(r, "control/stones");
}
