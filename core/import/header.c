/* A table's line of column names. */
#include "import/header.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int header_is_channel(const field *f, char *mark, double *nm)
{
    field number = *f;
    if (number.length > 2) {
        field unit = {f->at + f->length - 2, 2};
        number.length -= field_is(&unit, "nm") ? 2 : 0;
    }
    while (number.length && (number.at[number.length - 1] == ' ' || number.at[number.length - 1] == '\t'))
        number.length--;
    if (!field_number_or_nan(&number, *mark, nm))
        return 0;
    if (!*mark)
        *mark = field_mark(&number);
    return 1;
}

static adamas_status read_names(header *h, const char *path, size_t number, const char *line, char delimiter,
                                int has_channels, adamas_error *error)
{
    field f;
    for (size_t place = 1; field_next(&line, delimiter, &f); place++) {
        if (f.length == 0)
            return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: column %zu has no heading", path, number, place);
        if (memchr(f.at, '/', f.length))
            return status_set(error, ADAMAS_E_FORMAT,
                              "%s:%zu: column %zu is headed '%.*s', a name without '/' expected", path, number, place,
                              field_length(&f), f.at);
        header_column *c = &h->columns[h->n];
        c->name = field_copy(&f);
        if (!c->name)
            return status_no_memory(error);
        c->place = place;
        c->is_channel = has_channels && header_is_channel(&f, &h->mark, &c->nm);
        h->n_channels += c->is_channel != 0;
        h->n++;
    }
    return ADAMAS_OK;
}

static adamas_status check_no_gap(const header *h, const char *path, size_t number, adamas_error *error)
{
    size_t seen = 0;
    for (size_t i = 0; i < h->n; i++) {
        seen += h->columns[i].is_channel != 0;
        if (!h->columns[i].is_channel && seen > 0 && seen < h->n_channels)
            return status_set(error, ADAMAS_E_FORMAT,
                              "%s:%zu: column %zu is headed '%s', between wavelengths: a wavelength in nm expected",
                              path, number, i + 1, h->columns[i].name);
    }
    return ADAMAS_OK;
}

static int compare(const void *left, const void *right)
{
    const header_column *a = *(header_column *const *)left, *b = *(header_column *const *)right;
    if (a->is_channel != b->is_channel)
        return a->is_channel - b->is_channel;
    int order = a->is_channel ? (a->nm > b->nm) - (a->nm < b->nm) : strcmp(a->name, b->name);
    return order ? order : (a->place > b->place) - (a->place < b->place);
}

static int same_column(const header_column *a, const header_column *b)
{
    if (a->is_channel && b->is_channel)
        return a->nm == b->nm;
    return strcmp(a->name, b->name) == 0;
}

static adamas_status check_distinct(const header *h, const char *path, size_t number, adamas_error *error)
{
    const header_column **sorted = memory_raw(h->n, sizeof *sorted);
    if (!sorted)
        return status_no_memory(error);
    for (size_t i = 0; i < h->n; i++)
        sorted[i] = &h->columns[i];
    qsort(sorted, h->n, sizeof *sorted, compare);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 1; !status && i < h->n; i++)
        if (same_column(sorted[i - 1], sorted[i]))
            status = status_set(error, ADAMAS_E_FORMAT, "%s:%zu: columns %zu and %zu are both headed '%s'", path,
                                number, sorted[i - 1]->place, sorted[i]->place, sorted[i]->name);
    free(sorted);
    return status;
}

adamas_status header_read(header *out, const char *path, size_t number, const char *line, char delimiter,
                          int has_channels, adamas_error *error)
{
    size_t n = fields_count(line, delimiter);
    header h = {.columns = memory_new(n, sizeof *h.columns)};
    adamas_status status =
        h.columns ? read_names(&h, path, number, line, delimiter, has_channels, error) : status_no_memory(error);
    if (!status)
        status = check_distinct(&h, path, number, error);
    if (!status)
        status = check_no_gap(&h, path, number, error);
    if (status)
        header_clear(&h);
    else
        *out = h;
    return status;
}

void header_clear(header *h)
{
    for (size_t i = 0; i < h->n; i++)
        free(h->columns[i].name);
    free(h->columns);
    *h = (header){0};
}
