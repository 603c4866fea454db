/* The rows of a cached collection in fewer numbers: fit_condense.
 *
 * Principal components of specimens lie in the span of their mean spectra, so a cross-validation needs of a spectrum
 * only where it stands in the span of all specimens' means, and how far off it. That is a rotation: it fits nothing,
 * and whatever is fitted afterwards to some of the specimens is as it would have been, but for rounding. */
#include "base/memory.h"
#include "model/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A full decomposition is worth its while up to so many specimens. */
enum { most_specimens = 1024 };

typedef struct condensing {
    collection *c;
    size_t n_channels;
    size_t *shots; /* [n_specimens] of use */
    float *mean;   /* [n_specimens, n_channels] */
    pca span;
    float *condensed; /* [n_shots, span.n_components] */
    double *off;      /* [n_specimens] */
} condensing;

static const float *row_of(const condensing *d, size_t shot)
{
    const float *row = d->c->cache + shot * d->c->cache_stride;
    return d->c->fate[shot] == ADAMAS_SHOT_USED && pipeline_usable(row, d->n_channels) ? row : NULL;
}

static adamas_status average(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    condensing *d = context;
    double *sum = memory_new(d->n_channels, sizeof *sum);
    if (!sum)
        return status_no_memory(error);
    for (size_t s = d->c->first_shot[specimen]; s < d->c->first_shot[specimen + 1]; s++) {
        const float *row = row_of(d, s);
        for (size_t i = 0; row && i < d->n_channels; i++)
            sum[i] += row[i];
        d->shots[specimen] += row != NULL;
    }
    for (size_t i = 0; d->shots[specimen] && i < d->n_channels; i++)
        d->mean[specimen * d->n_channels + i] = (float)(sum[i] / (double)d->shots[specimen]);
    free(sum);
    return ADAMAS_OK;
}

static adamas_status find_span(condensing *d, work *w, adamas_error *error)
{
    pca_sum *sum = NULL;
    adamas_status status = pca_start(&sum, d->c->n_specimens, d->n_channels, error);
    for (size_t k = 0; !status && k < d->c->n_specimens; k++)
        if (d->shots[k])
            status = pca_add(sum, 1, d->mean + k * d->n_channels, w, error);
    if (!status)
        status = pca_finish(&d->span, sum, d->c->n_specimens, w, error);
    pca_sum_free(sum);
    return status;
}

/* Rows that wait for their coordinates. */
typedef struct panel {
    size_t shot[PCA_PANEL], n;
    float *rows;    /* [PCA_PANEL, n_channels] */
    double *scores; /* [PCA_PANEL, span.n_components] */
    float *scratch;
} panel;

static void place_panel(condensing *d, size_t specimen, panel *p)
{
    size_t n = d->span.n_components;
    if (p->n)
        pca_scores(&d->span, n, p->n, p->rows, p->scores, p->scratch);
    for (size_t r = 0; r < p->n; r++) {
        d->off[specimen] += pca_residual(&d->span, p->rows + r * d->n_channels, p->scores + r * n);
        for (size_t a = 0; a < n; a++)
            d->condensed[p->shot[r] * n + a] = (float)p->scores[r * n + a];
    }
    p->n = 0;
}

/* A row of no use stays one: it is NaN. */
static void place(condensing *d, size_t specimen, size_t shot, panel *p)
{
    const float *row = row_of(d, shot);
    for (size_t a = 0; !row && a < d->span.n_components; a++)
        d->condensed[shot * d->span.n_components + a] = NAN;
    if (!row)
        return;
    memcpy(p->rows + p->n * d->n_channels, row, d->n_channels * sizeof *row);
    p->shot[p->n++] = shot;
    if (p->n == PCA_PANEL)
        place_panel(d, specimen, p);
}

static adamas_status place_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    condensing *d = context;
    panel p = {.rows = memory_raw(PCA_PANEL, d->n_channels * sizeof *p.rows),
               .scores = memory_raw(PCA_PANEL, d->span.n_components * sizeof *p.scores),
               .scratch = memory_raw(pca_scratch(&d->span), sizeof *p.scratch)};
    adamas_status status = p.rows && p.scores && p.scratch ? ADAMAS_OK : status_no_memory(error);
    for (size_t s = d->c->first_shot[specimen]; !status && s < d->c->first_shot[specimen + 1]; s++)
        place(d, specimen, s, &p);
    if (!status)
        place_panel(d, specimen, &p);
    free(p.rows);
    free(p.scores);
    free(p.scratch);
    return status;
}

static adamas_status condense(condensing *d, work *w, adamas_error *error)
{
    collection *c = d->c;
    d->shots = memory_new(c->n_specimens, sizeof *d->shots);
    d->mean = memory_raw(c->n_specimens, d->n_channels * sizeof *d->mean);
    d->off = memory_new(c->n_specimens, sizeof *d->off);
    adamas_status status =
        d->shots && d->mean && d->off ? work_each(w, c->n_specimens, average, d, error) : status_no_memory(error);
    if (!status)
        status = find_span(d, w, error);
    if (!status) {
        d->condensed = memory_raw(c->n_shots, d->span.n_components * sizeof *d->condensed);
        status = d->condensed ? work_each(w, c->n_specimens, place_specimen, d, error) : status_no_memory(error);
    }
    return status;
}

static void keep(condensing *d)
{
    collection *c = d->c;
    free(c->cache);
    c->cache = d->condensed;
    c->off = d->off;
    c->n_condensed = c->cache_stride = d->span.n_components;
    d->condensed = NULL;
    d->off = NULL;
}

adamas_status fit_condense(collection *c, const recipe *r, const axis *library, work *w, adamas_error *error)
{
    pipeline whole;
    if (!c->cache_is_whole || r->pca == RECIPE_NONE || !step_value_is(r->steps[r->pca].values[1], "specimens"))
        return ADAMAS_OK;
    adamas_status status = pipeline_make(&whole, r, library, error);
    if (status)
        return status;
    condensing d = {.c = c, .n_channels = whole.out.n};
    pipeline_clear(&whole);
    if (c->n_specimens > most_specimens || 2 * c->n_specimens > d.n_channels)
        return ADAMAS_OK;
    status = condense(&d, w, error);
    if (!status)
        keep(&d);
    if (status == ADAMAS_E_DATA)
        status = ADAMAS_OK; /* spectra without any spread: whoever fits them says so */
    free(d.shots);
    free(d.mean);
    free(d.off);
    free(d.condensed);
    pca_clear(&d.span);
    return status;
}
