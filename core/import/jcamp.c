/* JCAMP-DX, as far as spectra given as points need it. */
#include "import/jcamp.h"

#include <math.h>
#include <string.h>

/* JCAMP-DX (McDonald and Wilks, Applied Spectroscopy 42, 1988, 151): lines "##LABEL= value", in labels case is
 * ignored, and so are blanks, "-", "/" and "_"; "$$" starts a comment. Returns the value if the line has this label,
 * else NULL. */
static const char *value_of(const char *line, const char *label)
{
    if (strncmp(line, "##", 2) != 0)
        return NULL;
    for (line += 2; *line && *line != '='; line++) {
        if (strchr(" -/_", *line))
            continue;
        field c = {line, 1};
        const char letter[2] = {*label, '\0'};
        if (!*label || !field_is(&c, letter))
            return NULL;
        label++;
    }
    if (*label || *line != '=')
        return NULL;
    line++;
    return line + strspn(line, " \t");
}

static field without_comment(const char *value)
{
    const char *end = strstr(value, "$$");
    field f = {value, end ? (size_t)(end - value) : strlen(value)};
    while (f.length && strchr(" \t", f.at[f.length - 1]))
        f.length--;
    return f;
}

int jcamp_is(const page *p)
{
    size_t i = 0;
    while (i < p->n && fields_is_empty_line(page_line(p, i)))
        i++;
    return i < p->n && value_of(page_line(p, i), "TITLE");
}

static int contains(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (; strlen(text) >= length; text++) {
        field part = {text, length};
        if (field_is(&part, word))
            return 1;
    }
    return 0;
}

static const char *data_form(const char *line)
{
    const char *points = value_of(line, "XYPOINTS");
    return points ? points : value_of(line, "XYDATA");
}

/* Chooses among the blocks with data: the only one with a preferred title, or else the first. */
static adamas_status choose(jcamp *j, const page *p, adamas_error *error)
{
    size_t title = 0, blocks = 0, preferred = 0;
    jcamp first = *j, best = *j;
    for (size_t i = 0; i < p->n; i++) {
        const char *line = page_line(p, i);
        if (value_of(line, "TITLE"))
            title = i;
        if (!data_form(line))
            continue;
        const char *name = value_of(page_line(p, title), "TITLE");
        int is_preferred = name && (contains(name, "processed") || contains(name, "sample"));
        if (blocks++ == 0)
            first.title = title, first.label = i;
        if (is_preferred && preferred++ == 0)
            best.title = title, best.label = i;
    }
    if (!blocks)
        return status_set(error, ADAMAS_E_FORMAT, "%s: neither ##XYPOINTS= nor ##XYDATA= found in this JCAMP-DX file",
                          p->path);
    *j = preferred == 1 ? best : first;
    return ADAMAS_OK;
}

/* A label's value within the chosen block; NULL if it has none. */
static const char *find(const jcamp *j, const page *p, const char *label, size_t *line)
{
    for (size_t i = j->title; i < j->label; i++) {
        const char *value = value_of(page_line(p, i), label);
        if (value) {
            *line = i;
            return value;
        }
    }
    return NULL;
}

static adamas_status find_number(const jcamp *j, const page *p, const char *label, double *number, adamas_error *error)
{
    size_t line;
    const char *value = find(j, p, label, &line);
    if (!value)
        return ADAMAS_OK;
    field f = without_comment(value);
    if (!field_number(&f, 0, number))
        return status_set(error, ADAMAS_E_FORMAT, "%s:%zu: '%.*s' found for ##%s=, a number expected", p->path,
                          line + 1, field_length(&f), f.at, label);
    return ADAMAS_OK;
}

static adamas_status check_form(const jcamp *j, const page *p, adamas_error *error)
{
    field form = without_comment(data_form(page_line(p, j->label)));
    if (!field_is(&form, "(XY..XY)"))
        return status_set(error, ADAMAS_E_FORMAT,
                          "%s:%zu: JCAMP-DX data of the form '%.*s' found, (XY..XY) expected: export it as points",
                          p->path, j->label + 1, field_length(&form), form.at);
    size_t line;
    const char *units = find(j, p, "XUNITS", &line);
    if (units && !contains(units, "nanomet") && !contains(units, "nm"))
        return status_set(error, ADAMAS_E_AXIS, "%s:%zu: ##XUNITS= '%s' found, NANOMETERS expected", p->path, line + 1,
                          units);
    return ADAMAS_OK;
}

adamas_status jcamp_find(jcamp *out, block *b, adamas_error *error)
{
    *out = (jcamp){.x_factor = 1, .y_factor = 1};
    adamas_status status = choose(out, b->page, error);
    if (!status)
        status = check_form(out, b->page, error);
    if (!status)
        status = find_number(out, b->page, "XFACTOR", &out->x_factor, error);
    if (!status)
        status = find_number(out, b->page, "YFACTOR", &out->y_factor, error);
    b->first = out->label + 1;
    b->last = b->first;
    while (b->last < b->page->n && strncmp(page_line(b->page, b->last), "##", 2) != 0)
        b->last++;
    return status;
}

static adamas_status check_end(const jcamp *j, const page *p, const char *label, double found, adamas_error *error)
{
    const double printing_tolerance = 1e-4;
    double expected = found;
    adamas_status status = find_number(j, p, label, &expected, error);
    if (!status && fabs(found - expected) > printing_tolerance * fabs(expected))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %.10g nm found at the end, ##%s= says %.10g", p->path, found,
                            label, expected);
    return status;
}

adamas_status jcamp_finish(const jcamp *j, const block *b, block_spectrum *s, adamas_error *error)
{
    for (size_t i = 0; i < s->n; i++) {
        s->nm[i] *= j->x_factor;
        s->intensity[i] = (float)(s->intensity[i] * j->y_factor);
    }
    double points = (double)s->n;
    adamas_status status = find_number(j, b->page, "NPOINTS", &points, error);
    if (!status && points != (double)s->n)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %zu points found, ##NPOINTS= says %.10g", b->page->path, s->n,
                            points);
    if (!status)
        status = check_end(j, b->page, "FIRSTX", s->nm[0], error);
    if (!status)
        status = check_end(j, b->page, "LASTX", s->nm[s->n - 1], error);
    return status;
}
