/* The tables of shots and specimens, made from columns of text. */
#include "import/meta_tables.h"

#include "base/memory.h"
#include "import/fields.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The table that a column goes to, and its type. The specimens have a column `id` already, so one of that name stays
 * with the shots. */
typedef enum level { of_shots, of_specimens, of_either } level;

typedef struct column_rule {
    const char *name;
    level level;
    int is_text;
    int is_number;
} column_rule;

static const column_rule rules[] = {{"spot", of_shots, 1, 0},       {"session", of_shots, 1, 0},
                                    {"shot", of_shots, 0, 1},       {"origin", of_specimens, 1, 0},
                                    {"parcel", of_specimens, 1, 0}, {"mass_ct", of_specimens, 0, 1},
                                    {"id", of_shots, 0, 0}};

static column_rule rule_of(const char *name)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, name) == 0)
            return rules[i];
    return (column_rule){name, of_either, 0, 0};
}

/* Workspace for one column. */
typedef struct workspace {
    const char **text; /* [n] */
    double *number;    /* [n] */
    size_t *row;       /* [n_specimens]: the first row with a specimen's value; m->n if there is none */
} workspace;

static int number_of(const meta *m, const meta_column *c, size_t row, double *value)
{
    const char *text = meta_value(m, c, row);
    field f = {text, strlen(text)};
    *value = NAN;
    return !*text || field_is(&f, "nan") || field_number(&f, m->places[row].mark, value);
}

static void place_text(char out[static 32], meta_place place)
{
    out[0] = '\0';
    if (place.line)
        snprintf(out, 32, ":%zu", place.line);
}

static adamas_status refuse_text(const meta *m, const meta_column *c, size_t row, adamas_error *error)
{
    char line[32];
    place_text(line, m->places[row]);
    return status_set(error, ADAMAS_E_FORMAT, "%s%s: %s '%s' found, a number expected", m->places[row].file, line,
                      c->name, meta_value(m, c, row));
}

/* Are the column's entries numbers? If so they are put into s->number. An empty column is text. */
static adamas_status find_numbers(const meta *m, const meta_column *c, column_rule rule, workspace *s, int *numbers,
                                  adamas_error *error)
{
    int any = 0;
    *numbers = 0;
    if (rule.is_text)
        return ADAMAS_OK;
    for (size_t i = 0; i < m->n; i++) {
        if (!number_of(m, c, i, &s->number[i]))
            return rule.is_number ? refuse_text(m, c, i, error) : ADAMAS_OK;
        any |= *meta_value(m, c, i) != '\0';
    }
    *numbers = any || rule.is_number;
    return ADAMAS_OK;
}

static int same_value(const meta *m, const meta_column *c, const workspace *s, int numbers, size_t a, size_t b)
{
    if (numbers)
        return s->number[a] == s->number[b] || (isnan(s->number[a]) && isnan(s->number[b]));
    return strcmp(meta_value(m, c, a), meta_value(m, c, b)) == 0;
}

static adamas_status refuse_two_values(const meta *m, const meta_column *c, const char *specimen, size_t a, size_t b,
                                       adamas_error *error)
{
    char line_a[32], line_b[32];
    place_text(line_a, m->places[a]);
    place_text(line_b, m->places[b]);
    return status_set(error, ADAMAS_E_FORMAT, "%s%s: %s of specimen '%s' is '%s', but '%s' in %s%s", m->places[b].file,
                      line_b, c->name, specimen, meta_value(m, c, b), meta_value(m, c, a), m->places[a].file, line_a);
}

/* Fills s->row. If a specimen has two values *conflict is the row with the second one, else m->n. With
 * ignore_empty an empty entry does not conflict with others. */
static void find_specimens_rows(const meta *m, const meta_column *c, const adamas_spectra *set, workspace *s,
                                int numbers, int ignore_empty, size_t *conflict)
{
    for (size_t k = 0; k < set->specimens.n_rows; k++)
        s->row[k] = m->n;
    *conflict = m->n;
    for (size_t i = 0; i < m->n && *conflict == m->n; i++) {
        size_t *row = &s->row[set->specimen_of[i]];
        if (ignore_empty && !*meta_value(m, c, i))
            continue;
        if (*row == m->n)
            *row = i;
        else if (!same_value(m, c, s, numbers, *row, i))
            *conflict = i;
    }
}

static adamas_status set_shots(const meta *m, const meta_column *c, adamas_spectra *set, workspace *s, int numbers,
                               adamas_error *error)
{
    if (numbers)
        return spectra_set_numbers(set, ADAMAS_SHOTS, c->name, m->n, s->number, error);
    for (size_t i = 0; i < m->n; i++)
        s->text[i] = meta_value(m, c, i);
    return spectra_set_text(set, ADAMAS_SHOTS, c->name, m->n, s->text, error);
}

static adamas_status set_specimens(const meta *m, const meta_column *c, adamas_spectra *set, workspace *s, int numbers,
                                   adamas_error *error)
{
    size_t n = set->specimens.n_rows;
    /* A specimen's first row is never before its place in the table, so this does not overwrite what is still read. */
    for (size_t k = 0; k < n; k++) {
        size_t row = s->row[k];
        s->text[k] = row < m->n ? meta_value(m, c, row) : "";
        if (numbers)
            s->number[k] = row < m->n ? s->number[row] : NAN;
    }
    return numbers ? spectra_set_numbers(set, ADAMAS_SPECIMENS, c->name, n, s->number, error)
                   : spectra_set_text(set, ADAMAS_SPECIMENS, c->name, n, s->text, error);
}

static adamas_status set_column(const meta *m, const meta_column *c, adamas_spectra *set, workspace *s,
                                adamas_error *error)
{
    column_rule rule = rule_of(c->name);
    int numbers;
    adamas_status status = find_numbers(m, c, rule, s, &numbers, error);
    if (status)
        return status;
    if (rule.level == of_shots)
        return set_shots(m, c, set, s, numbers, error);
    size_t conflict;
    find_specimens_rows(m, c, set, s, numbers, rule.level == of_specimens, &conflict);
    if (conflict == m->n)
        return set_specimens(m, c, set, s, numbers, error);
    if (rule.level == of_either)
        return set_shots(m, c, set, s, numbers, error);
    size_t specimen = set->specimen_of[conflict];
    return refuse_two_values(m, c, table_text(&set->specimens, "id", specimen), s->row[specimen], conflict, error);
}

/* A shot without a number is numbered by its position among the specimen's shots. */
static adamas_status number_shots(const meta *m, adamas_spectra *set, workspace *s, adamas_error *error)
{
    const meta_column *given = meta_find(m, "shot");
    int numbers;
    adamas_status status = given ? find_numbers(m, given, rule_of("shot"), s, &numbers, error) : ADAMAS_OK;
    if (status)
        return status;
    memset(s->row, 0, set->specimens.n_rows * sizeof *s->row);
    for (size_t i = 0; i < m->n; i++) {
        size_t order = ++s->row[set->specimen_of[i]];
        if (!given || isnan(s->number[i]))
            s->number[i] = (double)order;
    }
    return spectra_set_numbers(set, ADAMAS_SHOTS, "shot", m->n, s->number, error);
}

static adamas_status set_columns(const meta *m, adamas_spectra *set, workspace *s, adamas_error *error)
{
    const meta_column *specimen = meta_find(m, "specimen");
    adamas_status status = set_shots(m, specimen, set, s, 0, error);
    if (!status)
        status = number_shots(m, set, s, error);
    for (size_t i = 0; !status && i < m->n_columns; i++)
        if (&m->columns[i] != specimen && strcmp(m->columns[i].name, "shot") != 0)
            status = set_column(m, &m->columns[i], set, s, error);
    return status;
}

adamas_status meta_tables(const meta *m, adamas_spectra *set, adamas_error *error)
{
    workspace s = {memory_raw(m->n, sizeof *s.text), memory_raw(m->n, sizeof *s.number),
                   memory_raw(m->n, sizeof *s.row)};
    adamas_status status = s.text && s.number && s.row ? set_columns(m, set, &s, error) : status_no_memory(error);
    free(s.text);
    free(s.number);
    free(s.row);
    return status;
}
