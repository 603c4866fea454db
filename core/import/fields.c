/* The fields of a line, the numbers in them, and how a file writes them. */
#include "import/fields.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static int is_delimiter(const char *c, char delimiter)
{
    if (delimiter == by_blanks)
        return is_blank(*c);
    if (delimiter == by_comma_and_blank)
        return *c == ',' && (is_blank(c[1]) || c[1] == '\0');
    return *c == delimiter;
}

static const char *skip_blanks(const char *c, char delimiter)
{
    while (is_blank(*c) && (delimiter == by_blanks || !is_delimiter(c, delimiter)))
        c++;
    return c;
}

/* From the opening quote; returns what follows the closing one (the line's end if there is none). */
static const char *quoted(const char *c, field *f)
{
    f->at = ++c;
    while (*c && (*c != '"' || c[1] == '"'))
        c += *c == '"' ? 2 : 1;
    f->length = (size_t)(c - f->at);
    return *c ? c + 1 : c;
}

static const char *unquoted(const char *c, char delimiter, field *f)
{
    f->at = c;
    while (*c && !is_delimiter(c, delimiter))
        c++;
    f->length = (size_t)(c - f->at);
    while (f->length && is_blank(f->at[f->length - 1]))
        f->length--;
    return c;
}

int field_next(const char **at, char delimiter, field *f)
{
    if (!*at)
        return 0;
    const char *c = skip_blanks(*at, delimiter);
    if (delimiter == by_blanks && !*c) {
        *at = NULL;
        return 0;
    }
    c = *c == '"' ? quoted(c, f) : unquoted(c, delimiter, f);
    while (*c && !is_delimiter(c, delimiter))
        c++;
    *at = *c ? c + 1 : NULL;
    return 1;
}

size_t fields_count(const char *line, char delimiter)
{
    field f;
    size_t n = 0;
    while (field_next(&line, delimiter, &f))
        n++;
    return n;
}

char field_mark(const field *f)
{
    int comma = memchr(f->at, ',', f->length) != NULL;
    int point = memchr(f->at, '.', f->length) != NULL;
    return comma == point ? '\0' : comma ? ',' : '.';
}

int field_number(const field *f, char mark, double *value)
{
    char copy[128];
    if (f->length == 0 || f->length >= sizeof copy)
        return 0;
    for (size_t i = 0; i < f->length; i++) {
        char c = f->at[i];
        int is_mark = c == '.' || c == ',';
        if (is_mark && mark && c != mark)
            return 0;
        copy[i] = is_mark ? '.' : c;
    }
    copy[f->length] = '\0';
    const char *end = text_to_number(copy, value);
    return end && *end == '\0';
}

int field_number_or_nan(const field *f, char mark, double *value)
{
    if (field_number(f, mark, value))
        return 1;
    int has_sign = f->length > 0 && (*f->at == '-' || *f->at == '+');
    field word = {f->at + has_sign, f->length - (size_t)has_sign};
    if (field_is(&word, "nan"))
        *value = NAN;
    else if (field_is(&word, "inf") || field_is(&word, "infinity"))
        *value = *f->at == '-' ? -INFINITY : INFINITY;
    else
        return 0;
    return 1;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int field_is(const field *f, const char *word)
{
    size_t i = 0;
    while (i < f->length && word[i] && lower(f->at[i]) == lower(word[i]))
        i++;
    return i == f->length && !word[i];
}

int field_length(const field *f)
{
    const size_t enough = 60;
    return (int)(f->length < enough ? f->length : enough);
}

char *field_copy(const field *f)
{
    char *copy = memory_raw(f->length + 1, 1);
    if (!copy)
        return NULL;
    size_t n = 0;
    for (size_t i = 0; i < f->length; i++) {
        copy[n++] = f->at[i];
        i += f->at[i] == '"' && i + 1 < f->length && f->at[i + 1] == '"';
    }
    copy[n] = '\0';
    return copy;
}

size_t fields_all_numbers(const char *line, dialect d)
{
    field f;
    size_t n = 0;
    double value;
    while (field_next(&line, d.delimiter, &f)) {
        if (f.length == 0 && !line && n > 0)
            return n;
        if (!field_number_or_nan(&f, d.mark, &value))
            return 0;
        n++;
    }
    return n;
}

/* In order of preference if several fit: "176,36, 328,5" is two numbers, not four; a comma in a line with tabs
 * or semicolons is a decimal mark. Decimal commas between commas can only be in quotes. */
static const dialect dialects[] = {
    {by_tab, '.'},   {by_tab, ','},   {by_semicolon, '.'}, {by_semicolon, ','}, {by_comma_and_blank, ','},
    {by_comma, '.'}, {by_comma, ','}, {by_blanks, '.'},    {by_blanks, ','}};

static int may_be_numbers(const char *line)
{
    while (is_blank(*line))
        line++;
    return *line && strchr("0123456789+-.,\"", *line);
}

dialect fields_find_dialect(const page *p, size_t first, size_t last)
{
    dialect best = {0};
    size_t best_lines = 0, all = 0;
    for (size_t i = first; i < last; i++)
        all += may_be_numbers(page_line(p, i)) != 0;
    for (size_t k = 0; best_lines < all && k < sizeof dialects / sizeof *dialects; k++) {
        size_t n = 0;
        for (size_t i = first; i < last; i++)
            n += fields_all_numbers(page_line(p, i), dialects[k]) >= 2;
        if (n > best_lines) {
            best_lines = n;
            best = dialects[k];
        }
    }
    return best;
}

int fields_is_empty_line(const char *line)
{
    while (is_blank(*line))
        line++;
    return *line == '\0';
}

const char *fields_comment(const char *line)
{
    while (is_blank(*line))
        line++;
    if (*line == '#' || *line == '%' || *line == ';')
        return line + 1;
    return line[0] == '/' && line[1] == '/' ? line + 2 : NULL;
}
