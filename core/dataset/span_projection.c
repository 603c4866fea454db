/* The rows of a cached dataset in fewer numbers: dataset_project_to_span and span_projection_make.
 *
 * Principal components of specimens lie in the span of their mean spectra, so a cross-validation needs of a spectrum
 * only where it stands in the span of all specimens' specimen_means, and how far off it. That is a rotation: it fits
 * nothing, and whatever is fitted afterwards to some of the specimens is as it would have been, but for rounding. */
#include "base/memory.h"
#include "base/sums.h"
#include "training/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A full decomposition is worth its while up to so many specimens. */
enum { most_specimens = 1024 };

typedef struct condensing {
    const dataset *c;
    size_t n_channels;
    unsigned char *usable; /* [n_shots] */
    size_t *shots;         /* [n_specimens] of use */
    float *mean;           /* [n_specimens, n_channels] */
    pca span;
    float *span_projection;   /* [n_shots, span.n_components] */
    double *residual_squares; /* [n_specimens] */
} condensing;

static const float *row_of(const condensing *d, size_t shot)
{
    return d->c->cache + shot * d->c->cache_stride;
}

static adamas_status average(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    condensing *d = context;
    double *sum = memory_new(d->n_channels, sizeof *sum);
    if (!sum)
        return status_no_memory(error);
    for (size_t s = d->c->first_shot[specimen]; s < d->c->first_shot[specimen + 1]; s++) {
        d->usable[s] = d->c->shot_flag[s] == ADAMAS_SHOT_USED && pipeline_row_is_usable(row_of(d, s));
        if (d->usable[s])
            sums_add(sum, row_of(d, s), 1, d->n_channels);
        d->shots[specimen] += d->usable[s];
    }
    if (d->shots[specimen])
        sums_mean(d->mean + specimen * d->n_channels, sum, (double)d->shots[specimen], d->n_channels);
    free(sum);
    return ADAMAS_OK;
}

static adamas_status find_span(condensing *d, work *w, adamas_error *error)
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

/* Coordinates of shots first ... first + n - 1, all of use. */
static void place(condensing *d, size_t specimen, size_t first, size_t n, double *scores, float *scratch)
{
    size_t p = d->span.n_components;
    pca_scores(&d->span, p, n, row_of(d, first), scores, scratch);
    for (size_t r = 0; r < n; r++)
        d->residual_squares[specimen] += pca_residual(&d->span, row_of(d, first + r), scores + r * p);
    for (size_t i = 0; i < n * p; i++)
        d->span_projection[first * p + i] = (float)scores[i];
}

/* A row of no use stays one: it is NaN. */
static adamas_status place_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    condensing *d = context;
    size_t p = d->span.n_components, last = d->c->first_shot[specimen + 1], n;
    double *scores = memory_raw(PCA_MAX_ROWS, p * sizeof *scores);
    float *scratch = memory_raw(pca_scratch(&d->span), sizeof *scratch);
    adamas_status status = scores && scratch ? ADAMAS_OK : status_no_memory(error);
    for (size_t s = d->c->first_shot[specimen]; !status && s < last; s += n) {
        for (n = 0; n < PCA_MAX_ROWS && s + n < last && d->usable[s + n]; n++)
            ;
        if (n)
            place(d, specimen, s, n, scores, scratch);
        else
            for (size_t a = 0; a < p; a++)
                d->span_projection[s * p + a] = NAN;
        n = n ? n : 1;
    }
    free(scores);
    free(scratch);
    return status;
}

static adamas_status condense(condensing *d, work *w, adamas_error *error)
{
    const dataset *c = d->c;
    d->usable = memory_new(c->n_shots, sizeof *d->usable);
    d->shots = memory_new(c->n_specimens, sizeof *d->shots);
    d->mean = memory_raw(c->n_specimens, d->n_channels * sizeof *d->mean);
    d->residual_squares = memory_new(c->n_specimens, sizeof *d->residual_squares);
    adamas_status status = d->usable && d->shots && d->mean && d->residual_squares
                               ? work_each(w, c->n_specimens, average, d, error)
                               : status_no_memory(error);
    if (!status)
        status = find_span(d, w, error);
    if (!status) {
        d->span_projection = memory_raw(c->n_shots, d->span.n_components * sizeof *d->span_projection);
        status = d->span_projection ? work_each(w, c->n_specimens, place_specimen, d, error) : status_no_memory(error);
    }
    return status;
}

static void hand_over(span_projection *out, condensing *d)
{
    out->view = *d->c;
    out->view.cache = d->span_projection;
    out->view.residual_squares = d->residual_squares;
    out->view.n_coordinates = out->view.cache_stride = d->span.n_components;
    out->span = d->span;
    d->span_projection = NULL;
    d->residual_squares = NULL;
    d->span = (pca){0};
}

adamas_status span_projection_make(span_projection *out, const dataset *c, const compiled_method *r,
                                   const axis *library, work *w, adamas_error *error)
{
    *out = (span_projection){0};
    pipeline whole;
    if (c->n_coordinates || !c->cache_is_whole || r->pca == METHOD_NO_STEP ||
        !step_value_is(r->steps[r->pca].values[1], "specimens"))
        return ADAMAS_OK;
    adamas_status status = pipeline_make(&whole, r, library, error);
    if (status)
        return status;
    condensing d = {.c = c, .n_channels = whole.out.n};
    pipeline_clear(&whole);
    if (c->n_specimens > most_specimens || 2 * c->n_specimens > d.n_channels || c->cache_stride != d.n_channels)
        return ADAMAS_OK;
    status = condense(&d, w, error);
    if (!status)
        hand_over(out, &d);
    if (status == ADAMAS_E_DATA)
        status = ADAMAS_OK; /* spectra without any spread: whoever fits them says so */
    free(d.usable);
    free(d.shots);
    free(d.mean);
    free(d.residual_squares);
    free(d.span_projection);
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

adamas_status dataset_project_to_span(dataset *c, const compiled_method *r, const axis *library, work *w,
                                      adamas_error *error)
{
    span_projection d;
    adamas_status status = span_projection_make(&d, c, r, library, w, error);
    if (!status && d.view.n_coordinates) {
        free(c->cache);
        *c = d.view;
        d.view.cache = NULL;
        d.view.residual_squares = NULL;
    }
    span_projection_clear(&d);
    return status;
}
