/* The table of files: its header, its rows, and the row of each imported file. */
#include "import/file_table.h"

#include "base/memory.h"
#include "base/text.h"
#include "import/header.h"
#include "import/lines.h"

#include <stdlib.h>
#include <string.h>

/* The first delimiter with which the line has a field `file`; 0 if none. */
static char file_delimiter(const char *line)
{
    static const char delimiters[] = {by_tab, by_semicolon, by_comma, by_blanks};
    for (size_t k = 0; k < sizeof delimiters; k++) {
        const char *at = line;
        field f;
        while (field_next(&at, delimiters[k], &f))
            if (field_is(&f, "file"))
                return delimiters[k];
    }
    return 0;
}

static adamas_status next_full_line(lines *l, char **line, adamas_error *error)
{
    adamas_status status = lines_next(l, line, error);
    while (!status && *line && fields_is_empty_line(*line))
        status = lines_next(l, line, error);
    return status;
}

/* Lines before the header that start with a comment sign are skipped. */
static adamas_status find_header(lines *l, header *h, char *delimiter, adamas_error *error)
{
    char *line;
    adamas_status status = next_full_line(l, &line, error);
    while (!status && line && fields_comment(line) && !(*line == by_semicolon && file_delimiter(line)))
        status = next_full_line(l, &line, error);
    if (status)
        return status;
    *delimiter = line ? file_delimiter(line) : 0;
    if (!*delimiter)
        return status_set(error, ADAMAS_E_FORMAT, "%s: no column 'file' found in its first line", lines_path(l));
    return header_read(h, lines_path(l), lines_number(l), line, *delimiter, 0, error);
}

static adamas_status read_row(meta *m, lines *l, const char *line, char delimiter, const size_t *column,
                              adamas_error *error)
{
    adamas_status status = meta_add(m, (meta_place){lines_path(l), lines_number(l), 0}, error);
    field f;
    for (size_t i = 0; !status && field_next(&line, delimiter, &f); i++) {
        char *entry = field_copy(&f);
        const char *name = m->columns[column[i]].name;
        if (!entry)
            status = status_no_memory(error);
        else if (!*entry && (strcmp(name, "specimen") == 0 || strcmp(name, "file") == 0))
            status = status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %s (column %zu) is empty", lines_path(l),
                                lines_number(l), name, i + 1);
        else
            status = meta_set(m, column[i], entry, error);
        free(entry);
    }
    return status;
}

static adamas_status read_rows(meta *m, lines *l, const header *h, char delimiter, const size_t *column,
                               adamas_error *error)
{
    char *line;
    adamas_status status = next_full_line(l, &line, error);
    while (!status && line) {
        size_t n = fields_count(line, delimiter);
        if (n == h->n)
            status = read_row(m, l, line, delimiter, column, error);
        else if (!fields_comment(line))
            status = status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %zu field%s found, %zu expected", lines_path(l),
                                lines_number(l), n, n == 1 ? "" : "s", h->n);
        if (!status)
            status = next_full_line(l, &line, error);
    }
    if (!status && m->n == 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: a header and no rows found, a row for each file expected",
                            lines_path(l));
    return status;
}

static adamas_status read_table(meta *m, lines *l, adamas_error *error)
{
    header h = {0};
    char delimiter;
    adamas_status status = find_header(l, &h, &delimiter, error);
    size_t *column = status ? NULL : memory_new(h.n, sizeof *column);
    if (!status && !column)
        status = status_no_memory(error);
    for (size_t i = 0; !status && i < h.n; i++)
        status = meta_column_of(m, &column[i], h.columns[i].name, error);
    if (!status)
        status = read_rows(m, l, &h, delimiter, column, error);
    free(column);
    header_clear(&h);
    return status;
}

/* The table's columns, except for the file's name, are added to the import's metadata. */
static adamas_status share_columns(file_table *t, meta *m, adamas_error *error)
{
    t->used = memory_new(t->rows.n, 1);
    t->column = memory_new(t->rows.n_columns, sizeof *t->column);
    if (!t->used || !t->column)
        return status_no_memory(error);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < t->rows.n_columns; i++)
        if (strcmp(t->rows.columns[i].name, "file") != 0)
            status = meta_column_of(m, &t->column[i], t->rows.columns[i].name, error);
    return status;
}

adamas_status file_table_read(file_table *out, const char *path, meta *m, adamas_error *error)
{
    file_table t = {.path = path};
    lines *l = NULL;
    adamas_status status = lines_open(&l, path, error);
    if (!status)
        status = read_table(&t.rows, l, error);
    lines_close(l);
    if (!status)
        status = share_columns(&t, m, error);
    if (status)
        file_table_clear(&t);
    else
        *out = t;
    return status;
}

/* The row for a file, found by its path as given, or else by its name without folder; t->rows.n if there is none. */
static adamas_status find_row(const file_table *t, const char *path, size_t *row, adamas_error *error)
{
    const meta *m = &t->rows;
    const meta_column *file = meta_find(m, "file");
    const char *const wanted[2] = {path, text_file_name(path)};
    for (size_t k = 0; k < 2; k++) {
        *row = m->n;
        for (size_t i = 0; i < m->n; i++) {
            if (strcmp(meta_value(m, file, i), wanted[k]) != 0)
                continue;
            if (*row < m->n)
                return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: file '%s' is also in line %zu", m->places[i].file,
                                  m->places[i].line, wanted[k], m->places[*row].line);
            *row = i;
        }
        if (*row < m->n)
            break;
    }
    return ADAMAS_OK;
}

adamas_status file_table_apply(file_table *t, const char *path, meta *m, adamas_error *error)
{
    size_t row;
    adamas_status status = find_row(t, path, &row, error);
    if (status)
        return status;
    if (row == t->rows.n)
        return status_set(error, ADAMAS_E_DATA, "%s: no row for file '%s'", t->path, text_file_name(path));
    if (t->used[row])
        return status_set(error, ADAMAS_E_DATA, "%s:%zu: two of the files given are '%s'", t->path,
                          t->rows.places[row].line, text_file_name(path));
    t->used[row] = 1;
    m->places[m->n - 1] = t->rows.places[row];
    for (size_t i = 0; !status && i < t->rows.n_columns; i++)
        if (strcmp(t->rows.columns[i].name, "file") != 0)
            status = meta_set(m, t->column[i], meta_value(&t->rows, &t->rows.columns[i], row), error);
    return status;
}

adamas_status file_table_check(const file_table *t, adamas_error *error)
{
    const meta *m = &t->rows;
    for (size_t i = 0; i < m->n; i++)
        if (!t->used[i])
            return status_set(error, ADAMAS_E_DATA, "%s:%zu: file '%s' is not among the files given", m->places[i].file,
                              m->places[i].line, meta_value(m, meta_find(m, "file"), i));
    return ADAMAS_OK;
}

void file_table_clear(file_table *t)
{
    meta_clear(&t->rows);
    free(t->column);
    free(t->used);
    *t = (file_table){0};
}
