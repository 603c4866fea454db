/* Training: a model from a compiled method and reference libraries. */
#include "training/train.h"

#include "base/memory.h"
#include "dataset/dataset_cache.h"
#include "dataset/folds.h"
#include "dataset/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counts the used shots of each origin, and the specimens that have one. */
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

static adamas_status check_training(const compiled_method *compiled, size_t n_libraries, int32_t level,
                                    adamas_error *error)
{
    if (n_libraries == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "no reference library is given");
    if (compiled->match != METHOD_NO_STEP && level < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "level is %d, 1 or more expected", (int)level);
    return ADAMAS_OK;
}

/* A method without fitted steps reads the first library only; the others must still fit its axis. */
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

static adamas_status set_component_facts(adamas_model *m, adamas_error *error)
{
    char value[160];
    snprintf(value, sizeof value, "%zu", m->fitted.classifier.fit.pca.n_components);
    adamas_status status = facts_set(&m->facts, "components", value, error);
    if (!status && m->compiled_method->epo != METHOD_NO_STEP) {
        snprintf(value, sizeof value, "%zu", m->fitted.classifier.fit.pca.n_removed);
        status = facts_set(&m->facts, "epo_directions", value, error);
    }
    for (size_t i = 0; !status && m->fitted.choice.n_tried > 1 && i < m->fitted.choice.n_tried; i++)
        if ((size_t)m->fitted.choice.tried[i] == m->fitted.choice.chosen.components) {
            snprintf(value, sizeof value, "the least log loss of %zu numbers tried in %zu inner folds",
                     m->fitted.choice.n_tried, m->fitted.choice.n_folds);
            status = facts_set(&m->facts, "components_chosen", value, error);
        }
    return status;
}

/* Localities are held out if every origin has enough of them. */
static adamas_status find_inner_groups(inner_groups *out, const dataset *c, adamas_error *error)
{
    int enough;
    adamas_status status = cross_fit_has_localities(&enough, c, error);
    *out = !status && enough ? (inner_groups){c->locality, 1} : (inner_groups){0};
    return status;
}

static adamas_status fit_all(adamas_model *m, dataset *c, work *w, adamas_error *error)
{
    unsigned char *all = memory_raw(c->n_specimens, sizeof *all);
    if (!all)
        return status_no_memory(error);
    memset(all, 1, c->n_specimens);
    adamas_status status = ADAMAS_OK;
    inner_groups g = {0};
    if (m->compiled_method->match != METHOD_NO_STEP)
        status = find_inner_groups(&g, c, error);
    if (!status)
        status = fitted_method_make(&m->fitted, m->compiled_method, &m->library, c, all, &g, w, error);
    if (!status && m->compiled_method->match != METHOD_NO_STEP)
        status = set_component_facts(m, error);
    free(all);
    return status;
}

adamas_status model_train(adamas_model **out, const compiled_method *compiled, const adamas_spectra *const *libraries,
                          size_t n_libraries, int32_t level, work *w, adamas_error *error)
{
    *out = NULL;
    adamas_status status = check_training(compiled, n_libraries, level, error);
    if (status)
        return status;
    dataset c = {0};
    adamas_model *m = memory_new(1, sizeof *m);
    status = m ? compiled_method_make(&m->compiled_method, compiled->text, error) : status_no_memory(error);
    if (!status)
        status = axis_copy(&m->library, &libraries[0]->axis, error);
    if (!status)
        status = model_describe(&m->sources, &m->facts, compiled, libraries, n_libraries, level, w, error);
    if (!status)
        status = dataset_make(&c, libraries, n_libraries, compiled->match == METHOD_NO_STEP ? 0 : level, error);
    if (!status && c.n_origins == 1)
        status = status_set(error, ADAMAS_E_DATA, "%s: one origin found ('%s'), at least 2 expected",
                            libraries[0]->name, c.origins[0]);
    if (!status && compiled->match != METHOD_NO_STEP)
        status = dataset_cache_for_method(&c, m->compiled_method, &m->library, w, error);
    if (!status)
        status = dataset_screen(&c, w, error);
    if (!status && c.n_origins)
        status = count_origins(&m->origins, &c, error);
    if (!status)
        status = fit_all(m, &c, w, error);
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
