#include "classification/spectrum.h"

#include "base/memory.h"
#include "base/text.h"
#include "evidence/calibration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Scores of a spectrum that is one already: no shot. */
static void project(const pca *p, const double *spectrum, double *score)
{
    for (size_t a = 0; a < p->n_components; a++) {
        const float *component = p->components + a * p->n_channels;
        score[a] = 0;
        for (size_t i = 0; i < p->n_channels; i++)
            score[a] += (spectrum[i] - p->mean[i]) * component[i];
    }
}

/* mean + scores times components */
static void unproject(const pca *p, const double *score, double *spectrum)
{
    memcpy(spectrum, p->mean, p->n_channels * sizeof *spectrum);
    for (size_t a = 0; a < p->n_components; a++)
        for (size_t i = 0; i < p->n_channels; i++)
            spectrum[i] += score[a] * p->components[a * p->n_channels + i];
}

/* Everything that the gradient is taken of. */
typedef struct ratio {
    const classifier *j;
    size_t origin, shots;
    double *density; /* [n_origins] */
    double *scratch; /* [n_components + n_origins] */
} ratio;

static double log_lr(const ratio *r, const double *score)
{
    const match *m = r->j->fit.compiled_method->steps[r->j->fit.compiled_method->match].match;
    m->density(r->j->match_state, score, r->shots, r->density, r->scratch);
    return calibration_log_lr(r->j->n_origins, r->density, NULL, r->origin);
}

/* By central differences of a hundredth of each component's spread. */
static void find_gradient(const ratio *r, double *score, double *gradient)
{
    const pca *p = &r->j->fit.pca;
    for (size_t a = 0; a < p->n_components; a++) {
        double kept = score[a], h = 0.01 * sqrt(p->variance[a]);
        score[a] = kept + h;
        double above = log_lr(r, score);
        score[a] = kept - h;
        gradient[a] = h > 0 ? (above - log_lr(r, score)) / (2 * h) : 0;
        score[a] = kept;
    }
}

static size_t usual_shots(const specimen_results *v)
{
    size_t sum = 0, n = 0;
    for (size_t k = 0; k < v->n_specimens; k++) {
        sum += v->shots[k];
        n += v->shots[k] > 0;
    }
    return n && sum / n ? sum / n : 1;
}

/* column: room for [n_channels]. */
static adamas_status put_contribution(table *t, const classifier *j, const double *gradient, double slope,
                                      const double *spectrum, double *column, adamas_error *error)
{
    const pca *p = &j->fit.pca;
    size_t n = p->n_channels, k = p->n_components;
    double *middle = memory_new(k, sizeof *middle), *reference = memory_raw(n, sizeof *reference);
    adamas_status status = middle && reference ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < j->n_origins * k; i++)
        middle[i % k] += j->origin_mean[i] / (double)j->n_origins;
    if (!status) {
        unproject(p, middle, reference);
        memset(column, 0, n * sizeof *column);
        for (size_t a = 0; a < k; a++)
            for (size_t i = 0; i < n; i++)
                column[i] += gradient[a] * p->components[a * n + i];
        for (size_t i = 0; i < n; i++)
            column[i] *= slope * (spectrum[i] - reference[i]) / M_LN10;
        status = table_set_numbers(t, "contribution", n, column, error);
    }
    free(middle);
    free(reference);
    return status;
}

static adamas_status put_origins(table *t, const classifier *j, const char *const *origins, double *column,
                                 adamas_error *error)
{
    const pca *p = &j->fit.pca;
    adamas_status status = ADAMAS_OK;
    for (size_t o = 0; !status && o < j->n_origins; o++) {
        text name = {0};
        text_append(&name, "origin/%s", origins[o]);
        unproject(p, j->origin_mean + o * p->n_components, column);
        status = name.failed ? status_no_memory(error) : table_set_numbers(t, name.at, p->n_channels, column, error);
        text_clear(&name);
    }
    return status;
}

adamas_status spectrum_put(result *out, const classifier *j, const specimen_results *v, const char *const *origins,
                           size_t origin, double slope, adamas_error *error)
{
    const pca *p = &j->fit.pca;
    table *t = &out->tables[ADAMAS_SPECTRUM];
    size_t n = p->n_channels, k = p->n_components;
    double *column = memory_raw(n, sizeof *column), *score = memory_raw(k, sizeof *score);
    double *gradient = memory_raw(k, sizeof *gradient), *density = memory_raw(j->n_origins, sizeof *density);
    double *scratch = memory_raw(k + j->n_origins, sizeof *scratch);
    adamas_status status = column && score && gradient && density && scratch ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = table_set_numbers(t, "wavelength", n, j->fit.pipeline.out.nm, error);
    if (!status)
        status = table_set_numbers(t, "parcel", n, v->spectrum, error);
    if (!status)
        status = put_origins(t, j, origins, column, error);
    if (!status) {
        const ratio r = {j, origin, usual_shots(v), density, scratch};
        project(p, v->spectrum, score);
        find_gradient(&r, score, gradient);
        status = put_contribution(t, j, gradient, slope, v->spectrum, column, error);
    }
    free(column);
    free(score);
    free(gradient);
    free(density);
    free(scratch);
    return status;
}
