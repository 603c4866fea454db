#include "training/fit.h"

#include "base/memory.h"
#include "base/sums.h"
#include "dataset/specimen_means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

adamas_status dataset_cache_for_method(dataset *c, const compiled_method *r, const axis *library, work *w,
                                       adamas_error *error)
{
    if (compiled_method_fits_preprocessing(r))
        return dataset_cache(c, NULL, w, error);
    pipeline whole;
    adamas_status status = pipeline_make(&whole, r, library, error);
    if (status)
        return status;
    status = dataset_cache(c, &whole, w, error);
    pipeline_clear(&whole);
    return status;
}

adamas_status folds_each(work *w, const dataset *c, const axis *library, size_t n_folds, work_item each, void *context,
                         adamas_error *error)
{
    size_t channels = c->n_coordinates ? c->n_coordinates : library->n;
    double side = (double)(c->n_shots < channels ? c->n_shots : channels);
    if ((double)w->threads * side * side * sizeof(double) <= (double)FOLDS_MAX_GRAM_BYTES)
        return work_each(w, n_folds, each, context, error);
    adamas_status status = ADAMAS_OK;
    for (size_t fold = 0; !status && fold < n_folds; fold++)
        status = each(context, fold, 0, error);
    return status;
}

/* Sums over shots: each thread's of the block at hand, and of all. */
typedef struct mean_row {
    size_t n_channels, n, *n_own; /* n_own[threads] */
    double *sum, *own;            /* own[threads, n_channels] */
} mean_row;

static adamas_status add_to_mean(void *context, int thread, const row_batch *part, adamas_error *error)
{
    (void)error;
    mean_row *m = context;
    size_t n = part->first[part->n_specimens];
    sums_add(m->own + (size_t)thread * m->n_channels, part->rows, n, m->n_channels);
    m->n_own[thread] += n;
    return ADAMAS_OK;
}

static adamas_status reduce_mean(void *context, int thread, adamas_error *error)
{
    (void)error;
    mean_row *m = context;
    sums_merge(m->sum, m->own + (size_t)thread * m->n_channels, m->n_channels);
    m->n += m->n_own[thread];
    m->n_own[thread] = 0;
    return ADAMAS_OK;
}

/* Fits the reference of a stage: the mean of the training shots that reach it. */
static adamas_status fit_reference(fit *f, size_t stage, dataset *c, const unsigned char *training, work *w,
                                   adamas_error *error)
{
    mean_row m = {.n_channels = pipeline_channels(&f->pipeline, stage)};
    float *mean = memory_raw(m.n_channels, sizeof *mean);
    m.sum = memory_new(m.n_channels, sizeof *m.sum);
    m.own = memory_new((size_t)work_threads(w), m.n_channels * sizeof *m.own);
    m.n_own = memory_new((size_t)work_threads(w), sizeof *m.n_own);
    const scan_visitor visitor = {&m, add_to_mean, reduce_mean, 0};
    adamas_status status = mean && m.sum && m.own && m.n_own ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, stage, training, w, NULL, &visitor, NULL, error);
    if (!status && m.n == 0)
        status = status_set(error, ADAMAS_E_DATA, "%s: no shot is of use for training", c->sets[0]->name);
    for (size_t i = 0; !status && i < m.n_channels; i++)
        mean[i] = (float)(m.sum[i] / (double)m.n);
    if (!status)
        status = pipeline_set_reference(&f->pipeline, stage, mean, error);
    free(mean);
    free(m.sum);
    free(m.own);
    free(m.n_own);
    return status;
}

/* Feeds the PCA with shots, or with the mean of each specimen's. */
typedef struct feeding {
    pca_accumulator *sum;
    work *w;
    specimen_means *specimen_means; /* [threads]; NULL where it is fed with shots */
    const float **rows;             /* [threads]: what waits to be settled */
    size_t *n;
} feeding;

static adamas_status feed(void *context, int thread, const row_batch *part, adamas_error *error)
{
    (void)error;
    feeding *f = context;
    if (f->specimen_means)
        specimen_means_add(&f->specimen_means[thread], part);
    f->rows[thread] = f->specimen_means ? f->specimen_means[thread].rows : part->rows;
    f->n[thread] = f->specimen_means ? f->specimen_means[thread].n : part->first[part->n_specimens];
    return ADAMAS_OK;
}

static adamas_status reduce_feed(void *context, int thread, adamas_error *error)
{
    feeding *f = context;
    return pca_accumulator_add(f->sum, f->n[thread], f->rows[thread], f->w, error);
}

static size_t count_rows(const dataset *c, const unsigned char *training, int of_specimens)
{
    size_t n = 0;
    for (size_t k = 0; k < c->n_specimens; k++)
        if (training[k])
            n += of_specimens ? 1 : dataset_shots(c, k);
    return n;
}

/* Of the rows that principal components are found of. */
static size_t channels_of(const fit *f, const dataset *c)
{
    return dataset_channels(c, &f->pipeline, f->pipeline.n_stages);
}

static adamas_status reserve_feeding(feeding *f, int of_specimens, size_t n_channels, adamas_error *error)
{
    size_t threads = (size_t)work_threads(f->w);
    adamas_status status = ADAMAS_OK;
    f->rows = memory_new(threads, sizeof *f->rows);
    f->n = memory_new(threads, sizeof *f->n);
    f->specimen_means = of_specimens ? memory_new(threads, sizeof *f->specimen_means) : NULL;
    if (!f->rows || !f->n || (of_specimens && !f->specimen_means))
        status = status_no_memory(error);
    for (size_t t = 0; !status && f->specimen_means && t < threads; t++)
        status = specimen_means_make(&f->specimen_means[t], n_channels, error);
    return status;
}

static void release_feeding(feeding *f)
{
    for (int t = 0; f->specimen_means && t < work_threads(f->w); t++)
        specimen_means_clear(&f->specimen_means[t]);
    free(f->specimen_means);
    free(f->rows);
    free(f->n);
    pca_accumulator_free(f->sum);
}

/* The next training specimens from k on with PCA_BATCH_ROWS shots together, or one with more. */
static size_t pick_some(const dataset *c, const unsigned char *training, size_t k, unsigned char *some)
{
    size_t shots = 0;
    memset(some, 0, c->n_specimens);
    for (; k < c->n_specimens; k++) {
        if (!training[k])
            continue;
        if (shots && shots + dataset_shots(c, k) > PCA_BATCH_ROWS)
            break;
        some[k] = 1;
        shots += dataset_shots(c, k);
    }
    return k;
}

/* Of many rows the products take far longer than the rows: some specimens at a time, and then their products on all
 * threads. */
static adamas_status feed_many(const fit *f, dataset *c, const unsigned char *training, feeding *fed,
                               const scan_visitor *visitor, row_cache *rows, adamas_error *error)
{
    unsigned char *some = memory_raw(c->n_specimens, 1);
    adamas_status status = some ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens;) {
        k = pick_some(c, training, k, some);
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, f->pipeline.n_stages, some, fed->w, rows,
                              visitor, NULL, error);
        if (!status)
            status = pca_accumulator_flush(fed->sum, fed->w, error);
    }
    free(some);
    return status;
}

static adamas_status fit_pca(fit *f, dataset *c, const unsigned char *training, size_t max_components, row_cache *rows,
                             work *w, adamas_error *error)
{
    const step_value *values = f->compiled_method->steps[f->compiled_method->pca].values;
    size_t components = values[0].word ? max_components : (size_t)values[0].number;
    int of_specimens = step_value_is(values[1], "specimens");
    feeding fed = {.w = w};
    const scan_visitor visitor = {&fed, feed, reduce_feed, !of_specimens};
    adamas_status status = reserve_feeding(&fed, of_specimens, channels_of(f, c), error);
    size_t n_rows = count_rows(c, training, of_specimens);
    if (!status)
        status = pca_accumulator_make(&fed.sum, n_rows, channels_of(f, c), error);
    if (!status && !of_specimens && n_rows > channels_of(f, c))
        status = feed_many(f, c, training, &fed, &visitor, rows, error);
    else if (!status)
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, f->pipeline.n_stages, training, w, rows,
                              &visitor, NULL, error);
    if (!status)
        status = pca_fit(&f->pca, fed.sum, components, w, error);
    if (!status && !values[0].word && f->pca.n_components < components)
        status =
            status_set(error, ADAMAS_E_DATA, "the training spectra have only %zu principal components, %zu asked for",
                       f->pca.n_components, components);
    release_feeding(&fed);
    return status;
}

adamas_status fit_make(fit *out, const compiled_method *r, const axis *library, dataset *c,
                       const unsigned char *training, size_t max_components, row_cache *rows, work *w,
                       adamas_error *error)
{
    *out = (fit){.compiled_method = r};
    adamas_status status = pipeline_make(&out->pipeline, r, library, error);
    for (size_t i; !status && (i = pipeline_first_unfitted(&out->pipeline)) < out->pipeline.n_stages;)
        status = fit_reference(out, i, c, training, w, error);
    if (!status && r->pca != METHOD_NO_STEP)
        status = row_cache_make(rows, c, channels_of(out, c), error);
    if (!status && r->pca != METHOD_NO_STEP)
        status = fit_pca(out, c, training, max_components, rows, w, error);
    if (status)
        fit_clear(out);
    return status;
}

void fit_clear(fit *f)
{
    pipeline_clear(&f->pipeline);
    pca_clear(&f->pca);
}

static adamas_status check_origins(const dataset *c, const size_t *origin, size_t n, adamas_error *error)
{
    for (size_t k = 0; k < c->n_origins; k++) {
        size_t i = 0;
        while (i < n && origin[i] != k)
            i++;
        if (i == n)
            return status_set(error, ADAMAS_E_DATA, "origin '%s': no training specimen has a shot of use",
                              c->origins[k]);
    }
    return ADAMAS_OK;
}

adamas_status match_step_fit(void **state, const compiled_method *r, const specimen_scores *s, const dataset *c,
                             const unsigned char *training, size_t n_components, adamas_error *error)
{
    *state = NULL;
    size_t p = s->n_components, n = 0;
    double *mean = memory_raw(s->n_specimens, p * sizeof *mean);
    size_t *shots = memory_raw(s->n_specimens, sizeof *shots);
    size_t *origin = memory_raw(s->n_specimens, sizeof *origin);
    adamas_status status = mean && shots && origin ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < s->n_specimens; k++)
        if (training[k] && s->shots[k]) {
            memcpy(mean + n * p, s->mean + k * p, p * sizeof *mean);
            shots[n] = s->shots[k];
            origin[n++] = c->origin[k];
        }
    match_data data = {.n_specimens = n,
                       .n_origins = c->n_origins,
                       .n_components = p,
                       .mean = mean,
                       .shots = shots,
                       .origin = origin,
                       .within = s->within,
                       .within_squares = s->within_squares,
                       .within_freedom = s->within_freedom};
    if (!status)
        status = check_origins(c, origin, n, error);
    if (!status)
        status = r->steps[r->match].match->fit(state, r->steps[r->match].values, &data, n_components, error);
    free(mean);
    free(shots);
    free(origin);
    return status;
}

adamas_status match_step_densities(const compiled_method *r, const void *match_state, size_t n_origins,
                                   size_t n_components, const double *mean, size_t n_shots, double *log_density,
                                   double *log_probability, adamas_error *error)
{
    double *scratch = memory_raw(n_components + n_origins, sizeof *scratch);
    if (!scratch)
        return status_no_memory(error);
    const match *m = r->steps[r->match].match;
    m->density(match_state, mean, n_shots, log_density, scratch);
    m->prior(match_state, scratch + n_components);
    match_posterior(n_origins, log_density, scratch + n_components, log_probability);
    free(scratch);
    return ADAMAS_OK;
}
