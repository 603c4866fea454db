#include "model/model.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char model_attribute[] = "adamas_model";

/* The version of the form below: raised when an older engine could not read it. */
static const char form[] = "1";

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

static adamas_status load_column(table *t, store *s, const char *group, const char *member, adamas_error *error)
{
    store_name name;
    store_shape shape;
    store_within(name, group, member);
    adamas_status status = store_read_shape(s, name, &shape, error);
    if (status)
        return status;
    if (shape.is_text) {
        char **texts;
        status = store_read_texts(s, name, shape.rows, &texts, error);
        if (status)
            return status;
        status = table_set_text(t, member, shape.rows, (const char *const *)texts, error);
        free(texts);
        return status;
    }
    double *numbers = memory_raw(shape.rows, sizeof *numbers);
    status = numbers ? store_read_doubles(s, name, shape.rows, 1, numbers, error) : status_no_memory(error);
    if (!status)
        status = table_set_numbers(t, member, shape.rows, numbers, error);
    free(numbers);
    return status;
}

/* The columns in the order in which training makes them, so that a model that is read and written again has the same
 * bytes. */
static adamas_status load_origins(table *t, store *s, adamas_error *error)
{
    adamas_status status = load_column(t, s, "/origins", "origin", error);
    if (!status)
        status = load_column(t, s, "/origins", "specimens", error);
    return status ? status : load_column(t, s, "/origins", "shots", error);
}

static adamas_status load_libraries(table *t, store *s, adamas_error *error)
{
    adamas_status status = load_column(t, s, "/libraries", "file", error);
    return status ? status : load_column(t, s, "/libraries", "sha256", error);
}

/* Facts are attributes: their names hold a "/". */
static adamas_status save_facts(const table *facts, store *s, adamas_error *error)
{
    adamas_status status = store_write_group(s, "/facts", NULL, error);
    for (size_t i = 0; !status && i < facts->n_columns; i++)
        status = store_write_attribute(s, "/facts", facts->columns[i]->name, facts->columns[i]->text[0], error);
    return status;
}

static adamas_status load_facts(table *facts, store *s, adamas_error *error)
{
    static const char *const names[] = {"method",    "method_canonical", "engine",     "level",
                                        "synthetic", "axis/medium",      "components", "components_chosen"};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof names / sizeof *names; i++) {
        char *value = NULL;
        status = store_attribute(s, "/facts", names[i], &value, error);
        if (value)
            status = facts_set(facts, names[i], value, error);
        free(value);
    }
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

static adamas_status save(const adamas_model *m, store *s, adamas_error *error)
{
    double components = (double)m->n_components;
    adamas_status status = store_write_attribute(s, "/", model_attribute, form, error);
    if (!status)
        status = save_facts(&m->facts, s, error);
    if (!status)
        status = store_write_doubles(s, "/wavelength", m->library.n, 0, m->library.nm, error);
    if (!status)
        status = save_table(&m->sources, s, "/libraries", error);
    if (!status)
        status = pipeline_save(&m->fit.pipeline, s, "/preprocess", error);
    if (!status && m->recipe->pca != RECIPE_NONE)
        status = pca_save(&m->fit.pca, s, "/pca", error);
    if (!status && m->recipe->match != RECIPE_NONE) {
        status = save_table(&m->origins, s, "/origins", error);
        if (!status)
            status = store_write_doubles(s, "/n_components", 1, 0, &components, error);
        if (!status)
            status = save_choice(&m->choice, s, error);
        if (!status)
            status = m->recipe->steps[m->recipe->match].match->save(m->match_state, s, "/match", error);
    }
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

static adamas_status load_axis(axis *out, store *s, adamas_error *error)
{
    store_shape shape;
    adamas_status status = store_read_shape(s, "/wavelength", &shape, error);
    if (status)
        return status;
    double *nm = memory_raw(shape.rows, sizeof *nm);
    status = nm ? store_read_doubles(s, "/wavelength", shape.rows, 1, nm, error) : status_no_memory(error);
    if (!status)
        status = axis_make(out, nm, shape.rows, store_path(s), error);
    free(nm);
    return status;
}

/* The canonical text is compiled, not the typed one: a default that has changed since does not change a frozen method.
 */
static adamas_status load_recipe(adamas_model *m, store *s, adamas_error *error)
{
    const char *canonical = facts_get(&m->facts, "method_canonical"), *typed = facts_get(&m->facts, "method");
    if (!canonical || !typed)
        return status_set(error, ADAMAS_E_FORMAT, "%s: the model has no method", store_path(s));
    adamas_status status = recipe_make(&m->recipe, canonical, error);
    if (status)
        return status;
    char *copy = memory_text(typed);
    if (!copy)
        return status_no_memory(error);
    free(m->recipe->text);
    m->recipe->text = copy;
    return ADAMAS_OK;
}

static adamas_status load_match(adamas_model *m, store *s, adamas_error *error)
{
    double components;
    adamas_status status = load_origins(&m->origins, s, error);
    if (!status)
        status = store_read_doubles(s, "/n_components", 1, 1, &components, error);
    if (!status)
        status = load_choice(&m->choice, s, error);
    if (!status) {
        m->n_components = (size_t)components;
        status = m->recipe->steps[m->recipe->match].match->load(&m->match_state, s, "/match", error);
    }
    return status;
}

static adamas_status load(adamas_model *m, store *s, adamas_error *error)
{
    adamas_status status = check_form(s, error);
    if (!status)
        status = load_facts(&m->facts, s, error);
    if (!status)
        status = load_recipe(m, s, error);
    if (!status)
        status = load_axis(&m->library, s, error);
    if (!status)
        status = load_libraries(&m->sources, s, error);
    m->fit.recipe = m->recipe;
    if (!status)
        status = pipeline_load(&m->fit.pipeline, m->recipe, &m->library, s, "/preprocess", error);
    if (!status && m->recipe->pca != RECIPE_NONE)
        status = pca_load(&m->fit.pca, s, "/pca", error);
    if (!status && m->recipe->pca != RECIPE_NONE && m->fit.pca.n_channels != m->fit.pipeline.out.n)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: /pca has %zu channels, %zu expected", store_path(s),
                            m->fit.pca.n_channels, m->fit.pipeline.out.n);
    if (!status && m->recipe->match != RECIPE_NONE)
        status = load_match(m, s, error);
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
