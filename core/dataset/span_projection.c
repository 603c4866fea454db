/* Rows as coordinates in the span of the specimens' mean spectra.
 *
 * Principal components of specimens lie in the span of their mean spectra, so a cross-validation needs of a spectrum
 * only its coordinates in the span of all specimens' means, and its distance from that span. That is a rotation: it
 * fits nothing, and what is fitted afterwards to some of the specimens is as it would have been, but for rounding. */
#include "dataset/span_projection.h"

#include "base/memory.h"
#include "dataset/scan.h"
#include "dataset/specimen_means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* With more specimens a full decomposition costs more than it saves. */
enum { max_specimens = 1024 };

typedef struct projection_job {
    dataset *c;
    size_t n_channels;
    specimen_means *means; /* [threads] */
    size_t *shots;         /* [n_specimens] of use */
    float *mean;           /* [n_specimens, n_channels] */
    pca span;
    float *coordinates;       /* [n_shots, span.n_components] */
    double *residual_squares; /* [n_specimens] */
} projection_job;

static const float *row_of(const projection_job *d, size_t shot)
{
    return d->c->cache + shot * d->c->cache_stride;
}

static int is_usable(const projection_job *d, size_t shot)
{
    return d->c->shot_flag[shot] == ADAMAS_SHOT_USED && pipeline_row_is_usable(row_of(d, shot));
}

static adamas_status add_means(void *context, int thread, const row_batch *batch, adamas_error *error)
{
    (void)error;
    projection_job *d = context;
    specimen_means *m = &d->means[thread];
    specimen_means_add(m, batch);
    for (size_t i = 0; i < m->n; i++) {
        memcpy(d->mean + m->specimen[i] * d->n_channels, m->rows + i * d->n_channels, d->n_channels * sizeof *d->mean);
        d->shots[m->specimen[i]] = m->shots[i];
    }
    return ADAMAS_OK;
}

static adamas_status find_means(projection_job *d, const pipeline *whole, work *w, adamas_error *error)
{
    size_t threads = (size_t)work_threads(w);
    const scan_visitor visitor = {.context = d, .accumulate = add_means};
    d->means = memory_new(threads, sizeof *d->means);
    adamas_status status = d->means ? ADAMAS_OK : status_no_memory(error);
    for (size_t t = 0; !status && t < threads; t++)
        status = specimen_means_make(&d->means[t], d->n_channels, error);
    if (!status)
        status = dataset_scan(d->c, &whole, 1, whole->n_stages, NULL, w, NULL, &visitor, NULL, error);
    for (size_t t = 0; d->means && t < threads; t++)
        specimen_means_clear(&d->means[t]);
    free(d->means);
    return status;
}

static adamas_status find_span(projection_job *d, work *w, adamas_error *error)
{
    pca_accumulator *sum = NULL;
    adamas_status status = pca_accumulator_make(&sum, d->c->n_specimens, d->n_channels, error);
    for (size_t k = 0; !status && k < d->c->n_specimens; k++)
        if (d->shots[k])
            status = pca_accumulator_add(sum, 1, d->mean + k * d->n_channels, w, error);
    if (!status)
        status = pca_fit(&d->span, sum, d->c->n_specimens, w, error);
    pca_accumulator_free(sum);
    return status;
}

/* Coordinates of shots first ... first + n - 1, which are all usable. */
static void project(projection_job *d, size_t specimen, size_t first, size_t n, double *scores, float *scratch)
{
    size_t p = d->span.n_components;
    pca_scores(&d->span, p, n, row_of(d, first), scores, scratch);
    for (size_t r = 0; r < n; r++)
        d->residual_squares[specimen] += pca_residual(&d->span, row_of(d, first + r), scores + r * p);
    for (size_t i = 0; i < n * p; i++)
        d->coordinates[first * p + i] = (float)scores[i];
}

/* The coordinates of an unusable row are NaN. */
static adamas_status project_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    projection_job *d = context;
    size_t p = d->span.n_components, last = d->c->first_shot[specimen + 1], n;
    double *scores = memory_raw(PCA_MAX_ROWS, p * sizeof *scores);
    float *scratch = memory_raw(pca_scratch(&d->span), sizeof *scratch);
    adamas_status status = scores && scratch ? ADAMAS_OK : status_no_memory(error);
    for (size_t s = d->c->first_shot[specimen]; !status && s < last; s += n) {
        for (n = 0; n < PCA_MAX_ROWS && s + n < last && is_usable(d, s + n); n++)
            ;
        if (n)
            project(d, specimen, s, n, scores, scratch);
        else
            for (size_t a = 0; a < p; a++)
                d->coordinates[s * p + a] = NAN;
        n = n ? n : 1;
    }
    free(scores);
    free(scratch);
    return status;
}

static adamas_status project_rows(projection_job *d, const pipeline *whole, work *w, adamas_error *error)
{
    const dataset *c = d->c;
    d->shots = memory_new(c->n_specimens, sizeof *d->shots);
    d->mean = memory_raw(c->n_specimens, d->n_channels * sizeof *d->mean);
    d->residual_squares = memory_new(c->n_specimens, sizeof *d->residual_squares);
    adamas_status status =
        d->shots && d->mean && d->residual_squares ? find_means(d, whole, w, error) : status_no_memory(error);
    if (!status)
        status = find_span(d, w, error);
    if (!status) {
        d->coordinates = memory_raw(c->n_shots, d->span.n_components * sizeof *d->coordinates);
        status = d->coordinates ? work_each(w, c->n_specimens, project_specimen, d, error) : status_no_memory(error);
    }
    return status;
}

static void hand_over(span_projection *out, projection_job *d)
{
    out->view = *d->c;
    out->view.cache = d->coordinates;
    out->view.residual_squares = d->residual_squares;
    out->view.n_coordinates = out->view.cache_stride = d->span.n_components;
    out->span = d->span;
    d->coordinates = NULL;
    d->residual_squares = NULL;
    d->span = (pca){0};
}

adamas_status span_projection_make(span_projection *out, dataset *c, const compiled_method *compiled,
                                   const axis *library, work *w, adamas_error *error)
{
    *out = (span_projection){0};
    pipeline whole;
    if (c->n_coordinates || !c->cache_is_whole || compiled->pca == METHOD_NO_STEP ||
        !step_value_is(compiled->steps[compiled->pca].values[1], "specimens"))
        return ADAMAS_OK;
    adamas_status status = pipeline_make(&whole, compiled, library, error);
    if (status)
        return status;
    projection_job d = {.c = c, .n_channels = whole.out.n};
    int is_worth_it =
        c->n_specimens <= max_specimens && 2 * c->n_specimens <= d.n_channels && c->cache_stride == d.n_channels;
    if (is_worth_it)
        status = project_rows(&d, &whole, w, error);
    if (is_worth_it && !status)
        hand_over(out, &d);
    pipeline_clear(&whole);
    if (status == ADAMAS_E_DATA)
        status = ADAMAS_OK; /* spectra without any variance: fitting them reports it */
    free(d.shots);
    free(d.mean);
    free(d.residual_squares);
    free(d.coordinates);
    pca_clear(&d.span);
    return status;
}

void span_projection_clear(span_projection *d)
{
    free(d->view.cache);
    free(d->view.residual_squares);
    pca_clear(&d->span);
    *d = (span_projection){0};
}

adamas_status dataset_project_to_span(dataset *c, const compiled_method *compiled, const axis *library, work *w,
                                      adamas_error *error)
{
    span_projection d;
    adamas_status status = span_projection_make(&d, c, compiled, library, w, error);
    if (!status && d.view.n_coordinates) {
        free(c->cache);
        *c = d.view;
        d.view.cache = NULL;
        d.view.residual_squares = NULL;
    }
    span_projection_clear(&d);
    return status;
}
