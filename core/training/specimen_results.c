/* What is found of each specimen. */
#include "training/specimen_results.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n_matrices = 6, n_counts = 5 };

/* The arrays [n_specimens, n_origins]. */
static void matrices_of(specimen_results *v, double **out[n_matrices])
{
    double **const all[n_matrices] = {&v->log_density, &v->log_probability, &v->nonconformity,
                                      &v->class_model, &v->typicality,      &v->log_lr};
    memcpy(out, all, sizeof all);
}

/* The counts of shots [n_specimens]. */
static void counts_of(specimen_results *v, size_t **out[n_counts])
{
    size_t **const all[n_counts] = {&v->shots, &v->unusable, &v->not_finite, &v->saturated, &v->outlier};
    memcpy(out, all, sizeof all);
}

adamas_status specimen_results_make(specimen_results *out, size_t n_specimens, size_t n_origins, adamas_error *error)
{
    *out = (specimen_results){.n_specimens = n_specimens, .n_origins = n_origins};
    double **matrices[n_matrices];
    size_t **counts[n_counts];
    matrices_of(out, matrices);
    counts_of(out, counts);
    out->rejectable = memory_new(n_origins, sizeof *out->rejectable);
    int whole = out->rejectable != NULL;
    for (size_t i = 0; i < n_counts; i++) {
        *counts[i] = memory_new(n_specimens, sizeof(size_t));
        whole = whole && *counts[i];
    }
    for (size_t a = 0; a < n_matrices; a++) {
        *matrices[a] = memory_raw(n_specimens, n_origins * sizeof(double));
        whole = whole && *matrices[a];
    }
    for (size_t a = 0; whole && a < n_matrices; a++)
        for (size_t i = 0; i < n_specimens * n_origins; i++)
            (*matrices[a])[i] = NAN;
    if (whole)
        return ADAMAS_OK;
    specimen_results_clear(out);
    return status_no_memory(error);
}

void specimen_results_clear(specimen_results *v)
{
    double **matrices[n_matrices];
    size_t **counts[n_counts];
    matrices_of(v, matrices);
    counts_of(v, counts);
    for (size_t i = 0; i < n_counts; i++)
        free(*counts[i]);
    for (size_t a = 0; a < n_matrices; a++)
        free(*matrices[a]);
    text_list_clear(&v->ids);
    free(v->mass_ct);
    free(v->spectrum);
    free(v->rejectable);
    *v = (specimen_results){0};
}

static adamas_status copy_ids(specimen_results *v, const dataset *c, adamas_error *error)
{
    const char **ids = memory_raw(c->n_specimens, sizeof *ids);
    if (!ids)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++)
        ids[k] = dataset_text(c, k, "id");
    adamas_status status = text_list_copy(&v->ids, c->n_specimens, ids, error);
    free(ids);
    return status;
}

static adamas_status copy_masses(specimen_results *v, const dataset *c, adamas_error *error)
{
    int any = 0;
    v->mass_ct = memory_raw(c->n_specimens, sizeof *v->mass_ct);
    if (!v->mass_ct)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t set = dataset_set(c, k);
        const adamas_column *mass = table_column(&c->sets[set]->specimens, "mass_ct");
        v->mass_ct[k] = mass && mass->number ? mass->number[k - c->set_first[set]] : NAN;
        any = any || isfinite(v->mass_ct[k]);
    }
    if (!any) {
        free(v->mass_ct);
        v->mass_ct = NULL;
    }
    return ADAMAS_OK;
}

/* A shot of which preprocessing left nothing counts as not finite. */
static void count_shots(specimen_results *v, const dataset *c)
{
    for (size_t k = 0; k < c->n_specimens; k++) {
        v->not_finite[k] = v->unusable[k];
        for (size_t i = c->first_shot[k]; i < c->first_shot[k + 1]; i++) {
            v->not_finite[k] += c->shot_flag[i] == ADAMAS_SHOT_NOT_FINITE;
            v->saturated[k] += c->shot_flag[i] == ADAMAS_SHOT_SATURATED;
            v->outlier[k] += c->shot_flag[i] == ADAMAS_SHOT_OUTLIER;
        }
    }
}

adamas_status specimen_results_describe(specimen_results *v, const dataset *c, adamas_error *error)
{
    count_shots(v, c);
    adamas_status status = copy_ids(v, c, error);
    return status ? status : copy_masses(v, c, error);
}

int specimen_results_is_evaluated(const specimen_results *v, size_t specimen)
{
    return v->shots[specimen] > 0;
}

int specimen_results_have_typicality(const specimen_results *v)
{
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k) && isnan(v->typicality[k * v->n_origins]))
            return 0;
    return 1;
}

origin_standing specimen_results_standing(const specimen_results *v, size_t specimen, size_t origin)
{
    if (!v->rejectable[origin])
        return ORIGIN_NOT_EXCLUDED;
    return v->typicality[specimen * v->n_origins + origin] > v->epsilon ? ORIGIN_NOT_REJECTED : ORIGIN_REJECTED;
}

double specimen_results_log10_lr(const specimen_results *v, size_t specimen, size_t origin)
{
    return specimen_results_standing(v, specimen, origin) == ORIGIN_NOT_REJECTED
               ? v->log_lr[specimen * v->n_origins + origin] / M_LN10
               : NAN;
}

int specimen_results_has_class_models(const specimen_results *v)
{
    size_t k = 0;
    while (k < v->n_specimens && isnan(v->class_model[k * v->n_origins]))
        k++;
    return k < v->n_specimens;
}
