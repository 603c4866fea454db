/* The JSON of a report. Numbers have 15 significant digits: more would show rounding, not results. */
#include "report/report.h"

#include "base/memory.h"
#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct drawing {
    const result *r;
    int failed;
} drawing;

static void put(drawing *d, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value))
        d->failed = 1;
}

static void append(drawing *d, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value))
        d->failed = 1;
}

/* JSON has no NaN: what is not known is null. Counts are whole numbers. */
static json_t *number(double value)
{
    if (!isfinite(value))
        return json_null();
    if (value == floor(value) && fabs(value) < 9e15)
        return json_integer((json_int_t)value);
    return json_real(value);
}

/* A measure keeps its decimal point even where it happens to be whole. */
static json_t *measure(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

/* The system's names of files may be any bytes: one that is not UTF-8 loses those rather than the report. */
static json_t *file_name(const char *value)
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

static const char *fact(const drawing *d, const char *name)
{
    return table_text(&d->r->facts, name, 0);
}

static void put_fact(drawing *d, json_t *object, const char *key, const char *name)
{
    if (*fact(d, name))
        put(d, object, key, json_string(fact(d, name)));
}

static double cell(const table *t, const char *name, size_t row)
{
    const adamas_column *column = table_column(t, name);
    return column && column->number ? column->number[row] : NAN;
}

static void put_warnings(drawing *d, json_t *root)
{
    const char *said = report_warning(d->r, 0);
    if (!said)
        return;
    json_t *warnings = json_array();
    for (size_t i = 0; said; said = report_warning(d->r, ++i))
        append(d, warnings, json_string(said));
    put(d, root, "warnings", warnings);
}

static json_t *parcel_of(drawing *d)
{
    json_t *parcel = json_object();
    put(d, parcel, "file", file_name(fact(d, "parcel/file")));
    put_fact(d, parcel, "sha256", "parcel/sha256");
    put_fact(d, parcel, "id", "case/parcel");
    put_fact(d, parcel, "seizure", "case/seizure");
    put_fact(d, parcel, "certificate", "case/certificate");
    put_fact(d, parcel, "declared_origin", "case/declared_origin");
    return parcel;
}

static json_t *libraries_of(drawing *d)
{
    json_t *libraries = json_array();
    for (size_t i = 0; i < d->r->tables[ADAMAS_SOURCES].n_rows; i++) {
        json_t *library = json_object();
        put(d, library, "file", file_name(table_text(&d->r->tables[ADAMAS_SOURCES], "file", i)));
        put(d, library, "sha256", json_string(table_text(&d->r->tables[ADAMAS_SOURCES], "sha256", i)));
        append(d, libraries, library);
    }
    return libraries;
}

static json_t *origins_of(drawing *d)
{
    json_t *origins = json_array();
    for (size_t i = 0; i < d->r->tables[ADAMAS_ORIGINS].n_rows; i++) {
        json_t *origin = json_object();
        put(d, origin, "origin", json_string(table_text(&d->r->tables[ADAMAS_ORIGINS], "origin", i)));
        put(d, origin, "specimens", number(cell(&d->r->tables[ADAMAS_ORIGINS], "specimens", i)));
        if (d->r->kind == RESULT_CLASSIFICATION)
            put(d, origin, "prior", measure(cell(&d->r->tables[ADAMAS_ORIGINS], "prior", i)));
        append(d, origins, origin);
    }
    return origins;
}

/* {"CAR": 0.2, ...} from the columns what/ORIGIN of a row. */
static json_t *by_origin(drawing *d, const table *t, const char *what, size_t row, json_t *(*value)(double))
{
    json_t *object = json_object();
    size_t length = strlen(what);
    for (size_t i = 0; i < t->n_columns; i++) {
        const adamas_column *column = t->columns[i];
        if (strncmp(column->name, what, length) == 0 && column->name[length] == '/')
            put(d, object, column->name + length + 1, value(column->number[row]));
    }
    return object;
}

static json_t *shots_of(drawing *d, size_t row)
{
    const table *t = &d->r->tables[ADAMAS_SPECIMENS];
    json_t *shots = json_object(), *aside = json_object();
    put(d, aside, "not_finite", number(cell(t, "shots_not_finite", row)));
    put(d, aside, "saturated", number(cell(t, "shots_saturated", row)));
    put(d, aside, "outlier", number(cell(t, "shots_outlier", row)));
    put(d, shots, "used", number(cell(t, "shots_used", row)));
    put(d, shots, "set_aside", aside);
    return shots;
}

static json_t *specimens_of(drawing *d)
{
    const table *t = &d->r->tables[ADAMAS_SPECIMENS];
    json_t *specimens = json_array();
    for (size_t i = 0; i < t->n_rows; i++) {
        json_t *specimen = json_object();
        put(d, specimen, "id", json_string(table_text(t, "id", i)));
        if (d->r->kind == RESULT_VALIDATION)
            put(d, specimen, "true_origin", json_string(table_text(t, "true_origin", i)));
        put(d, specimen, "shots", shots_of(d, i));
        put(d, specimen, "log_density", by_origin(d, t, "log_density", i, measure));
        put(d, specimen, "probability", by_origin(d, t, "probability", i, measure));
        append(d, specimens, specimen);
    }
    return specimens;
}

static json_t *folds_of(drawing *d)
{
    json_t *folds = json_array();
    for (size_t i = 0; i < d->r->tables[ADAMAS_FOLDS].n_rows; i++) {
        json_t *fold = json_object();
        put(d, fold, "left_out", json_string(table_text(&d->r->tables[ADAMAS_FOLDS], "left_out", i)));
        put(d, fold, "specimens", number(cell(&d->r->tables[ADAMAS_FOLDS], "specimens", i)));
        put(d, fold, "components", number(cell(&d->r->tables[ADAMAS_FOLDS], "components", i)));
        append(d, folds, fold);
    }
    return folds;
}

static void put_validation(drawing *d, json_t *root)
{
    const table *n = &d->r->numbers;
    json_t *interval = json_array(), *confusion = json_object();
    append(d, interval, measure(cell(n, "accuracy_low", 0)));
    append(d, interval, measure(cell(n, "accuracy_high", 0)));
    for (size_t i = 0; i < d->r->tables[ADAMAS_ORIGINS].n_rows; i++)
        put(d, confusion, table_text(&d->r->tables[ADAMAS_ORIGINS], "origin", i),
            by_origin(d, &d->r->tables[ADAMAS_ORIGINS], "predicted", i, number));
    put_fact(d, root, "leave", "leave");
    put(d, root, "seed", number(cell(n, "seed", 0)));
    put(d, root, "judged", number(cell(n, "judged", 0)));
    put(d, root, "right", number(cell(n, "right", 0)));
    put(d, root, "accuracy", measure(cell(n, "accuracy", 0)));
    put(d, root, "accuracy_interval_95", interval);
    put(d, root, "balanced_accuracy", measure(cell(n, "balanced_accuracy", 0)));
    put(d, root, "log_loss", measure(cell(n, "log_loss", 0)));
    put(d, root, "confusion", confusion);
    put(d, root, "folds", folds_of(d));
}

static json_t *screening_of(drawing *d)
{
    json_t *screening = json_object();
    const table *n = &d->r->numbers;
    put(d, screening, "saturated_share", measure(cell(n, "screening/saturated_share", 0)));
    put(d, screening, "robust_z", measure(cell(n, "screening/robust_z", 0)));
    put(d, screening, "fewest_shots", number(cell(n, "screening/fewest_shots", 0)));
    return screening;
}

static json_t *draw(drawing *d)
{
    json_t *root = json_object();
    put_warnings(d, root);
    put(d, root, "report", json_string(d->r->kind == RESULT_VALIDATION ? "validation" : "classification"));
    put_fact(d, root, "engine", "engine");
    put(d, root, "synthetic", json_boolean(strcmp(fact(d, "synthetic"), "yes") == 0));
    put_fact(d, root, "method", "method");
    put_fact(d, root, "method_canonical", "method_canonical");
    put(d, root, "level", json_integer(strtol(fact(d, "level"), NULL, 10)));
    if (*fact(d, "components"))
        put(d, root, "components", json_integer(strtol(fact(d, "components"), NULL, 10)));
    put(d, root, "libraries", libraries_of(d));
    if (d->r->kind == RESULT_CLASSIFICATION)
        put(d, root, "parcel", parcel_of(d));
    put(d, root, "screening", screening_of(d));
    put(d, root, "origins", origins_of(d));
    if (d->r->kind == RESULT_VALIDATION)
        put_validation(d, root);
    else
        put(d, root, "note",
            json_string(
                "Probabilities suppose that each specimen comes from one of these origins, with the priors shown; they "
                "are not calibrated evidence."));
    put(d, root, "specimens", specimens_of(d));
    return root;
}

adamas_status report_json(char **out, const result *r, adamas_error *error)
{
    drawing d = {.r = r};
    json_t *root = draw(&d);
    *out = d.failed ? NULL : json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (!*out)
        return status_no_memory(error);
    size_t length = strlen(*out);
    char *ended = memory_grow(*out, length + 2, 1);
    if (!ended) {
        free(*out);
        *out = NULL;
        return status_no_memory(error);
    }
    ended[length] = '\n';
    ended[length + 1] = '\0';
    *out = ended;
    return ADAMAS_OK;
}
