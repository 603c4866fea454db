#include "report/json.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

void json_put(drawing *d, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) && !d->status)
        d->status = status_no_memory(d->error);
}

void json_append(drawing *d, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) && !d->status)
        d->status = status_no_memory(d->error);
}

json_t *json_count(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

json_t *json_measure(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *json_measures(drawing *d, double first, double second)
{
    json_t *both = json_array();
    json_append(d, both, json_measure(first));
    json_append(d, both, json_measure(second));
    return both;
}

void json_put_fact(drawing *d, json_t *object, const char *key, const char *name)
{
    if (reading_fact(d->r, name))
        json_put(d, object, key, json_string(reading_fact(d->r, name)));
}

void json_put_count(drawing *d, json_t *object, const char *key, const char *name)
{
    if (reading_has_number(d->r, name))
        json_put(d, object, key, json_count(reading_number(d->r, name)));
}

void json_put_measure(drawing *d, json_t *object, const char *key, const char *name)
{
    if (reading_has_number(d->r, name))
        json_put(d, object, key, json_measure(reading_number(d->r, name)));
}

void json_put_measures(drawing *d, json_t *object, const char *key, const char *first, const char *second)
{
    if (reading_has_number(d->r, first))
        json_put(d, object, key, json_measures(d, reading_number(d->r, first), reading_number(d->r, second)));
}

void json_put_cell(drawing *d, json_t *object, const char *key, int which, const char *column, size_t row,
                   json_t *(*value)(double))
{
    if (reading_has(d->r, which, column))
        json_put(d, object, key, value(reading_cell(d->r, which, column, row)));
}

void json_put_cells(drawing *d, json_t *object, const char *key, int which, const char *first, const char *second,
                    size_t row)
{
    if (reading_has(d->r, which, first))
        json_put(d, object, key,
                 json_measures(d, reading_cell(d->r, which, first, row), reading_cell(d->r, which, second, row)));
}

void json_put_by_origin(drawing *d, json_t *object, const char *key, int which, const char *what, size_t row,
                        json_t *(*value)(double))
{
    json_t *values = json_object();
    const table *t = &d->r->tables[which];
    size_t length = strlen(what);
    for (size_t i = 0; i < t->n_columns; i++) {
        const adamas_column *column = t->columns[i];
        if (strncmp(column->name, what, length) == 0 && column->name[length] == '/')
            json_put(d, values, column->name + length + 1, value(column->number[row]));
    }
    if (json_object_size(values) > 0)
        json_put(d, object, key, values);
    else
        json_decref(values);
}

json_t *json_file_name(const char *value)
{
    if (text_is_utf8(value))
        return json_string(value);
    char *copy = memory_text(value);
    for (char *c = copy; c && *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    json_t *made = copy ? json_string(copy) : NULL;
    free(copy);
    return made;
}

json_t *json_strings(drawing *d, adamas_status (*make)(statements *, const result *, adamas_error *))
{
    statements s;
    json_t *strings = json_array();
    if (!d->status)
        d->status = make(&s, d->r, d->error);
    if (d->status)
        return strings;
    for (size_t i = 0; i < s.n; i++)
        json_append(d, strings, json_string(s.at[i].at));
    statements_clear(&s);
    return strings;
}

static void put_warnings(drawing *d, json_t *root)
{
    const char *said = report_warning(d->r, 0);
    if (!said)
        return;
    json_t *warnings = json_array();
    for (size_t i = 0; said; said = report_warning(d->r, ++i))
        json_append(d, warnings, json_string(said));
    json_put(d, root, "warnings", warnings);
}

static json_t *libraries_of(drawing *d)
{
    json_t *libraries = json_array();
    for (size_t i = 0; i < reading_rows(d->r, ADAMAS_SOURCES); i++) {
        json_t *library = json_object();
        json_put(d, library, "file", json_file_name(reading_text(d->r, ADAMAS_SOURCES, "file", i)));
        json_put(d, library, "sha256", json_string(reading_text(d->r, ADAMAS_SOURCES, "sha256", i)));
        json_append(d, libraries, library);
    }
    return libraries;
}

static json_t *screening_of(drawing *d)
{
    json_t *screening = json_object();
    json_put_measure(d, screening, "saturated_share", "screening/saturated_share");
    json_put_measure(d, screening, "robust_z", "screening/robust_z");
    json_put_count(d, screening, "fewest_shots", "screening/fewest_shots");
    return screening;
}

static json_t *evidence_of(drawing *d)
{
    json_t *evidence = json_object();
    json_put_fact(d, evidence, "no_evidence", "no_evidence");
    json_put_fact(d, evidence, "no_parcels", "no_parcels");
    json_put_fact(d, evidence, "held_out", "held_out");
    json_put_count(d, evidence, "folds", "folds");
    json_put_measure(d, evidence, "epsilon", "epsilon");
    json_put_measure(d, evidence, "typicality_bound", "typicality/bound");
    json_put_measure(d, evidence, "slope", "slope");
    json_put(d, evidence, "propositions", json_strings(d, statements_propositions));
    json_put(d, evidence, "ground", json_strings(d, statements_ground));
    json_put(d, evidence, "limits", json_strings(d, statements_limits));
    return evidence;
}

static const char *kind_of(const result *r)
{
    return r->kind == RESULT_VALIDATION ? "validation" : r->kind == RESULT_PLAN ? "plan" : "classification";
}

static void put_whole_number(drawing *d, json_t *root, const char *key)
{
    if (reading_fact(d->r, key))
        json_put(d, root, key, json_integer(strtol(reading_fact(d->r, key), NULL, 10)));
}

static json_t *draw(drawing *d)
{
    json_t *root = json_object();
    put_warnings(d, root);
    json_put(d, root, "report", json_string(kind_of(d->r)));
    json_put_fact(d, root, "conclusion", "conclusion");
    json_put_fact(d, root, "engine", "engine");
    json_put(d, root, "synthetic", json_boolean(reading_is_synthetic(d->r)));
    json_put_fact(d, root, "method", "method");
    json_put_fact(d, root, "method_canonical", "method_canonical");
    put_whole_number(d, root, "level");
    put_whole_number(d, root, "components");
    json_put_fact(d, root, "axis_medium", "axis/medium");
    json_put(d, root, "libraries", libraries_of(d));
    json_put(d, root, "evidence", evidence_of(d));
    if (d->r->kind == RESULT_PLAN) {
        json_put(d, root, "plan", json_plan(d));
        return root;
    }
    if (d->r->kind == RESULT_CLASSIFICATION)
        json_put(d, root, "parcel", json_parcel(d));
    json_put(d, root, "screening", screening_of(d));
    json_put(d, root, "origins", json_origins(d));
    if (d->r->kind == RESULT_VALIDATION)
        json_put_validation(d, root);
    else
        json_put(
            d, root, "note",
            json_string("`probability` supposes that each specimen comes from one of these origins, with the priors "
                        "shown; it is not calibrated evidence."));
    json_put(d, root, "specimens", json_specimens(d));
    return root;
}

adamas_status report_json(char **out, const result *r, adamas_error *error)
{
    drawing d = {.r = r, .error = error};
    *out = NULL;
    json_t *root = draw(&d);
    char *drawn = d.status ? NULL : json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (!drawn)
        return d.status ? d.status : status_no_memory(error);
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
