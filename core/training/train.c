#include "training/model.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

adamas_status facts_set(table *facts, const char *name, const char *value, adamas_error *error)
{
    return table_set_text(facts, name, 1, &value, error);
}

const char *facts_get(const table *facts, const char *name)
{
    const adamas_column *column = table_column(facts, name);
    return column && column->text && column->text[0][0] ? column->text[0] : NULL;
}

static adamas_status describe_sources(table *sources, const adamas_spectra *const *libraries, size_t n, work *w,
                                      adamas_error *error)
{
    char(*digest)[65] = memory_new(n, sizeof *digest);
    const char **texts = memory_new(n, sizeof *texts);
    adamas_status status = digest && texts ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        texts[i] = text_file_name(libraries[i]->name);
        status = spectra_digest(libraries[i], digest[i], w, error);
    }
    if (!status)
        status = table_set_text(sources, "file", n, texts, error);
    for (size_t i = 0; !status && i < n; i++)
        texts[i] = digest[i];
    if (!status)
        status = table_set_text(sources, "sha256", n, texts, error);
    free(digest);
    free(texts);
    return status;
}

/* Air and vacuum wavelengths differ by up to 0.3 nm: libraries must agree, as far as they say. */
static adamas_status find_medium(const char **medium, const adamas_spectra *const *libraries, size_t n,
                                 adamas_error *error)
{
    *medium = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *own = spectra_fact(libraries[i], "axis/medium");
        if (own && *medium && strcmp(own, *medium) != 0)
            return status_set(error, ADAMAS_E_AXIS, "%s: wavelengths in %s, %s expected as in the first library",
                              libraries[i]->name, own, *medium);
        if (own)
            *medium = own;
    }
    return ADAMAS_OK;
}

adamas_status model_check_medium(const adamas_model *m, const adamas_spectra *set, adamas_error *error)
{
    const char *own = spectra_fact(set, "axis/medium"), *expected = facts_get(&m->facts, "axis/medium");
    if (own && expected && strcmp(own, expected) != 0)
        return status_set(error, ADAMAS_E_AXIS, "%s: wavelengths in %s, %s expected as in the model's libraries",
                          set->name, own, expected);
    return ADAMAS_OK;
}

static int any_synthetic(const adamas_spectra *const *libraries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *fact = spectra_fact(libraries[i], "provenance/synthetic");
        if (fact && strcmp(fact, "yes") == 0)
            return 1;
    }
    return 0;
}

adamas_status model_describe(table *sources, table *facts, const compiled_method *r,
                             const adamas_spectra *const *libraries, size_t n_libraries, int32_t level, work *w,
                             adamas_error *error)
{
    char number[16];
    const char *medium;
    snprintf(number, sizeof number, "%d", (int)level);
    adamas_status status = find_medium(&medium, libraries, n_libraries, error);
    if (!status)
        status = describe_sources(sources, libraries, n_libraries, w, error);
    if (!status)
        status = facts_set(facts, "method", r->text, error);
    if (!status)
        status = facts_set(facts, "method_canonical", r->canonical, error);
    if (!status)
        status = facts_set(facts, "engine", adamas_version(), error);
    if (!status)
        status = facts_set(facts, "level", number, error);
    if (!status && medium)
        status = facts_set(facts, "axis/medium", medium, error);
    if (!status)
        status = facts_set(facts, "synthetic", any_synthetic(libraries, n_libraries) ? "yes" : "no", error);
    return status;
}

/* Shots of use by origin, and specimens that have one. */
static adamas_status count_origins(table *t, const dataset *c, adamas_error *error)
{
    double *count = memory_new(c->n_origins, 2 * sizeof *count);
    if (!count)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++) {
        double shots = 0;
        for (size_t i = c->first_shot[k]; i < c->first_shot[k + 1]; i++)
            shots += c->shot_flag[i] == ADAMAS_SHOT_USED;
        count[c->origin[k]] += shots > 0;
        count[c->n_origins + c->origin[k]] += shots;
    }
    adamas_status status = table_set_text(t, "origin", c->n_origins, (const char *const *)c->origins, error);
    if (!status)
        status = table_set_numbers(t, "specimens", c->n_origins, count, error);
    if (!status)
        status = table_set_numbers(t, "shots", c->n_origins, count + c->n_origins, error);
    free(count);
    return status;
}

static adamas_status check_training(const compiled_method *r, size_t n_libraries, int32_t level, adamas_error *error)
{
    if (n_libraries == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "no reference library is given");
    if (r->match != METHOD_NO_STEP && level < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "level is %d, 1 or more expected", (int)level);
    return ADAMAS_OK;
}

/* A method without fitted steps looks at the first library alone; the others must go onto its axis all the same. */
static adamas_status check_axes(const pipeline *p, const adamas_spectra *const *libraries, size_t n,
                                adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 1; !status && i < n; i++) {
        resampler *r = NULL;
        status = pipeline_resampler(&r, p, &libraries[i]->axis, libraries[i]->name, error);
        resampler_free(r);
    }
    return status;
}

static adamas_status say_components(adamas_model *m, adamas_error *error)
{
    char said[160];
    snprintf(said, sizeof said, "%zu", m->fitted.classifier.fit.pca.n_components);
    adamas_status status = facts_set(&m->facts, "components", said, error);
    for (size_t i = 0; !status && i < m->fitted.choice.n_tried; i++)
        if ((size_t)m->fitted.choice.tried[i] == m->fitted.choice.chosen) {
            snprintf(said, sizeof said, "the least log loss of %zu numbers tried in %zu inner folds",
                     m->fitted.choice.n_tried, m->fitted.choice.n_folds);
            status = facts_set(&m->facts, "components_chosen", said, error);
        }
    return status;
}

/* Localities are held out where every origin has enough of them. */
static adamas_status find_inner_groups(inner_groups *out, folds *localities, const dataset *c, adamas_error *error)
{
    static const adamas_protocol leave = {sizeof leave, ADAMAS_LEAVE_LOCALITY, 0, 1};
    *out = (inner_groups){0};
    int enough;
    adamas_status status = cross_fit_has_localities(&enough, c, error);
    if (status || !enough)
        return status;
    status = folds_of_protocol(localities, c, &leave, 0, error);
    *out = (inner_groups){localities->group, !status};
    return status;
}

static adamas_status learn_all(adamas_model *m, dataset *c, work *w, adamas_error *error)
{
    unsigned char *all = memory_raw(c->n_specimens, sizeof *all);
    if (!all)
        return status_no_memory(error);
    memset(all, 1, c->n_specimens);
    adamas_status status = ADAMAS_OK;
    inner_groups g = {0};
    folds localities = {0};
    if (m->compiled_method->match != METHOD_NO_STEP)
        status = find_inner_groups(&g, &localities, c, error);
    if (!status)
        status = fitted_method_make(&m->fitted, m->compiled_method, &m->library, c, all, &g, w, error);
    if (!status && m->compiled_method->match != METHOD_NO_STEP)
        status = say_components(m, error);
    folds_clear(&localities);
    free(all);
    return status;
}

adamas_status model_make_parcel_reference(adamas_model *m, adamas_error *error)
{
    adamas_error found = {0};
    if (!m->fitted.has_evidence)
        return ADAMAS_OK;
    adamas_status status = parcel_reference_make(&m->parcel_reference, &m->fitted.cross_fit, &found);
    if (status == ADAMAS_E_DATA) {
        m->no_parcel_reason = memory_text(found.message);
        status = m->no_parcel_reason ? ADAMAS_OK : status_no_memory(&found);
    }
    if (status && error)
        *error = found;
    return status;
}

adamas_status model_train(adamas_model **out, const compiled_method *r, const adamas_spectra *const *libraries,
                          size_t n_libraries, int32_t level, work *w, adamas_error *error)
{
    *out = NULL;
    adamas_status status = check_training(r, n_libraries, level, error);
    if (status)
        return status;
    dataset c = {0};
    adamas_model *m = memory_new(1, sizeof *m);
    status = m ? compiled_method_make(&m->compiled_method, r->text, error) : status_no_memory(error);
    if (!status)
        status = axis_copy(&m->library, &libraries[0]->axis, error);
    if (!status)
        status = model_describe(&m->sources, &m->facts, r, libraries, n_libraries, level, w, error);
    if (!status)
        status = dataset_make(&c, libraries, n_libraries, r->match == METHOD_NO_STEP ? 0 : level, error);
    if (!status && c.n_origins == 1)
        status = status_set(error, ADAMAS_E_DATA, "%s: one origin found ('%s'), at least 2 expected",
                            libraries[0]->name, c.origins[0]);
    if (!status && r->match != METHOD_NO_STEP)
        status = dataset_cache_for_method(&c, m->compiled_method, &m->library, w, error);
    if (!status)
        status = dataset_screen(&c, w, error);
    if (!status && c.n_origins)
        status = count_origins(&m->origins, &c, error);
    if (!status)
        status = learn_all(m, &c, w, error);
    if (!status)
        status = check_axes(&m->fitted.classifier.fit.pipeline, libraries, n_libraries, error);
    if (!status)
        status = model_make_parcel_reference(m, error);
    dataset_clear(&c);
    if (status)
        model_free(m);
    else
        *out = m;
    return status;
}

void model_free(adamas_model *m)
{
    if (!m)
        return;
    parcel_reference_clear(&m->parcel_reference);
    free(m->no_parcel_reason);
    fitted_method_clear(&m->fitted);
    axis_clear(&m->library);
    table_clear(&m->origins);
    table_clear(&m->sources);
    table_clear(&m->facts);
    compiled_method_free(m->compiled_method);
    free(m);
}
