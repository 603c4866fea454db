/* A spectra set's file: what it must contain, its tables in the order in which the set needs them, its metadata. */
#include "store/spectra_read.h"

#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"
#include "store/store_read.h"

#include <stdlib.h>
#include <string.h>

static const char intensity_name[] = "/entry/data/intensity";
static const char wavelength_name[] = "/entry/data/wavelength";
static const char segments_name[] = "/entry/detector_segments";

/* A spectra set that is being read from a file. */
typedef struct input {
    store *from;
    adamas_spectra *set;
    int32_t table;     /* whose columns are being read */
    const char *group; /* that contains them */
    size_t *place;     /* the row in the file of each specimen; NULL for other tables, whose rows stay in order */
} input;

/* Refuses other kinds of file, and formats of later versions. */
static adamas_status check_kind(store *from, adamas_error *error)
{
    const char *path = store_path(from);
    char *model = NULL, *version = NULL;
    adamas_status status = store_attribute(from, "/", "adamas_model", &model, error);
    if (!status)
        status = store_attribute(from, "/", "adamas_spectra", &version, error);
    if (!status && model)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: a model, a spectra set expected", path);
    else if (!status && version && strcmp(version, "1") != 0)
        status =
            status_set(error, ADAMAS_E_FORMAT, "%s: a spectra set of format version %s, 1 expected", path, version);
    else if (!status && !store_has(from, intensity_name))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: not a spectra set: no %s", path, intensity_name);
    else if (!status && !store_has(from, "/entry/shots/specimen"))
        status = status_set(error, ADAMAS_E_FORMAT,
                            "%s: /entry/shots/specimen is missing: the specimen of each shot expected", path);
    free(version);
    free(model);
    return status;
}

static adamas_status check_units(store *from, adamas_error *error)
{
    char *units;
    adamas_status status = store_attribute(from, wavelength_name, "units", &units, error);
    if (units && strcmp(units, "nm") != 0 && strncmp(units, "nanomet", 7) != 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is in '%s', nm expected", store_path(from), wavelength_name,
                            units);
    free(units);
    return status;
}

/* An array of numbers of rank 1, in memory of the caller's to free(). */
static adamas_status read_list(store *from, const char *name, size_t *n, double **out, adamas_error *error)
{
    *out = NULL;
    store_shape shape;
    adamas_status status = store_read_shape(from, name, &shape, error);
    if (!status && (shape.is_text || shape.rank != 1))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is no list of numbers", store_path(from), name);
    double *values = status ? NULL : memory_raw(shape.rows, sizeof *values);
    if (!status && !values)
        status = status_no_memory(error);
    if (!status)
        status = store_read_doubles(from, name, shape.rows, 0, values, error);
    if (status) {
        free(values);
        return status;
    }
    *n = shape.rows;
    *out = values;
    return ADAMAS_OK;
}

static adamas_status read_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    input *in = data;
    return store_read_rows(in->from, intensity_name, first, (size_t)n, in->set->axis.n, out, error);
}

static void release(void *data)
{
    input *in = data;
    free(in->place);
    store_close(in->from);
    free(in);
}

/* Makes the set, which then owns `in`. */
static adamas_status read_data(input *in, adamas_error *error)
{
    const char *path = store_path(in->from);
    store_shape shape;
    size_t n = 0;
    double *nm = NULL;
    adamas_status status = store_read_shape(in->from, intensity_name, &shape, error);
    if (!status && (shape.rank != 2 || shape.is_text))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s is no table of numbers", path, intensity_name);
    if (!status)
        status = check_units(in->from, error);
    if (!status)
        status = read_list(in->from, wavelength_name, &n, &nm, error);
    if (!status && n != shape.cols)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %zu channels, %s has %zu", path, wavelength_name, n,
                            intensity_name, shape.cols);
    if (!status)
        status = spectra_new(&in->set, path, shape.rows, n, nm, read_rows, in, release, error);
    if (!status)
        in->set->reader_is_thread_safe = 1;
    free(nm);
    return status;
}

static adamas_status read_segments(const input *in, adamas_error *error)
{
    if (!store_has(in->from, segments_name))
        return ADAMAS_OK;
    size_t n;
    double *first;
    axis given, *guessed = &in->set->axis;
    adamas_status status = read_list(in->from, segments_name, &n, &first, error);
    if (!status)
        status = axis_make_segments(&given, guessed->nm, guessed->n, first, n, store_path(in->from), error);
    free(first);
    if (status)
        return status;
    axis_clear(guessed);
    *guessed = given;
    return ADAMAS_OK;
}

/* A column as it is in the file: one of the two is not NULL. */
typedef struct raw_column {
    char **text;
    double *number;
} raw_column;

static void free_raw(raw_column *raw)
{
    free(raw->text);
    free(raw->number);
}

static adamas_status read_raw(store *from, const char *name, size_t n, raw_column *raw, adamas_error *error)
{
    *raw = (raw_column){0};
    store_shape shape;
    adamas_status status = store_read_shape(from, name, &shape, error);
    if (!status && (shape.rank != 1 || shape.rows != n))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %zu row%s, %zu expected", store_path(from), name,
                            shape.rows, shape.rank == 2 ? "s of several values" : "s", n);
    if (status)
        return status;
    return shape.is_text ? store_read_texts(from, name, n, &raw->text, error)
                         : read_list(from, name, &n, &raw->number, error);
}

/* An argument that the set refuses is an error of the file's format here. */
static adamas_status as_format(adamas_status status, adamas_error *error)
{
    if (status != ADAMAS_E_ARGUMENT)
        return status;
    if (error)
        error->code = ADAMAS_E_FORMAT;
    return ADAMAS_E_FORMAT;
}

static adamas_status set_texts(const input *in, const char *column, size_t n, char **texts, adamas_error *error)
{
    const char **ordered = memory_raw(n, sizeof *ordered);
    if (!ordered)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        ordered[i] = texts[in->place ? in->place[i] : i];
    adamas_status status = spectra_set_text(in->set, in->table, column, n, ordered, error);
    free(ordered);
    return status;
}

static adamas_status set_numbers(const input *in, const char *column, size_t n, const double *number,
                                 adamas_error *error)
{
    double *ordered = memory_raw(n, sizeof *ordered);
    if (!ordered)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        ordered[i] = number[in->place ? in->place[i] : i];
    adamas_status status = spectra_set_numbers(in->set, in->table, column, n, ordered, error);
    free(ordered);
    return status;
}

/* The number of rows that a column of the table must have; for sources, that of the first column. */
static adamas_status expected_rows(const input *in, const char *name, size_t *n, adamas_error *error)
{
    store_shape shape;
    adamas_status status = ADAMAS_OK;
    if (in->table == ADAMAS_SHOTS)
        *n = in->set->n_shots;
    else if (in->table == ADAMAS_SPECIMENS)
        *n = in->set->specimens.n_rows;
    else if (in->set->sources.n_columns)
        *n = in->set->sources.n_rows;
    else if (!(status = store_read_shape(in->from, name, &shape, error)))
        *n = shape.rows;
    return status;
}

static adamas_status read_column(void *context, const char *column, adamas_error *error)
{
    const input *in = context;
    if (table_column(spectra_table(in->set, in->table), column))
        return ADAMAS_OK;
    text name = {0};
    text_append(&name, "%s/%s", in->group, column);
    if (name.failed)
        return status_no_memory(error);
    size_t n = 0;
    raw_column raw = {0};
    adamas_status status = expected_rows(in, name.at, &n, error);
    if (!status)
        status = read_raw(in->from, name.at, n, &raw, error);
    if (!status)
        status = raw.text ? set_texts(in, column, n, raw.text, error) : set_numbers(in, column, n, raw.number, error);
    free_raw(&raw);
    text_clear(&name);
    return as_format(status, error);
}

/* The columns in the order of the group's attribute `columns`, then any others in the order of their names. */
static adamas_status read_table(input *in, int32_t which, const char *group, adamas_error *error)
{
    in->table = which;
    in->group = group;
    char *order;
    adamas_status status = store_attribute(in->from, group, "columns", &order, error);
    for (char *column = order, *next; !status && column && *column; column = next) {
        next = column + strcspn(column, "/");
        if (*next)
            *next++ = '\0';
        status = read_column(in, column, error);
    }
    free(order);
    return status ? status : store_each_member(in->from, group, read_column, in, error);
}

/* Finds each specimen's row in the file, which must list all specimens once, and no others. */
static adamas_status match_ids(input *in, size_t n, char **id, adamas_error *error)
{
    const char *path = store_path(in->from);
    const adamas_column *ours = table_column(&in->set->specimens, "id");
    names listed = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++) {
        size_t number;
        status = names_add(&listed, id[i], &number, error);
        if (!status && number < i)
            status =
                status_set(error, ADAMAS_E_FORMAT, "%s: specimen '%s' is in rows %zu and %zu of /entry/specimens/id",
                           path, id[i], number + 1, i + 1);
    }
    for (size_t i = 0; !status && i < ours->n; i++) {
        in->place[i] = names_find(&listed, ours->text[i]);
        if (in->place[i] == n)
            status = status_set(error, ADAMAS_E_FORMAT,
                                "%s: specimen '%s' of /entry/shots/specimen is not in /entry/specimens/id", path,
                                ours->text[i]);
    }
    if (!status && n > ours->n)
        status = status_set(error, ADAMAS_E_FORMAT,
                            "%s: /entry/specimens/id has %zu specimens, but only %zu have shots", path, n, ours->n);
    names_clear(&listed);
    return status;
}

static adamas_status read_ids(input *in, adamas_error *error)
{
    static const char name[] = "/entry/specimens/id";
    store_shape shape;
    raw_column raw = {0};
    in->place = memory_raw(in->set->specimens.n_rows, sizeof *in->place);
    adamas_status status = in->place ? store_read_shape(in->from, name, &shape, error) : status_no_memory(error);
    if (!status)
        status = read_raw(in->from, name, shape.rows, &raw, error);
    if (!status && !raw.text)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s holds numbers, text expected", store_path(in->from), name);
    if (!status)
        status = match_ids(in, shape.rows, raw.text, error);
    free_raw(&raw);
    return status;
}

/* The shots' specimens come first, because the set requires it. A file need not list the specimens. */
static adamas_status read_tables(input *in, adamas_error *error)
{
    static const char specimens[] = "/entry/specimens", sources[] = "/entry/provenance/sources";
    in->table = ADAMAS_SHOTS;
    in->group = "/entry/shots";
    adamas_status status = read_column(in, "specimen", error);
    if (!status)
        status = read_table(in, ADAMAS_SHOTS, "/entry/shots", error);
    if (!status && store_has(in->from, specimens)) {
        status = read_ids(in, error);
        if (!status)
            status = read_table(in, ADAMAS_SPECIMENS, specimens, error);
    }
    free(in->place);
    in->place = NULL;
    if (!status && store_has(in->from, sources))
        status = read_table(in, ADAMAS_SOURCES, sources, error);
    return status;
}

static adamas_status set_fact(const input *in, const char *name, const raw_column *raw, adamas_error *error)
{
    char number[32];
    if (raw->number)
        text_of_number(number, *raw->number);
    return as_format(spectra_set_fact(in->set, name, raw->text ? raw->text[0] : number, error), error);
}

/* Metadata are texts; a number, which another program may have written, is converted to text. */
static adamas_status read_fact(void *context, const char *member, adamas_error *error)
{
    const input *in = context;
    if (strcmp(in->group, "/entry/provenance") == 0 && strcmp(member, "sources") == 0)
        return ADAMAS_OK;
    text name = {0};
    text_append(&name, "%s/%s", in->group, member);
    if (name.failed)
        return status_no_memory(error);
    store_shape shape;
    raw_column raw = {0};
    adamas_status status = store_read_shape(in->from, name.at, &shape, error);
    if (!status && (shape.rows != 1 || shape.cols != 1))
        status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %zu values, 1 expected", store_path(in->from), name.at,
                            shape.rows * shape.cols);
    double number;
    if (!status && shape.is_text)
        status = store_read_texts(in->from, name.at, 1, &raw.text, error);
    else if (!status)
        status = store_read_doubles(in->from, name.at, 1, 0, raw.number = &number, error);
    if (!status)
        status = set_fact(in, name.at + strlen("/entry/"), &raw, error);
    free(raw.text);
    text_clear(&name);
    return status;
}

static adamas_status read_facts(input *in, adamas_error *error)
{
    static const char *const groups[] = {"/entry/acquisition", "/entry/case", "/entry/provenance"};
    char *medium;
    adamas_status status = store_attribute(in->from, wavelength_name, "medium", &medium, error);
    if (medium)
        status = as_format(spectra_set_fact(in->set, "axis/medium", medium, error), error);
    free(medium);
    for (size_t i = 0; !status && i < sizeof groups / sizeof *groups; i++) {
        in->group = groups[i];
        if (store_has(in->from, groups[i]))
            status = store_each_member(in->from, groups[i], read_fact, in, error);
    }
    return status;
}

static adamas_status read_rest(input *in, adamas_error *error)
{
    in->set->path = memory_text(store_path(in->from));
    adamas_status status = in->set->path ? read_segments(in, error) : status_no_memory(error);
    if (!status)
        status = read_tables(in, error);
    if (!status)
        status = read_facts(in, error);
    return status;
}

adamas_status spectra_read(adamas_spectra **out, const char *path, adamas_error *error)
{
    *out = NULL;
    input *in = memory_new(1, sizeof *in);
    if (!in)
        return status_no_memory(error);
    adamas_status status = store_open(&in->from, path, error);
    if (!status)
        status = check_kind(in->from, error);
    if (!status)
        status = read_data(in, error);
    if (status) {
        release(in);
        return status;
    }
    adamas_spectra *set = in->set;
    status = read_rest(in, error);
    if (status)
        spectra_free(set);
    else
        *out = set;
    return status;
}
