/* A model as a file. */
#include "training/model_file.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char model_attribute[] = "adamas_model";

/* The version of the schema: raised whenever an older engine could not read the file. */
static const char form[] = "2";

static adamas_status save_table(const table *t, store *s, const char *group, adamas_error *error)
{
    adamas_status status = store_write_group(s, group, NULL, error);
    for (size_t i = 0; !status && i < t->n_columns; i++) {
        const adamas_column *column = t->columns[i];
        store_name name;
        store_within(name, group, column->name);
        status = column->text ? store_write_texts(s, name, column->n, column->text, error)
                              : store_write_doubles(s, name, column->n, 0, column->number, error);
    }
    return status;
}

static adamas_status load_texts(table *t, size_t n, store *s, const char *group, const char *column,
                                adamas_error *error)
{
    store_name name;
    char **texts;
    adamas_status status = store_read_texts(s, store_within(name, group, column), n, &texts, error);
    if (!status)
        status = table_set_text(t, column, n, (const char *const *)texts, error);
    free(texts);
    return status;
}

static adamas_status load_numbers(table *t, size_t n, store *s, const char *group, const char *column,
                                  adamas_error *error)
{
    store_name name;
    double *numbers = memory_raw(n, sizeof *numbers);
    adamas_status status = numbers ? store_read_doubles(s, store_within(name, group, column), n, 1, numbers, error)
                                   : status_no_memory(error);
    if (!status)
        status = table_set_numbers(t, column, n, numbers, error);
    free(numbers);
    return status;
}

/* The columns in the order in which training makes them, so that a model that is read and written again has the same
 * bytes. */
static adamas_status load_origins(table *t, store *s, adamas_error *error)
{
    store_shape shape;
    adamas_status status = store_read_shape(s, "/origins/origin", &shape, error);
    if (!status && shape.rows < 2)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: /origins/origin has %zu rows, at least 2 expected",
                            store_path(s), shape.rows);
    if (!status)
        status = load_texts(t, shape.rows, s, "/origins", "origin", error);
    if (!status)
        status = load_numbers(t, shape.rows, s, "/origins", "specimens", error);
    return status ? status : load_numbers(t, shape.rows, s, "/origins", "shots", error);
}

static adamas_status load_libraries(table *t, store *s, adamas_error *error)
{
    store_shape shape;
    adamas_status status = store_read_shape(s, "/libraries/file", &shape, error);
    if (!status)
        status = load_texts(t, shape.rows, s, "/libraries", "file", error);
    return status ? status : load_texts(t, shape.rows, s, "/libraries", "sha256", error);
}

/* Facts are attributes, as their names contain a "/". */
static adamas_status save_facts(const table *facts, store *s, adamas_error *error)
{
    adamas_status status = store_write_group(s, "/facts", NULL, error);
    for (size_t i = 0; !status && i < facts->n_columns; i++)
        status = store_write_attribute(s, "/facts", facts->columns[i]->name, facts->columns[i]->text[0], error);
    return status;
}

static adamas_status load_fact(table *facts, store *s, const char *name, adamas_error *error)
{
    char *value = NULL;
    adamas_status status = store_attribute(s, "/facts", name, &value, error);
    if (value)
        status = facts_set(facts, name, value, error);
    free(value);
    return status;
}

static adamas_status load_facts(table *facts, store *s, adamas_error *error)
{
    static const char *const needed[] = {"method", "method_canonical", "engine", "level", "synthetic"},
                             *const others[] = {"axis/medium", "components", "epo_directions", "components_chosen"};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof needed / sizeof *needed; i++) {
        status = load_fact(facts, s, needed[i], error);
        if (!status && !facts_get(facts, needed[i]))
            status =
                status_set(error, ADAMAS_E_FORMAT, "%s: the fact %s of /facts is missing", store_path(s), needed[i]);
    }
    for (size_t i = 0; !status && i < sizeof others / sizeof *others; i++)
        status = load_fact(facts, s, others[i], error);
    const char *synthetic = status ? "no" : facts_get(facts, "synthetic");
    if (strcmp(synthetic, "yes") != 0 && strcmp(synthetic, "no") != 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: the fact synthetic of /facts is '%s', yes or no expected",
                            store_path(s), synthetic);
    return status;
}

static adamas_status save_choice(const components_choice *choice, store *s, adamas_error *error)
{
    if (!choice->n_tried)
        return ADAMAS_OK;
    adamas_status status = store_write_group(s, "/components", NULL, error);
    if (!status)
        status = store_write_doubles(s, "/components/tried", choice->n_tried, 0, choice->tried, error);
    if (!status)
        status = store_write_doubles(s, "/components/log_loss", choice->n_tried, 0, choice->log_loss, error);
    return status;
}

static adamas_status load_choice(components_choice *choice, store *s, adamas_error *error)
{
    store_shape shape;
    if (!store_has(s, "/components"))
        return ADAMAS_OK;
    adamas_status status = store_read_shape(s, "/components/tried", &shape, error);
    if (!status && shape.rows > COMPONENTS_GRID)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: /components/tried has %zu entries, at most %d expected",
                            store_path(s), shape.rows, (int)COMPONENTS_GRID);
    if (!status)
        status = store_read_doubles(s, "/components/tried", shape.rows, 1, choice->tried, error);
    if (!status)
        status = store_read_doubles(s, "/components/log_loss", shape.rows, 1, choice->log_loss, error);
    choice->n_tried = status ? 0 : shape.rows;
    return status;
}

static adamas_status save_axis(const axis *a, store *s, adamas_error *error)
{
    double *first = memory_raw(a->n_segments, sizeof *first);
    if (!first)
        return status_no_memory(error);
    for (size_t i = 0; i < a->n_segments; i++)
        first[i] = (double)a->first[i];
    adamas_status status = store_write_doubles(s, "/wavelength", a->n, 0, a->nm, error);
    if (!status)
        status = store_write_doubles(s, "/detector_segments", a->n_segments, 0, first, error);
    free(first);
    return status;
}

static adamas_status save(const adamas_model *m, store *s, adamas_error *error)
{
    adamas_status status = store_write_attribute(s, "/", model_attribute, form, error);
    if (!status)
        status = save_facts(&m->facts, s, error);
    if (!status)
        status = save_axis(&m->library, s, error);
    if (!status)
        status = save_table(&m->sources, s, "/libraries", error);
    if (!status)
        status = classifier_save(&m->fitted.classifier, s, "/judge", error);
    if (!status && m->compiled_method->match != METHOD_NO_STEP) {
        status = save_table(&m->origins, s, "/origins", error);
        if (!status)
            status = save_choice(&m->fitted.choice, s, error);
    }
    if (!status && m->fitted.has_evidence)
        status = cross_fit_save(&m->fitted.cross_fit, s, "/held_out", error);
    if (!status && m->fitted.no_evidence_reason)
        status = store_write_attribute(s, "/judge", "no_evidence", m->fitted.no_evidence_reason, error);
    return status;
}

adamas_status model_write(const adamas_model *m, const char *path, adamas_error *error)
{
    store *s;
    adamas_status status = store_create(&s, path, error);
    if (status)
        return status;
    status = save(m, s, error);
    if (!status)
        return store_commit(s, error);
    store_close(s);
    return status;
}

static adamas_status check_form(store *s, adamas_error *error)
{
    char *found = NULL;
    adamas_status status = store_attribute(s, "/", model_attribute, &found, error);
    if (status)
        return status;
    if (!found)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: not a model%s", store_path(s),
                            store_has(s, "/entry/data") ? " but a spectra set" : "");
    else if (strcmp(found, form) != 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: a model of form %s, form %s expected (engine %s)",
                            store_path(s), found, form, adamas_version());
    free(found);
    return status;
}

typedef struct array_group {
    store *s;
    const char *group;
} array_group;

static adamas_status check_array(void *context, const char *member, adamas_error *error)
{
    const array_group *at = context;
    store_name name;
    store_shape shape;
    store_within(name, at->group, member);
    if (store_has_group(at->s, name))
        return store_each_member(at->s, name, check_array, &(array_group){at->s, name}, error);
    adamas_status status = store_read_shape(at->s, name, &shape, error);
    if (status || shape.is_text)
        return status;
    size_t n = shape.rows * shape.cols;
    double *values = memory_raw(n, sizeof *values);
    status = values ? store_read_doubles(at->s, name, shape.rows, shape.cols, values, error) : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++)
        if (!isfinite(values[i]))
            status = status_set(error, ADAMAS_E_FORMAT, "%s: %s has %g in place %zu, a finite number expected",
                                store_path(at->s), name, values[i], i + 1);
    free(values);
    return status;
}

/* One number that is not finite would make every result useless. */
static adamas_status check_finite(store *s, adamas_error *error)
{
    static const char *const groups[] = {"/judge", "/origins", "/components", "/held_out"};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof groups / sizeof *groups; i++) {
        array_group at = {s, groups[i]};
        if (store_has(s, groups[i]))
            status = store_each_member(s, groups[i], check_array, &at, error);
    }
    return status;
}

/* A list of any length, for the caller to free(), also after a failure. */
static adamas_status load_list(double **out, size_t *n, store *s, const char *name, adamas_error *error)
{
    *out = NULL;
    store_shape shape;
    adamas_status status = store_read_shape(s, name, &shape, error);
    if (status)
        return status;
    *n = shape.rows;
    *out = memory_raw(*n, sizeof **out);
    return *out ? store_read_doubles(s, name, *n, 1, *out, error) : status_no_memory(error);
}

static adamas_status load_axis(axis *out, store *s, adamas_error *error)
{
    size_t n, n_segments;
    double *nm, *first = NULL;
    adamas_status status = load_list(&nm, &n, s, "/wavelength", error);
    if (!status)
        status = load_list(&first, &n_segments, s, "/detector_segments", error);
    if (!status)
        status = axis_make_segments(out, nm, n, first, n_segments, store_path(s), error);
    free(nm);
    free(first);
    return status;
}

/* Compiles the canonical text, not the typed one: a default that has changed since must not change a saved method. */
static adamas_status load_method(adamas_model *m, store *s, adamas_error *error)
{
    adamas_error own = {0};
    adamas_status status = compiled_method_make(&m->compiled_method, facts_get(&m->facts, "method_canonical"), &own);
    if (status && status != ADAMAS_E_MEMORY)
        return status_set(error, ADAMAS_E_FORMAT, "%s: the fact method_canonical of /facts: %s", store_path(s),
                          own.message);
    char *copy = status ? NULL : memory_text(facts_get(&m->facts, "method"));
    if (!copy)
        return status_no_memory(error);
    free(m->compiled_method->text);
    m->compiled_method->text = copy;
    return ADAMAS_OK;
}

/* The level is used only if there is a matching step. */
static adamas_status check_level(const adamas_model *m, store *s, adamas_error *error)
{
    const char *level = facts_get(&m->facts, "level");
    double number;
    int is_whole = text_to_number(level, &number) && level[strspn(level, "0123456789")] == '\0';
    if (m->compiled_method->match == METHOD_NO_STEP || (is_whole && number >= 1 && number <= INT32_MAX))
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_FORMAT, "%s: the fact level of /facts is '%s', a whole number above 0 expected",
                      store_path(s), level);
}

static adamas_status load_evidence(fitted_method *fitted, const adamas_model *m, store *s, adamas_error *error)
{
    if (!store_has(s, "/held_out"))
        return store_attribute(s, "/judge", "no_evidence", &fitted->no_evidence_reason, error);
    adamas_status status =
        cross_fit_load(&fitted->cross_fit, m->compiled_method, &m->library, m->origins.n_rows, s, "/held_out", error);
    return status ? status : fitted_method_calibrate(fitted, error);
}

static adamas_status load_trained(adamas_model *m, store *s, adamas_error *error)
{
    adamas_status status =
        m->compiled_method->match == METHOD_NO_STEP ? ADAMAS_OK : load_origins(&m->origins, s, error);
    if (!status)
        status = classifier_load(&m->fitted.classifier, m->compiled_method, &m->library, m->origins.n_rows, s, "/judge",
                                 error);
    if (!status && m->compiled_method->match != METHOD_NO_STEP) {
        status = load_choice(&m->fitted.choice, s, error);
        if (!status)
            status = load_evidence(&m->fitted, m, s, error);
    }
    return status;
}

static adamas_status load(adamas_model *m, store *s, adamas_error *error)
{
    adamas_status status = check_form(s, error);
    if (!status)
        status = load_facts(&m->facts, s, error);
    if (!status)
        status = load_method(m, s, error);
    if (!status)
        status = check_level(m, s, error);
    if (!status)
        status = check_finite(s, error);
    if (!status)
        status = load_axis(&m->library, s, error);
    if (!status)
        status = load_libraries(&m->sources, s, error);
    if (!status)
        status = load_trained(m, s, error);
    if (!status)
        status = model_make_parcel_reference(m, error);
    return status;
}

adamas_status model_read(adamas_model **out, const char *path, adamas_error *error)
{
    *out = NULL;
    store *s;
    adamas_status status = store_open(&s, path, error);
    if (status)
        return status;
    adamas_model *m = memory_new(1, sizeof *m);
    status = m ? load(m, s, error) : status_no_memory(error);
    store_close(s);
    if (status)
        model_free(m);
    else
        *out = m;
    return status;
}
