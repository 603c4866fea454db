/* The JSON of a report: each public name's value at its path, in the order of the table of names. */
#include "report/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/name_values.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct writer {
    const report_result *r;
    json_t *root;
    adamas_status status;
    adamas_error *error;
} writer;

/* ------------------------------------------------------------------------------------------------ values */

static json_t *count(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

/* As class_assignment numbers them. */
static json_t *class_model(double value)
{
    static const char *const words[] = {"accepted", "extreme", "outlier"};
    return value >= 0 && value <= 2 ? json_string(words[(int)value]) : json_null();
}

static json_t *number(json_form form, double value)
{
    return form == JSON_FORM_COUNT         ? count(value)
           : form == JSON_FORM_CLASS_MODEL ? class_model(value)
           : !isfinite(value)              ? json_null()
           : form == JSON_FORM_FLAG        ? json_boolean(value > 0)
                                           : json_real(value);
}

/* The system's names of files may be any bytes: one that is not UTF-8 loses those rather than the report. */
static json_t *file_name(char *value)
{
    int is_utf8 = text_is_utf8(value);
    for (char *c = value; *c; c++)
        if (!is_utf8 && (unsigned char)*c >= 0x80)
            *c = '?';
    return json_string(value);
}

/* ------------------------------------------------------------------------------------------------ places */

/* The names that a path may hold. */
typedef struct place {
    size_t row;
    const char *of_row, *of_column; /* "@" and "*" */
} place;

/* The key at the start of a path; *rest becomes what follows it. */
static const char *read_key(char key[64], const char *path, const place *p, const char **rest)
{
    size_t length = strcspn(path, ".[");
    *rest = path + length;
    if (strncmp(path, "@", length) == 0)
        return p->of_row;
    if (strncmp(path, "*", length) == 0)
        return p->of_column;
    memcpy(key, path, length);
    key[length] = '\0';
    return key;
}

/* Takes the value over. */
static void put(writer *w, json_t *at, const char *path, const place *p, json_t *value);

static void put_in_array(writer *w, json_t *array, const char *path, const place *p, json_t *value)
{
    char *end;
    size_t index = path[1] == ']' ? p->row : strtoul(path + 1, &end, 10);
    const char *rest = strchr(path, ']') + 1;
    if (!*rest) {
        if (json_array_append_new(array, value))
            w->status = status_no_memory(w->error);
        return;
    }
    json_t *item = json_array_get(array, index);
    if (!item) {
        item = *rest == '[' ? json_array() : json_object();
        if (json_array_append_new(array, item)) {
            json_decref(value);
            w->status = status_no_memory(w->error);
            return;
        }
    }
    put(w, item, rest, p, value);
}

static void put(writer *w, json_t *at, const char *path, const place *p, json_t *value)
{
    if (*path == '[') {
        put_in_array(w, at, path, p, value);
        return;
    }
    char own[64];
    const char *rest, *key = read_key(own, path + (*path == '.'), p, &rest);
    if (!*rest) {
        if (json_object_set_new(at, key, value))
            w->status = status_no_memory(w->error);
        return;
    }
    json_t *inner = json_object_get(at, key);
    if (!inner) {
        inner = *rest == '[' ? json_array() : json_object();
        if (json_object_set_new(at, key, inner)) {
            json_decref(value);
            w->status = status_no_memory(w->error);
            return;
        }
    }
    put(w, inner, rest, p, value);
}

/* ------------------------------------------------------------------------------------------------ names */

static void put_texts(writer *w, const public_name *n)
{
    statements s;
    w->status = n->texts(&s, w->r, w->error);
    if (w->status)
        return;
    json_t *list = json_array();
    for (size_t i = 0; !w->status && i < s.n; i++)
        if (json_array_append_new(list, json_string(s.at[i].at)))
            w->status = status_no_memory(w->error);
    if (s.n || n->form == JSON_FORM_TEXTS)
        put(w, w->root, n->json, &(place){0}, list);
    else
        json_decref(list);
    statements_clear(&s);
}

static void put_text(writer *w, const public_name *n, const name_view *view, const place *p, size_t column)
{
    text found = {0};
    name_text(&found, n, w->r, view, p->row, column);
    if (found.failed)
        w->status = status_no_memory(w->error);
    else if (found.at)
        put(w, w->root, n->json, p, n->form == JSON_FORM_FILE_NAME ? file_name(found.at) : json_string(found.at));
    else if (n->form == JSON_FORM_TEXT_OR_NULL)
        put(w, w->root, n->json, p, json_null());
    text_clear(&found);
}

static void put_name(writer *w, const public_name *n)
{
    name_view view = name_find(n, w->r);
    const text_list *origins = report_origins(w->r);
    for (size_t row = 0; view.at && row < view.n_rows; row++)
        for (size_t column = 0; !w->status && column < view.n_columns; column++) {
            const place p = {row, n->table == ADAMAS_ORIGINS ? origins->at[row] : NULL,
                             n->by_origin ? name_of_column(n, w->r, column) : NULL};
            if (name_is_text(n))
                put_text(w, n, &view, &p, column);
            else
                put(w, w->root, n->json, &p, number(n->form, name_number(n, w->r, &view, row, column)));
        }
}

/* The JSON ends in a newline. */
static adamas_status end_line(char **out, char *drawn, adamas_error *error)
{
    size_t length = strlen(drawn);
    char *ended = memory_grow(drawn, length + 2, 1);
    if (!ended) {
        free(drawn);
        return status_no_memory(error);
    }
    ended[length] = '\n';
    ended[length + 1] = '\0';
    *out = ended;
    return ADAMAS_OK;
}

adamas_status report_json(char **out, const report_result *r, adamas_error *error)
{
    writer w = {.r = r, .root = json_object(), .error = error};
    *out = NULL;
    for (size_t i = 0; !w.status && i < n_public_names; i++) {
        const public_name *n = &public_names[i];
        if (!n->json)
            continue;
        if (n->texts)
            put_texts(&w, n);
        else
            put_name(&w, n);
    }
    char *drawn = w.status ? NULL : json_dumps(w.root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(w.root);
    if (!drawn)
        return w.status ? w.status : status_no_memory(error);
    return end_line(out, drawn, error);
}
