/* Fitting the preprocessing and the principal components of a compiled method. */
#include "training/fit.h"

#include "base/memory.h"
#include "base/sums.h"
#include "dataset/scan.h"
#include "dataset/specimen_means.h"
#include "reduce/epo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums over shots: of each thread's present batch, and of all batches. */
typedef struct mean_sums {
    size_t n_channels, n, *thread_n; /* thread_n[threads] */
    double *sum, *thread_sum;        /* thread_sum[threads, n_channels] */
} mean_sums;

static adamas_status add_to_mean(void *context, int thread, const row_batch *batch, adamas_error *error)
{
    (void)error;
    mean_sums *m = context;
    size_t n = batch->first[batch->n_specimens];
    sums_add(m->thread_sum + (size_t)thread * m->n_channels, batch->rows, n, m->n_channels);
    m->thread_n[thread] += n;
    return ADAMAS_OK;
}

static adamas_status reduce_mean(void *context, int thread, adamas_error *error)
{
    (void)error;
    mean_sums *m = context;
    sums_merge(m->sum, m->thread_sum + (size_t)thread * m->n_channels, m->n_channels);
    m->n += m->thread_n[thread];
    m->thread_n[thread] = 0;
    return ADAMAS_OK;
}

/* Fits the reference of a stage: the mean of the training shots that reach it. */
static adamas_status fit_reference(fit *f, size_t stage, dataset *c, const unsigned char *training, work *w,
                                   adamas_error *error)
{
    mean_sums m = {.n_channels = pipeline_channels(&f->pipeline, stage)};
    float *mean = memory_raw(m.n_channels, sizeof *mean);
    m.sum = memory_new(m.n_channels, sizeof *m.sum);
    m.thread_sum = memory_new((size_t)work_threads(w), m.n_channels * sizeof *m.thread_sum);
    m.thread_n = memory_new((size_t)work_threads(w), sizeof *m.thread_n);
    const scan_visitor visitor = {&m, add_to_mean, reduce_mean, 0};
    adamas_status status = mean && m.sum && m.thread_sum && m.thread_n ? ADAMAS_OK : status_no_memory(error);
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
    free(m.thread_sum);
    free(m.thread_n);
    return status;
}

/* The rows that the PCA is fitted to: shots, or the mean of each specimen's shots. */
typedef struct pca_input {
    pca_accumulator *sum;
    work *w;
    specimen_means *specimen_means; /* [threads]; NULL if the rows are shots */
    const float **rows;             /* [threads]: rows to be added by reduce */
    size_t *n;
} pca_input;

static adamas_status add_rows(void *context, int thread, const row_batch *batch, adamas_error *error)
{
    (void)error;
    pca_input *f = context;
    if (f->specimen_means)
        specimen_means_add(&f->specimen_means[thread], batch);
    f->rows[thread] = f->specimen_means ? f->specimen_means[thread].rows : batch->rows;
    f->n[thread] = f->specimen_means ? f->specimen_means[thread].n : batch->first[batch->n_specimens];
    return ADAMAS_OK;
}

static adamas_status reduce_rows(void *context, int thread, adamas_error *error)
{
    pca_input *f = context;
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

/* Channels of the rows that the PCA is fitted to. */
static size_t channels_of(const fit *f, const dataset *c)
{
    return dataset_channels(c, &f->pipeline, f->pipeline.n_stages);
}

static adamas_status reserve_input(pca_input *f, int of_specimens, size_t n_channels, adamas_error *error)
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

static void release_input(pca_input *f)
{
    for (int t = 0; f->specimen_means && t < work_threads(f->w); t++)
        specimen_means_clear(&f->specimen_means[t]);
    free(f->specimen_means);
    free(f->rows);
    free(f->n);
    pca_accumulator_free(f->sum);
}

/* The next training specimens from k on with PCA_BATCH_ROWS shots together, or one that has more. */
static size_t pick_batch(const dataset *c, const unsigned char *training, size_t k, unsigned char *include)
{
    size_t shots = 0;
    memset(include, 0, c->n_specimens);
    for (; k < c->n_specimens; k++) {
        if (!training[k])
            continue;
        if (shots && shots + dataset_shots(c, k) > PCA_BATCH_ROWS)
            break;
        include[k] = 1;
        shots += dataset_shots(c, k);
    }
    return k;
}

/* With many rows the products take far longer than the rows: scans some specimens at a time, then makes their products
 * on all threads. */
static adamas_status add_in_batches(const fit *f, dataset *c, const unsigned char *training, pca_input *input,
                                    const scan_visitor *visitor, row_cache *rows, adamas_error *error)
{
    unsigned char *include = memory_raw(c->n_specimens, 1);
    adamas_status status = include ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens;) {
        k = pick_batch(c, training, k, include);
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, f->pipeline.n_stages, include, input->w, rows,
                              visitor, NULL, error);
        if (!status)
            status = pca_accumulator_flush(input->sum, input->w, error);
    }
    free(include);
    return status;
}

/* The mean spectra of the training specimens, for the differences between sessions. */
typedef struct session_input {
    epo_sums *sums;
    const dataset *c;
    specimen_means *specimen_means; /* [threads] */
} session_input;

static adamas_status average(void *context, int thread, const row_batch *batch, adamas_error *error)
{
    (void)error;
    session_input *f = context;
    specimen_means_add(&f->specimen_means[thread], batch);
    return ADAMAS_OK;
}

static adamas_status reduce_means(void *context, int thread, adamas_error *error)
{
    (void)error;
    session_input *f = context;
    const specimen_means *m = &f->specimen_means[thread];
    for (size_t i = 0; i < m->n; i++)
        epo_sums_add(f->sums, f->c->locality[m->specimen[i]], f->c->session[m->specimen[i]],
                     m->rows + i * m->n_channels);
    return ADAMAS_OK;
}

/* directions[max_directions, n_channels] becomes *n rows. */
static adamas_status fit_epo(const fit *f, dataset *c, const unsigned char *training, size_t max_directions, size_t *n,
                             float *directions, row_cache *rows, work *w, adamas_error *error)
{
    size_t threads = (size_t)work_threads(w), channels = channels_of(f, c);
    session_input input = {.c = c, .specimen_means = memory_new(threads, sizeof *input.specimen_means)};
    const scan_visitor visitor = {&input, average, reduce_means, 1};
    adamas_status status = input.specimen_means ? ADAMAS_OK : status_no_memory(error);
    for (size_t t = 0; !status && t < threads; t++)
        status = specimen_means_make(&input.specimen_means[t], channels, error);
    if (!status)
        status = epo_sums_make(&input.sums, c->n_localities, c->n_sessions, channels, error);
    if (!status)
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, f->pipeline.n_stages, training, w, rows,
                              &visitor, NULL, error);
    if (!status)
        status = epo_fit(input.sums, max_directions, n, directions, w, error);
    for (size_t t = 0; input.specimen_means && t < threads; t++)
        specimen_means_clear(&input.specimen_means[t]);
    free(input.specimen_means);
    epo_sums_free(input.sums);
    return status;
}

/* *removed[*n, n_channels]: what epo removes, for the caller to free; NULL if the method has no epo. */
static adamas_status find_removed(const fit *f, dataset *c, const unsigned char *training, size_t directions,
                                  float **removed, size_t *n, row_cache *rows, work *w, adamas_error *error)
{
    *removed = NULL;
    *n = 0;
    if (f->compiled_method->epo == METHOD_NO_STEP)
        return ADAMAS_OK;
    step_value value = f->compiled_method->steps[f->compiled_method->epo].values[0];
    size_t wanted = value.word ? directions : (size_t)value.number;
    if (wanted == 0)
        return ADAMAS_OK;
    *removed = memory_raw(wanted, channels_of(f, c) * sizeof **removed);
    adamas_status status =
        *removed ? fit_epo(f, c, training, wanted, n, *removed, rows, w, error) : status_no_memory(error);
    if (!status && !value.word && *n < wanted)
        status = status_set(error, ADAMAS_E_DATA,
                            "epo(directions=%zu): %zu differences between sessions found. They are found within "
                            "localities (origins, if there are none) that were measured in several sessions",
                            wanted, *n);
    return status;
}

static adamas_status fit_pca(fit *f, dataset *c, const unsigned char *training, reduction most, row_cache *rows,
                             work *w, adamas_error *error)
{
    const step_value *values = f->compiled_method->steps[f->compiled_method->pca].values;
    size_t components = values[0].word ? most.components : (size_t)values[0].number;
    int of_specimens = step_value_is(values[1], "specimens");
    pca_input input = {.w = w};
    const scan_visitor visitor = {&input, add_rows, reduce_rows, !of_specimens};
    float *removed = NULL;
    size_t n_removed = 0, n_rows = count_rows(c, training, of_specimens);
    adamas_status status = find_removed(f, c, training, most.directions, &removed, &n_removed, rows, w, error);
    if (!status)
        status = reserve_input(&input, of_specimens, channels_of(f, c), error);
    if (!status)
        status = pca_accumulator_make(&input.sum, n_rows, channels_of(f, c), error);
    if (!status && n_removed)
        status = pca_accumulator_remove(input.sum, n_removed, removed, error);
    if (!status && !of_specimens && n_rows > channels_of(f, c))
        status = add_in_batches(f, c, training, &input, &visitor, rows, error);
    else if (!status)
        status = dataset_scan(c, &(const pipeline *){&f->pipeline}, 1, f->pipeline.n_stages, training, w, rows,
                              &visitor, NULL, error);
    if (!status)
        status = pca_fit(&f->pca, input.sum, components, w, error);
    if (!status && !values[0].word && f->pca.n_components < components)
        status =
            status_set(error, ADAMAS_E_DATA, "the training spectra have only %zu principal components, %zu asked for",
                       f->pca.n_components, components);
    release_input(&input);
    free(removed);
    return status;
}

adamas_status fit_make(fit *out, const compiled_method *compiled, const axis *library, dataset *c,
                       const unsigned char *training, reduction most, row_cache *rows, work *w, adamas_error *error)
{
    *out = (fit){.compiled_method = compiled};
    adamas_status status = pipeline_make(&out->pipeline, compiled, library, error);
    for (size_t i; !status && (i = pipeline_first_unfitted(&out->pipeline)) < out->pipeline.n_stages;)
        status = fit_reference(out, i, c, training, w, error);
    if (!status && compiled->pca != METHOD_NO_STEP)
        status = row_cache_make(rows, c, channels_of(out, c), error);
    if (!status && compiled->pca != METHOD_NO_STEP)
        status = fit_pca(out, c, training, most, rows, w, error);
    if (status)
        fit_clear(out);
    return status;
}

void fit_clear(fit *f)
{
    pipeline_clear(&f->pipeline);
    pca_clear(&f->pca);
}
