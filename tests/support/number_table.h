/* The files of tests/data and of the folder ADAMAS_SHARED: numbers computed by other programs, and measured spectra. */
#ifndef SUPPORT_NUMBER_TABLE_H
#define SUPPORT_NUMBER_TABLE_H

#include <criterion/criterion.h>
#include <stddef.h>

/* column[c][r] is the number in row r of column c, NaN if there is text. */
typedef struct number_table {
    size_t n_rows, n_columns;
    double **column;
    char *heading; /* the first line */
    char separator;
} number_table;

/* The path of NAME or NAME.gz in tests/data, else in the folders `oracles` and `data` of ADAMAS_SHARED; NULL if there
 * is none. In one of eight buffers that take turns. */
const char *test_file(const char *name);

/* Reads a text file, gzipped or not: a heading, then rows of n_columns fields. If ';' separates, commas are decimal
 * marks. Ends the program if it cannot be read. Free with number_table_free. */
number_table number_table_read(const char *path, char separator);
void number_table_free(number_table *t);

/* The column of that heading; ends the program if there is none. */
const double *number_table_column(const number_table *t, const char *heading);

/* The table in test_file(name); the test is skipped if there is none. */
static inline number_table number_table_of(const char *name, char separator)
{
    const char *path = test_file(name);
    if (!path)
        cr_skip_test("%s is missing", name);
    return number_table_read(path, separator);
}

#endif
