/* A table of spectra: its header gives the axis and the columns of metadata, each row is a shot. */
#include "import/wide.h"

#include "base/memory.h"
#include "import/header.h"

#include <stdlib.h>
#include <string.h>

typedef struct wide {
    lines *lines;
    const char *path;
    char delimiter;
    header header;
    char mark;    /* the decimal mark, 0 until a number has shown it */
    size_t *meta; /* [header.n]: the place of each metadata column in the import's metadata */
    float *row;   /* [header.n_channels] */
    size_t rows;
} wide;

char wide_delimiter(const char *line)
{
    static const char delimiters[] = {by_tab, by_semicolon, by_comma, by_blanks};
    for (size_t k = 0; k < sizeof delimiters; k++) {
        const char *at = line;
        field f;
        int has_specimen = 0, has_channel = 0;
        char mark = 0;
        double nm;
        while (field_next(&at, delimiters[k], &f)) {
            has_specimen |= field_is(&f, "specimen");
            has_channel |= header_is_channel(&f, &mark, &nm);
        }
        if (has_specimen && has_channel)
            return delimiters[k];
    }
    return 0;
}

static adamas_status start_axis(wide *t, import_job *job, adamas_error *error)
{
    double *nm = memory_raw(t->header.n_channels, sizeof *nm);
    if (!nm)
        return status_no_memory(error);
    size_t n = 0;
    for (size_t i = 0; i < t->header.n; i++)
        if (t->header.columns[i].is_channel)
            nm[n++] = t->header.columns[i].nm;
    adamas_status status = import_job_set_axis(job, t->path, nm, n, error);
    free(nm);
    return status;
}

static adamas_status start(wide *t, import_job *job, const char *line, adamas_error *error)
{
    adamas_status status = header_read(&t->header, t->path, lines_number(t->lines), line, t->delimiter, 1, error);
    if (status)
        return status;
    t->mark = t->header.mark;
    t->meta = memory_new(t->header.n, sizeof *t->meta);
    t->row = memory_raw(t->header.n_channels, sizeof *t->row);
    if (!t->meta || !t->row)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < t->header.n; i++)
        if (!t->header.columns[i].is_channel)
            status = meta_column_of(&job->meta, &t->meta[i], t->header.columns[i].name, error);
    return status ? status : start_axis(t, job, error);
}

static adamas_status read_intensity(wide *t, size_t column, const field *f, float *out, adamas_error *error)
{
    const header_column *c = &t->header.columns[column];
    if (f->length == 0)
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: column %zu ('%s') is empty, a number expected", t->path,
                          lines_number(t->lines), c->place, c->name);
    double value;
    if (!field_number_or_nan(f, t->mark, &value))
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: column %zu ('%s'): '%.*s' found, a number expected", t->path,
                          lines_number(t->lines), c->place, c->name, field_length(f), f->at);
    if (!t->mark)
        t->mark = field_mark(f);
    *out = (float)value;
    return ADAMAS_OK;
}

static adamas_status keep_text(wide *t, import_job *job, size_t column, const field *f, adamas_error *error)
{
    const char *name = t->header.columns[column].name;
    if (f->length == 0) {
        field heading = {name, strlen(name)};
        if (field_is(&heading, "specimen"))
            return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: specimen (column %zu) is empty", t->path,
                              lines_number(t->lines), column + 1);
        return ADAMAS_OK;
    }
    char *text = field_copy(f);
    if (!text)
        return status_no_memory(error);
    adamas_status status = meta_set(&job->meta, t->meta[column], text, error);
    free(text);
    return status;
}

static adamas_status read_row(wide *t, import_job *job, const char *line, adamas_error *error)
{
    adamas_status status = meta_add(&job->meta, (meta_place){t->path, lines_number(t->lines), 0}, error);
    float *next = t->row;
    field f;
    for (size_t i = 0; !status && field_next(&line, t->delimiter, &f); i++)
        status =
            t->header.columns[i].is_channel ? read_intensity(t, i, &f, next++, error) : keep_text(t, job, i, &f, error);
    if (status)
        return status;
    job->meta.places[job->meta.n - 1].mark = t->mark;
    t->rows++;
    return import_job_add_row(job, t->row, error);
}

/* A line that starts with a comment sign is a row all the same if it has all fields: "#12" may be a specimen. */
static adamas_status read_line(wide *t, import_job *job, const char *line, adamas_error *error)
{
    if (fields_is_empty_line(line))
        return ADAMAS_OK;
    size_t n = fields_count(line, t->delimiter);
    if (n == t->header.n)
        return read_row(t, job, line, error);
    if (fields_comment(line))
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %zu field%s found, %zu expected", t->path,
                      lines_number(t->lines), n, n == 1 ? "" : "s", t->header.n);
}

static adamas_status read_rows(wide *t, import_job *job, adamas_error *error)
{
    const size_t progress_interval = 64; /* lines */
    char *line;
    adamas_status status = lines_next(t->lines, &line, error);
    while (!status && line) {
        status = read_line(t, job, line, error);
        if (!status && lines_number(t->lines) % progress_interval == 0)
            status = import_job_progress(job, lines_bytes(t->lines), error);
        if (!status)
            status = lines_next(t->lines, &line, error);
    }
    if (!status && t->rows == 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: a header and no rows found, a row for each spectrum expected",
                            t->path);
    return status;
}

static adamas_status refuse_names(const import_job *job, const char *path, adamas_error *error)
{
    const adamas_import *w = job->what;
    const char *asked = w->table                                            ? "a table of files"
                        : w->column                                         ? "an intensity column"
                        : w->specimen || w->origin || w->session || w->shot ? "an expression for the file's name"
                                                                            : NULL;
    if (!asked)
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_ARGUMENT,
                      "%s: is a table with a row for each spectrum; %s is only for files of one spectrum each", path,
                      asked);
}

adamas_status wide_read(import_job *job, lines *l, const char *line, adamas_error *error)
{
    wide t = {.lines = l, .path = lines_path(l), .delimiter = wide_delimiter(line)};
    adamas_status status = refuse_names(job, t.path, error);
    if (!status)
        status = start(&t, job, line, error);
    if (!status)
        status = read_rows(&t, job, error);
    header_clear(&t.header);
    free(t.meta);
    free(t.row);
    return status;
}
