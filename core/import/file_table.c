#include "import/import_job.h"

#include "base/memory.h"
#include "base/text.h"
#include "import/header.h"

#include <stdlib.h>
#include <string.h>

/* The first delimiter by which a line has a field `file`, or 0. */
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
    while (!status && *line && line_is_empty(*line))
        status = lines_next(l, line, error);
    return status;
}

/* Until the header every line with a comment sign is a comment. */
static adamas_status find_header(lines *l, header *h, char *delimiter, adamas_error *error)
{
    char *line;
    adamas_status status = next_full_line(l, &line, error);
    while (!status && line && line_comment(line) && !(*line == by_semicolon && file_delimiter(line)))
        status = next_full_line(l, &line, error);
    if (status)
        return status;
    *delimiter = line ? file_delimiter(line) : 0;
    if (!*delimiter)
        return status_set(error, ADAMAS_E_FORMAT, "%s: no column 'file' found in its first line", lines_path(l));
    return header_read(h, lines_path(l), lines_number(l), line, *delimiter, 0, error);
}

static adamas_status read_row(import *in, lines *l, const char *line, char delimiter, const size_t *column,
                              adamas_error *error)
{
    meta *m = &in->table;
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

static adamas_status read_rows(import *in, lines *l, const header *h, char delimiter, const size_t *column,
                               adamas_error *error)
{
    char *line;
    adamas_status status = next_full_line(l, &line, error);
    while (!status && line) {
        size_t n = fields_count(line, delimiter);
        if (n == h->n)
            status = read_row(in, l, line, delimiter, column, error);
        else if (!line_comment(line))
            status = status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %zu field%s found, %zu expected", lines_path(l),
                                lines_number(l), n, n == 1 ? "" : "s", h->n);
        if (!status)
            status = next_full_line(l, &line, error);
    }
    if (!status && in->table.n == 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: a header and no rows found, a row for each file expected",
                            lines_path(l));
    return status;
}

static adamas_status read_table(import *in, lines *l, adamas_error *error)
{
    header h = {0};
    char delimiter;
    adamas_status status = find_header(l, &h, &delimiter, error);
    size_t *column = status ? NULL : memory_new(h.n, sizeof *column);
    if (!status && !column)
        status = status_no_memory(error);
    for (size_t i = 0; !status && i < h.n; i++)
        status = meta_column_of(&in->table, &column[i], h.columns[i].name, error);
    if (!status)
        status = read_rows(in, l, &h, delimiter, column, error);
    free(column);
    header_clear(&h);
    return status;
}

/* The table's columns become the import's, except for the file's name. */
static adamas_status share_columns(import *in, adamas_error *error)
{
    in->table_used = memory_new(in->table.n, 1);
    in->table_column = memory_new(in->table.n_columns, sizeof *in->table_column);
    if (!in->table_used || !in->table_column)
        return status_no_memory(error);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < in->table.n_columns; i++)
        if (strcmp(in->table.columns[i].name, "file") != 0)
            status = meta_column_of(&in->meta, &in->table_column[i], in->table.columns[i].name, error);
    return status;
}

adamas_status file_table_read(import *in, adamas_error *error)
{
    lines *l = NULL;
    adamas_status status = lines_open(&l, in->what->table, error);
    if (!status)
        status = read_table(in, l, error);
    lines_close(l);
    return status ? status : share_columns(in, error);
}

/* The row for a file: its path as it is given comes before its name. in->table.n where there is none. */
static adamas_status find_row(const import *in, const char *path, size_t *row, adamas_error *error)
{
    const meta *m = &in->table;
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

adamas_status file_table_apply(import *in, const char *path, adamas_error *error)
{
    size_t row;
    adamas_status status = find_row(in, path, &row, error);
    if (status)
        return status;
    if (row == in->table.n)
        return status_set(error, ADAMAS_E_DATA, "%s: no row for file '%s'", in->what->table, text_file_name(path));
    if (in->table_used[row])
        return status_set(error, ADAMAS_E_DATA, "%s:%zu: two of the files given are '%s'", in->what->table,
                          in->table.places[row].line, text_file_name(path));
    in->table_used[row] = 1;
    in->meta.places[in->meta.n - 1] = in->table.places[row];
    for (size_t i = 0; !status && i < in->table.n_columns; i++)
        if (strcmp(in->table.columns[i].name, "file") != 0)
            status =
                meta_set(&in->meta, in->table_column[i], meta_value(&in->table, &in->table.columns[i], row), error);
    return status;
}

adamas_status file_table_check(const import *in, adamas_error *error)
{
    const meta *m = &in->table;
    for (size_t i = 0; i < m->n; i++)
        if (!in->table_used[i])
            return status_set(error, ADAMAS_E_DATA, "%s:%zu: file '%s' is not among the files given", m->places[i].file,
                              m->places[i].line, meta_value(m, meta_find(m, "file"), i));
    return ADAMAS_OK;
}
