/* The headings above a block: names of columns and their units. */
#include "import/heading.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The lines above the first row that name the columns and their units; NULL if there is none. */
typedef struct headings {
    const char *names;
    size_t names_line; /* from 1 */
    const char *units;
    size_t units_line;
} headings;

static int is_bracketed(const field *f)
{
    return f->length >= 2 &&
           ((f->at[0] == '[' && f->at[f->length - 1] == ']') || (f->at[0] == '(' && f->at[f->length - 1] == ')'));
}

static int all_bracketed(const char *line, char delimiter)
{
    field f;
    while (field_next(&line, delimiter, &f))
        if (!is_bracketed(&f))
            return 0;
    return 1;
}

/* Names are directly above the rows, or above a line of units. */
static headings find_headings(const block *b)
{
    headings h = {0};
    char delimiter = b->dialect.delimiter;
    for (size_t line = b->begin; line-- > b->first;) {
        const char *words = page_line(b->page, line);
        if (fields_is_empty_line(words))
            continue;
        const char *after_sign = fields_comment(words);
        if (after_sign)
            words = after_sign;
        if (fields_count(words, delimiter) != b->n_fields)
            break;
        if (h.units || !all_bracketed(words, delimiter)) {
            h.names = words;
            h.names_line = line + 1;
            break;
        }
        h.units = words;
        h.units_line = line + 1;
    }
    return h;
}

/* Other quantities and units than a wavelength in nm, in lower case. */
static const char *const other_units[] = {"cm-1",         "cm^-1",         "cm\xE2\x81\xBB\xC2\xB9",
                                          "1/cm",         "wavenumber",    "raman shift",
                                          "\xC2\xB5m",    "\xCE\xBCm",     "[um]",
                                          "(um)",         "micron",        "micrometer",
                                          "micrometre",   "angstrom",      "\xC3\x85",
                                          "\xE2\x84\xAB", "\xC3\xA5ngstr", "[ev]",
                                          "(ev)",         "thz",           "pixel"};

static adamas_status check_unit(const block *b, const char *words, size_t length, size_t line, adamas_error *error)
{
    for (size_t k = 0; k < sizeof other_units / sizeof *other_units; k++) {
        size_t unit = strlen(other_units[k]);
        for (size_t i = 0; i + unit <= length; i++) {
            field part = {words + i, unit};
            if (field_is(&part, other_units[k]))
                return status_set(error, ADAMAS_E_AXIS, "%s:%zu: '%.*s' found above the first column, nm expected",
                                  b->page->path, line, (int)(length < 80 ? length : 80), words);
        }
    }
    return ADAMAS_OK;
}

static adamas_status check_first_heading(const block *b, const char *line, size_t number, adamas_error *error)
{
    field f;
    if (!line || !field_next(&line, b->dialect.delimiter, &f))
        return ADAMAS_OK;
    return check_unit(b, f.at, f.length, number, error);
}

/* If blanks are the delimiter, headings of several words cannot be separated, but another unit than nm can be found. */
static adamas_status check_words_above(const block *b, adamas_error *error)
{
    if (b->dialect.delimiter != by_blanks || b->begin == b->first)
        return ADAMAS_OK;
    const char *words = page_line(b->page, b->begin - 1);
    if (strchr(words, ':'))
        return ADAMAS_OK;
    return check_unit(b, words, strlen(words), b->begin, error);
}

/* Wavelengths in another column than the first would be taken for intensities. */
static adamas_status check_order(const block *b, const headings *h, adamas_error *error)
{
    const char *at = h->names;
    field f;
    for (size_t place = 1; field_next(&at, b->dialect.delimiter, &f); place++) {
        field start = {f.at, 4};
        if (f.length < 4 || !field_is(&start, "wave"))
            continue;
        if (place == 1)
            return ADAMAS_OK;
        return status_set(error, ADAMAS_E_FORMAT,
                          "%s:%zu: '%.*s' is above column %zu, wavelengths expected in the first", b->page->path,
                          h->names_line, field_length(&f), f.at, place);
    }
    return ADAMAS_OK;
}

static adamas_status check_headings(const block *b, const headings *h, adamas_error *error)
{
    adamas_status status = check_first_heading(b, h->names, h->names_line, error);
    if (!status)
        status = check_first_heading(b, h->units, h->units_line, error);
    if (!status && !h->names && !h->units)
        status = check_words_above(b, error);
    if (!status)
        status = check_order(b, h, error);
    return status;
}

/* The field without a unit in brackets at its end. */
static field without_unit(field f)
{
    const char *open = memchr(f.at, '[', f.length);
    if (!open)
        open = memchr(f.at, '(', f.length);
    if (open > f.at)
        f.length = (size_t)(open - f.at);
    while (f.length && f.at[f.length - 1] == ' ')
        f.length--;
    return f;
}

static int is_wanted(const field *f, const char *wanted)
{
    static const char *const usual[] = {"sample", "s", "scope", "intensity", "signal"};
    field name = without_unit(*f);
    if (wanted)
        return field_is(f, wanted) || field_is(&name, wanted);
    for (size_t k = 0; k < sizeof usual / sizeof *usual; k++)
        if (field_is(&name, usual[k]))
            return 1;
    return 0;
}

static adamas_status refuse_choice(const block *b, const headings *h, const char *wanted, size_t found,
                                   adamas_error *error)
{
    text list = {0};
    const char *at = h->names;
    field f;
    for (int i = 0; at && list.length < 400 && field_next(&at, b->dialect.delimiter, &f); i++)
        text_append(&list, "%s'%.*s'", i ? ", " : "", field_length(&f), f.at);
    adamas_status status;
    if (list.failed)
        status = status_no_memory(error);
    else if (!list.length)
        status = status_set(error, ADAMAS_E_FORMAT,
                            "%s:%zu: %zu columns found and no headings above them to tell which holds the intensity",
                            b->page->path, b->begin + 1, b->n_fields);
    else
        status = status_set(error, ADAMAS_E_FORMAT, "%s:%zu: %zu columns headed '%s' found, one expected; there are %s",
                            b->page->path, h->names_line, found, wanted ? wanted : "sample' or 'intensity", list.at);
    text_clear(&list);
    return status;
}

adamas_status heading_column(size_t *column, const block *b, const char *wanted, adamas_error *error)
{
    headings h = find_headings(b);
    adamas_status status = check_headings(b, &h, error);
    if (status)
        return status;
    *column = 1;
    if (b->n_fields == 2 && !wanted)
        return ADAMAS_OK;
    size_t found = 0;
    const char *at = h.names;
    field f;
    for (size_t i = 0; field_next(&at, b->dialect.delimiter, &f); i++)
        if (i > 0 && is_wanted(&f, wanted)) {
            *column = i;
            found++;
        }
    return found == 1 ? ADAMAS_OK : refuse_choice(b, &h, wanted, found, error);
}
