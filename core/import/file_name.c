/* Metadata of a shot from its file's name: the only file that calls PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "import/file_name.h"

#include "base/memory.h"
#include "base/text.h"
#include "import/fields.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

struct file_name_pattern {
    const char *what; /* the column that it sets */
    const char *text;
    pcre2_code *code;
    pcre2_match_data *match;
};

static void pattern_free(file_name_pattern *p)
{
    if (!p)
        return;
    pcre2_match_data_free(p->match);
    pcre2_code_free(p->code);
    free(p);
}

static adamas_status refuse_expression(const file_name_pattern *p, int code, size_t offset, adamas_error *error)
{
    if (code == PCRE2_ERROR_HEAP_FAILED || code == PCRE2_ERROR_NOMEMORY)
        return status_no_memory(error);
    PCRE2_UCHAR reason[160] = "";
    pcre2_get_error_message(code, reason, sizeof reason);
    return status_set(error, ADAMAS_E_ARGUMENT, "expression for %s '%s': %s at offset %zu", p->what, p->text,
                      (const char *)reason, offset);
}

static adamas_status pattern_make(file_name_pattern **out, const char *what, const char *expression,
                                  adamas_error *error)
{
    file_name_pattern *p = memory_new(1, sizeof *p);
    if (!p)
        return status_no_memory(error);
    p->what = what;
    p->text = expression;
    int code = 0;
    PCRE2_SIZE offset = 0;
    adamas_status status = ADAMAS_OK;
    p->code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code,
                            &offset, NULL);
    if (!p->code)
        status = refuse_expression(p, code, offset, error);
    if (!status) {
        p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
        if (!p->match)
            status = status_no_memory(error);
    }
    if (status)
        pattern_free(p);
    else
        *out = p;
    return status;
}

static adamas_status refuse_name(const file_name_pattern *p, const char *path, int code, adamas_error *error)
{
    if (code == PCRE2_ERROR_NOMEMORY)
        return status_no_memory(error);
    if (code == PCRE2_ERROR_NOMATCH)
        return status_set(error, ADAMAS_E_DATA, "%s: the file's name does not match the expression for %s '%s'", path,
                          p->what, p->text);
    PCRE2_UCHAR reason[160] = "";
    pcre2_get_error_message(code, reason, sizeof reason);
    return status_set(error, ADAMAS_E_ARGUMENT, "%s: the expression for %s '%s' cannot be tried on the file's name: %s",
                      path, p->what, p->text, (const char *)reason);
}

/* The first group that the expression has, or else the whole match: a copy in *value. */
static adamas_status pattern_value(const file_name_pattern *p, const char *path, char **value, adamas_error *error)
{
    const char *name = text_file_name(path);
    int groups = pcre2_match(p->code, (PCRE2_SPTR)name, strlen(name), 0, 0, p->match, NULL);
    if (groups < 0)
        return refuse_name(p, path, groups, error);
    const PCRE2_SIZE *span = pcre2_get_ovector_pointer(p->match);
    if (pcre2_get_ovector_count(p->match) > 1)
        span += 2;
    field f = {name, 0};
    if (span[0] != PCRE2_UNSET && span[1] > span[0])
        f = (field){name + span[0], span[1] - span[0]};
    if (f.length == 0)
        return status_set(error, ADAMAS_E_DATA, "%s: the expression for %s '%s' finds an empty text in the file's name",
                          path, p->what, p->text);
    *value = memory_new(f.length + 1, 1);
    if (!*value)
        return status_no_memory(error);
    memcpy(*value, f.at, f.length);
    return ADAMAS_OK;
}

/* The name without its ending: "a" for "a.txt" and for "a.csv.gz". */
static adamas_status name_without_ending(const char *path, char **value, adamas_error *error)
{
    char *name = memory_text(text_file_name(path));
    if (!name)
        return status_no_memory(error);
    char *dot = strrchr(name, '.');
    if (dot && dot > name && strcmp(dot, ".gz") == 0) {
        *dot = '\0';
        dot = strrchr(name, '.');
    }
    if (dot && dot > name)
        *dot = '\0';
    *value = name;
    return ADAMAS_OK;
}

static const char *const columns[4] = {"specimen", "origin", "session", "shot"};

adamas_status file_name_compile(file_name_patterns *out, const adamas_import *what, adamas_error *error)
{
    const char *const texts[4] = {what->specimen, what->origin, what->session, what->shot};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < 4; i++)
        if (texts[i])
            status = pattern_make(&out->at[i], columns[i], texts[i], error);
    return status;
}

adamas_status file_name_apply(const file_name_patterns *p, const char *path, meta *m, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < 4; i++) {
        if (!p->at[i] && i > 0)
            continue;
        size_t column;
        status = meta_column_of(m, &column, columns[i], error);
        if (status || *meta_value(m, &m->columns[column], m->n - 1))
            continue;
        char *value = NULL;
        status = p->at[i] ? pattern_value(p->at[i], path, &value, error) : name_without_ending(path, &value, error);
        if (!status)
            status = meta_set(m, column, value, error);
        free(value);
    }
    return status;
}

void file_name_clear(file_name_patterns *p)
{
    for (size_t i = 0; i < 4; i++)
        pattern_free(p->at[i]);
    *p = (file_name_patterns){0};
}
