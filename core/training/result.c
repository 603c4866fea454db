#include "training/result.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void result_clear(result *r)
{
    for (size_t i = 0; i < RESULT_TABLES; i++)
        table_clear(&r->tables[i]);
    table_clear(&r->facts);
    table_clear(&r->numbers);
}

enum { n_arrays = 6 };

/* The arrays [n_specimens, n_origins]. */
static void arrays_of(specimen_results *v, double **arrays[n_arrays])
{
    double **const all[n_arrays] = {&v->log_density, &v->log_probability, &v->nonconformity,
                                    &v->class_model, &v->typicality,      &v->log_lr};
    memcpy(arrays, all, sizeof all);
}

adamas_status specimen_results_make(specimen_results *out, size_t n_specimens, size_t n_origins, adamas_error *error)
{
    *out = (specimen_results){.n_specimens = n_specimens, .n_origins = n_origins};
    out->shots = memory_new(n_specimens, sizeof *out->shots);
    out->unusable = memory_new(n_specimens, sizeof *out->unusable);
    double **arrays[n_arrays];
    arrays_of(out, arrays);
    int whole = out->shots && out->unusable;
    for (size_t a = 0; a < n_arrays; a++) {
        *arrays[a] = memory_raw(n_specimens, n_origins * sizeof(double));
        whole = whole && *arrays[a];
    }
    for (size_t a = 0; whole && a < n_arrays; a++)
        for (size_t i = 0; i < n_specimens * n_origins; i++)
            (*arrays[a])[i] = NAN;
    if (whole)
        return ADAMAS_OK;
    specimen_results_clear(out);
    return status_no_memory(error);
}

void specimen_results_clear(specimen_results *v)
{
    double **arrays[n_arrays];
    arrays_of(v, arrays);
    for (size_t a = 0; a < n_arrays; a++)
        free(*arrays[a]);
    free(v->spectrum);
    free(v->shots);
    free(v->unusable);
    *v = (specimen_results){0};
}

static adamas_status put_texts(table *t, const dataset *c, const char *name, const char *column, adamas_error *error)
{
    const char **texts = memory_raw(c->n_specimens, sizeof *texts);
    if (!texts)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++)
        texts[k] = dataset_text(c, k, column);
    adamas_status status = table_set_text(t, name, c->n_specimens, texts, error);
    free(texts);
    return status;
}

static adamas_status put_true_origins(table *t, const dataset *c, adamas_error *error)
{
    const char **texts = memory_raw(c->n_specimens, sizeof *texts);
    if (!texts)
        return status_no_memory(error);
    for (size_t k = 0; k < c->n_specimens; k++)
        texts[k] = c->origins[c->origin[k]];
    adamas_status status = table_set_text(t, "true_origin", c->n_specimens, texts, error);
    free(texts);
    return status;
}

/* Shots of each specimen with a fate; what preprocessing unusable is not finite either. */
static adamas_status put_fates(table *t, const char *name, uint8_t fate, const specimen_results *v, const dataset *c,
                               double *column, adamas_error *error)
{
    for (size_t k = 0; k < c->n_specimens; k++) {
        column[k] = fate == ADAMAS_SHOT_NOT_FINITE ? (double)v->unusable[k] : 0;
        for (size_t i = c->first_shot[k]; i < c->first_shot[k + 1]; i++)
            column[k] += c->shot_flag[i] == fate;
        if (fate == ADAMAS_SHOT_USED)
            column[k] = (double)v->shots[k];
    }
    return table_set_numbers(t, name, c->n_specimens, column, error);
}

static adamas_status put_origin(table *t, const char *what, const char *origin, const specimen_results *v,
                                const double *values, size_t place, double *column, adamas_error *error)
{
    text name = {0};
    text_append(&name, "%s/%s", what, origin);
    for (size_t k = 0; k < v->n_specimens; k++)
        column[k] = values[k * v->n_origins + place];
    adamas_status status =
        name.failed ? status_no_memory(error) : table_set_numbers(t, name.at, v->n_specimens, column, error);
    text_clear(&name);
    return status;
}

static adamas_status put_masses(table *t, const dataset *c, double *column, adamas_error *error)
{
    int any = 0;
    for (size_t k = 0; k < c->n_specimens; k++) {
        size_t set = dataset_set(c, k);
        const adamas_column *mass = table_column(&c->sets[set]->specimens, "mass_ct");
        column[k] = mass && mass->number ? mass->number[k - c->set_first[set]] : NAN;
        any = any || isfinite(column[k]);
    }
    return any ? table_set_numbers(t, "mass_ct", c->n_specimens, column, error) : ADAMAS_OK;
}

static adamas_status put_all_origins(table *t, const char *what, const specimen_results *v, const double *values,
                                     const char *const *origins, double *column, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t o = 0; !status && o < v->n_origins; o++)
        status = put_origin(t, what, origins[o], v, values, o, column, error);
    return status;
}

int result_quotes(const answering *a, const double *typicality, size_t origin)
{
    return a->rejectable[origin] && typicality[origin] > a->epsilon;
}

/* "CAR, DRC", "none", or of origins that cannot be rejected "none (cannot be excluded: DRC)". */
static void describe_answer(text *out, const answering *a, const double *typicality, size_t n,
                            const char *const *origins)
{
    size_t listed = 0, open = 0;
    for (size_t o = 0; o < n; o++)
        if (result_quotes(a, typicality, o))
            text_append(out, "%s%s", listed++ ? ", " : "", origins[o]);
    if (!listed)
        text_append(out, "none");
    for (size_t o = 0; o < n; o++)
        if (!a->rejectable[o])
            text_append(out, "%s%s", open++ ? ", " : " (cannot be excluded: ", origins[o]);
    text_append(out, "%s", open ? ")" : "");
}

static adamas_status put_answers(table *t, const specimen_results *v, const char *const *origins, const answering *a,
                                 adamas_error *error)
{
    text *texts = memory_new(v->n_specimens, sizeof *texts);
    const char **answers = memory_new(v->n_specimens, sizeof *answers);
    adamas_status status = texts && answers ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < v->n_specimens; k++) {
        if (v->shots[k])
            describe_answer(&texts[k], a, v->typicality + k * v->n_origins, v->n_origins, origins);
        answers[k] = texts[k].at;
        status = texts[k].failed ? status_no_memory(error) : ADAMAS_OK;
    }
    if (!status)
        status = table_set_text(t, "answer", v->n_specimens, answers, error);
    for (size_t k = 0; texts && k < v->n_specimens; k++)
        text_clear(&texts[k]);
    free(texts);
    free(answers);
    return status;
}

/* values: room for [n_specimens, n_origins]. */
static adamas_status put_evidence(table *t, const specimen_results *v, const char *const *origins, const answering *a,
                                  double *values, double *column, adamas_error *error)
{
    size_t n = v->n_origins;
    for (size_t k = 0; k < v->n_specimens; k++)
        for (size_t o = 0; o < n; o++)
            values[k * n + o] = result_quotes(a, v->typicality + k * n, o) ? v->log_lr[k * n + o] / M_LN10 : NAN;
    adamas_status status = put_all_origins(t, "typicality", v, v->typicality, origins, column, error);
    if (!status)
        status = put_all_origins(t, "log10_lr", v, values, origins, column, error);
    return status ? status : put_answers(t, v, origins, a, error);
}

static int has_class_models(const specimen_results *v)
{
    size_t k = 0;
    while (k < v->n_specimens && isnan(v->class_model[k * v->n_origins]))
        k++;
    return k < v->n_specimens;
}

adamas_status result_specimens(result *r, const specimen_results *v, const dataset *c, const char *const *origins,
                               const answering *a, adamas_error *error)
{
    table *t = &r->tables[ADAMAS_SPECIMENS];
    static const char *const fates[] = {"shots_used", "shots_not_finite", "shots_saturated", "shots_outlier"};
    double *column = memory_raw(v->n_specimens, sizeof *column);
    double *values = memory_raw(v->n_specimens, v->n_origins * sizeof *values);
    adamas_status status = column && values ? put_texts(t, c, "id", "id", error) : status_no_memory(error);
    if (!status && c->origin)
        status = put_true_origins(t, c, error);
    if (!status)
        status = put_masses(t, c, column, error);
    for (uint8_t fate = 0; !status && fate < 4; fate++)
        status = put_fates(t, fates[fate], fate, v, c, column, error);
    for (size_t i = 0; !status && i < v->n_specimens * v->n_origins; i++)
        values[i] = exp(v->log_probability[i]);
    if (!status)
        status = put_all_origins(t, "log_density", v, v->log_density, origins, column, error);
    if (!status)
        status = put_all_origins(t, "probability", v, values, origins, column, error);
    if (!status && v->n_specimens && has_class_models(v))
        status = put_all_origins(t, "class_model", v, v->class_model, origins, column, error);
    if (!status && a)
        status = put_evidence(t, v, origins, a, values, column, error);
    free(column);
    free(values);
    return status;
}

adamas_status result_number(result *r, const char *name, double value, adamas_error *error)
{
    return table_set_numbers(&r->numbers, name, 1, &value, error);
}

adamas_status result_screening(result *r, adamas_error *error)
{
    adamas_status status = result_number(r, "screening/saturated_share", screen_saturated_share, error);
    if (!status)
        status = result_number(r, "screening/robust_z", screen_robust_z, error);
    if (!status)
        status = result_number(r, "screening/fewest_shots", screen_min_shots, error);
    return status;
}
