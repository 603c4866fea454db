/* The block of numbers: where it begins and ends, and its rows. A line that should be a row but is not is refused. */
#include "import/block.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t numbers_in(const block *b, size_t line)
{
    return fields_all_numbers(page_line(b->page, line), b->dialect);
}

static int starts_with_number(const block *b, size_t line)
{
    const char *at = page_line(b->page, line);
    field f;
    double value;
    return field_next(&at, b->dialect.delimiter, &f) && field_number_or_nan(&f, b->dialect.mark, &value);
}

/* The error for a line that should be a row. */
static adamas_status refuse_row(const block *b, size_t line, adamas_error *error)
{
    const char *at = page_line(b->page, line);
    size_t n = fields_count(at, b->dialect.delimiter);
    if (n != b->n_fields)
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %zu field%s found, %zu expected", b->page->path, line + 1, n,
                          n == 1 ? "" : "s", b->n_fields);
    field f;
    double value;
    size_t place = 1;
    while (field_next(&at, b->dialect.delimiter, &f) && field_number_or_nan(&f, b->dialect.mark, &value))
        place++;
    if (f.length == 0)
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: column %zu is empty, a number expected", b->page->path,
                          line + 1, place);
    return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: '%.*s' found in column %zu, a number expected", b->page->path,
                      line + 1, field_length(&f), f.at, place);
}

/* Refuses the line directly above the first row if it looks like a malformed row: if it starts with a number and has as
 * many fields, or is a single number other than the number of rows (which some programs write there). */
static adamas_status check_line_above(const block *b, adamas_error *error)
{
    if (b->begin == b->first)
        return ADAMAS_OK;
    size_t line = b->begin - 1;
    if (!starts_with_number(b, line))
        return ADAMAS_OK;
    const char *at = page_line(b->page, line);
    size_t n = fields_count(at, b->dialect.delimiter);
    if (n == b->n_fields)
        return refuse_row(b, line, error);
    if (n != 1)
        return ADAMAS_OK;
    size_t rows = 0;
    for (size_t i = b->begin; i < b->last; i++)
        rows += numbers_in(b, i) == b->n_fields;
    field f;
    double value = NAN;
    field_next(&at, b->dialect.delimiter, &f);
    field_number(&f, b->dialect.mark, &value);
    return value == (double)rows ? ADAMAS_OK : refuse_row(b, line, error);
}

adamas_status block_find(block *b, adamas_error *error)
{
    b->dialect = fields_find_dialect(b->page, b->first, b->last);
    if (!b->dialect.delimiter)
        return status_set(
            error, ADAMAS_E_FORMAT,
            "%s: neither a spectrum (lines of a wavelength and an intensity) nor a table of spectra (a column "
            "'specimen' and columns named by wavelength) found",
            b->page->path);
    b->begin = b->first;
    while (numbers_in(b, b->begin) < 2)
        b->begin++;
    b->n_fields = numbers_in(b, b->begin);
    return check_line_above(b, error);
}

/* Is the next line that is not empty a row? */
static int row_is_next(const block *b, size_t line)
{
    for (line++; line < b->last; line++)
        if (!fields_is_empty_line(page_line(b->page, line)))
            return numbers_in(b, line) == b->n_fields;
    return 0;
}

static int row_follows(const block *b, size_t line)
{
    for (line++; line < b->last; line++)
        if (numbers_in(b, line) == b->n_fields)
            return 1;
    return 0;
}

/* Does a line of text end the block, or is it a malformed row? A line that starts with ">>" is an end mark. */
static int ends_block(const block *b, size_t line)
{
    const char *text = page_line(b->page, line);
    if (strncmp(text, ">>", 2) == 0)
        return 1;
    if (starts_with_number(b, line))
        return !numbers_in(b, line) && fields_count(text, b->dialect.delimiter) > 1 && !row_follows(b, line);
    return !row_is_next(b, line);
}

static adamas_status read_row(const block *b, size_t line, size_t column, block_spectrum *s, adamas_error *error)
{
    const char *at = page_line(b->page, line);
    field f;
    double value[2] = {NAN, NAN};
    for (size_t i = 0; field_next(&at, b->dialect.delimiter, &f) && i <= column; i++) {
        if (i == 0 || i == column)
            field_number_or_nan(&f, b->dialect.mark, &value[i > 0]);
        if (i == 0 && !isfinite(value[0]))
            return status_set(error, ADAMAS_E_AXIS, "%s:%zu: wavelength '%.*s' found, a number of nm above 0 expected",
                              b->page->path, line + 1, field_length(&f), f.at);
    }
    s->nm[s->n] = value[0];
    s->intensity[s->n++] = (float)value[1];
    return ADAMAS_OK;
}

/* If the wavelengths start again after an empty line, the rows are of another spectrum. */
static adamas_status check_no_second(const block *b, size_t line, const block_spectrum *s, adamas_error *error)
{
    if (s->n < 2 || !fields_is_empty_line(page_line(b->page, line - 1)) || s->nm[s->n - 1] > s->nm[0])
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: a second spectrum starts here, one in each file expected",
                      b->page->path, line + 1);
}

static adamas_status read_rows(const block *b, size_t column, block_spectrum *s, adamas_error *error)
{
    for (size_t line = b->begin; line < b->last; line++) {
        const char *text = page_line(b->page, line);
        adamas_status status = ADAMAS_OK;
        if (numbers_in(b, line) == b->n_fields) {
            status = read_row(b, line, column, s, error);
            if (!status && line > b->begin)
                status = check_no_second(b, line, s, error);
        } else if (!fields_is_empty_line(text) && !fields_comment(text)) {
            if (ends_block(b, line))
                break;
            status = refuse_row(b, line, error);
        }
        if (status)
            return status;
    }
    return ADAMAS_OK;
}

adamas_status block_read(block_spectrum *out, const block *b, size_t column, adamas_error *error)
{
    size_t capacity = b->last - b->begin;
    block_spectrum s = {0, memory_raw(capacity, sizeof *s.nm), memory_raw(capacity, sizeof *s.intensity)};
    adamas_status status = s.nm && s.intensity ? read_rows(b, column, &s, error) : status_no_memory(error);
    if (status)
        block_spectrum_clear(&s);
    else
        *out = s;
    return status;
}

void block_spectrum_clear(block_spectrum *s)
{
    free(s->nm);
    free(s->intensity);
    *s = (block_spectrum){0};
}
