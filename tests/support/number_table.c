/* Reads the tables of numbers that tests compare with. */
#include "number_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { max_line = 1 << 20 };

static void need(int condition, const char *path, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "%s: %s\n", path, what);
    abort();
}

const char *test_file(const char *name)
{
    static const char *const folders[] = {ADAMAS_TEST_DATA, ADAMAS_SHARED "/oracles", ADAMAS_SHARED "/data"};
    static const char *const endings[] = {"", ".gz"};
    static char paths[8][512];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
            snprintf(path, sizeof paths[0], "%s/%s%s", folders[i], name, endings[k]);
            if (access(path, R_OK) == 0)
                return path;
        }
    return NULL;
}

/* The field after this one, or NULL. */
static char *next_field(char *field, char separator)
{
    char *end = strchr(field, separator);
    return end ? end + 1 : NULL;
}

/* Cuts the field off its line. */
static double number_in(char *field, char separator)
{
    field[strcspn(field, (char[]){separator, '\0'})] = '\0';
    for (char *comma = field; separator == ';' && (comma = strchr(comma, ','));)
        *comma = '.';
    char *end;
    double x = strtod(field, &end);
    return end == field || end[strspn(end, " \r\n")] ? NAN : x;
}

static void add_row(number_table *t, char *line, size_t *room, const char *path)
{
    if (t->n_rows == *room) {
        *room = *room ? 2 * *room : 64;
        for (size_t c = 0; c < t->n_columns; c++) {
            t->column[c] = realloc(t->column[c], *room * sizeof(double));
            need(t->column[c] != NULL, path, "no memory");
        }
    }
    char *field = line;
    for (size_t c = 0; c < t->n_columns; c++) {
        need(field != NULL, path, "a row is shorter than the heading");
        char *next = next_field(field, t->separator);
        t->column[c][t->n_rows] = number_in(field, t->separator);
        field = next;
    }
    need(field == NULL, path, "a row is longer than the heading");
    t->n_rows++;
}

number_table number_table_read(const char *path, char separator)
{
    number_table t = {.n_columns = 1, .separator = separator};
    size_t room = 0;
    char *line = malloc(max_line);
    gzFile file = gzopen(path, "rb");
    need(line && file && gzgets(file, line, max_line), path, "cannot be read");
    line[strcspn(line, "\r\n")] = '\0';
    t.heading = strdup(line);
    for (char *field = line; (field = next_field(field, separator));)
        t.n_columns++;
    t.column = calloc(t.n_columns, sizeof *t.column);
    need(t.heading && t.column, path, "no memory");
    while (gzgets(file, line, max_line))
        add_row(&t, line, &room, path);
    need(gzclose(file) == Z_OK, path, "cannot be read");
    free(line);
    return t;
}

void number_table_free(number_table *t)
{
    for (size_t c = 0; c < t->n_columns; c++)
        free(t->column[c]);
    free(t->column);
    free(t->heading);
    *t = (number_table){0};
}

const double *number_table_column(const number_table *t, const char *heading)
{
    size_t length = strlen(heading);
    char *field = t->heading;
    for (size_t c = 0; c < t->n_columns; c++, field = next_field(field, t->separator))
        if (strncmp(field, heading, length) == 0 && (field[length] == t->separator || !field[length]))
            return t->column[c];
    need(0, heading, "no column of this heading");
    return NULL;
}
