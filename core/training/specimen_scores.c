/* The scores of specimens in the planes of fits. */
#include "training/specimen_scores.h"

#include "base/memory.h"
#include "base/simd.h"
#include "base/sums.h"
#include "dataset/scan.h"
#include "dataset/specimen_means.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mean spectra are projected PCA_MAX_ROWS at a time, which costs little more than one alone. */
typedef struct mean_batch {
    size_t n, specimen[PCA_MAX_ROWS];
    float *rows; /* [PCA_MAX_ROWS, n_channels] */
} mean_batch;

/* Of one thread. */
typedef struct workspace {
    specimen_means *specimen_means; /* [n_pipelines] */
    mean_batch *mean_batch;         /* [n_pipelines] */
    double *scores;                 /* [BATCH_MAX_SHOTS + PCA_MAX_ROWS, max_components] */
    float *scratch;
    /* of the present batch, for the first pipeline */
    double *spectrum; /* [n_channels] */
    double *within, *within_squares, within_total;
    size_t within_freedom, n_specimens;
    double squares; /* sum over all channels and the shots so far of a training specimen */
} workspace;

typedef struct scores_job {
    specimen_scores *out; /* [n_fits] */
    const fit *const *fits;
    size_t n_fits, n_pipelines, n_channels, n_specimens;
    const unsigned char *training;
    const double *residual_squares; /* [n_specimens] of the dataset, or NULL */
    workspace *workspaces;          /* [threads] */
    int threads;
} scores_job;

/* Adds score' score, and the squares of its numbers. */
SIMD_CLONES static void add_products(size_t p, const double *score, double *restrict sum, double *restrict squares)
{
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++) {
            double product = score[a] * score[b];
            sum[a * p + b] += product;
            squares[a * p + b] += product * product;
        }
}

/* Adds the variation of a specimen's shots in this batch around their own mean. */
static void add_within(workspace *r, const pca *plane, size_t n, const float *rows)
{
    size_t p = plane->n_components, all = p + plane->n_removed;
    double *mean = r->scores + BATCH_MAX_SHOTS * all;
    for (size_t k = 0; k < n; k += PCA_MAX_ROWS)
        pca_scores(plane, all, n - k < PCA_MAX_ROWS ? n - k : (size_t)PCA_MAX_ROWS, rows + k * plane->n_channels,
                   r->scores + k * all, r->scratch);
    memset(mean, 0, all * sizeof *mean);
    for (size_t k = 0; k < n; k++)
        for (size_t a = 0; a < all; a++)
            mean[a] += r->scores[k * all + a] / (double)n;
    for (size_t k = 0; k < n; k++) {
        double *score = r->scores + k * all;
        for (size_t a = 0; a < all; a++)
            score[a] -= mean[a];
        add_products(p, score, r->within, r->within_squares);
        for (size_t a = p; a < all; a++)
            r->within_total -= score[a] * score[a];
    }
    r->within_freedom += n - 1;
}

/* Adds the shots of training specimens. The means of complete specimens are in m, in the same order. */
static void add_training(scores_job *s, workspace *r, const specimen_means *m, const row_batch *batch)
{
    for (size_t i = 0, mean = 0; i < batch->n_specimens; i++) {
        size_t k = batch->specimen[i], n = batch->first[i + 1] - batch->first[i];
        const float *rows = batch->rows + batch->first[i] * s->n_channels;
        int whole = mean < m->n && m->specimen[mean] == k;
        if (s->training[k] && n) {
            add_within(r, &s->fits[0]->pca, n, rows);
            r->squares += sums_squares(rows, 0, n * s->n_channels);
        }
        if (s->training[k] && whole) {
            double centre = sums_squares(m->rows + mean * s->n_channels, 0, s->n_channels);
            r->within_total += fmax(r->squares - (double)m->shots[mean] * centre, 0) +
                               (s->residual_squares ? s->residual_squares[k] : 0);
            r->squares = 0;
        }
        mean += (size_t)whole;
    }
}

static void project(scores_job *s, workspace *r, size_t which)
{
    mean_batch *m = &r->mean_batch[which];
    for (size_t f = 0; f < s->n_fits && m->n; f++) {
        if (s->n_pipelines > 1 && f != which)
            continue;
        const pca *p = &s->fits[f]->pca;
        size_t all = p->n_components + p->n_removed;
        pca_scores(p, all, m->n, m->rows, r->scores, r->scratch);
        for (size_t i = 0; i < m->n; i++) {
            size_t k = m->specimen[i];
            const double *score = r->scores + i * all;
            memcpy(s->out[f].mean + k * p->n_components, score, p->n_components * sizeof *score);
            s->out[f].residual[k] = pca_residual(p, m->rows + i * s->n_channels, score);
        }
    }
    m->n = 0;
}

static void collect_means(scores_job *s, workspace *r, const specimen_means *m, size_t which)
{
    mean_batch *to = &r->mean_batch[which];
    for (size_t i = 0; i < m->n; i++) {
        memcpy(to->rows + to->n * s->n_channels, m->rows + i * s->n_channels, s->n_channels * sizeof *m->rows);
        to->specimen[to->n++] = m->specimen[i];
        for (size_t f = 0; f < s->n_fits; f++)
            s->out[f].shots[m->specimen[i]] = m->shots[i];
        if (to->n == PCA_MAX_ROWS)
            project(s, r, which);
    }
}

static adamas_status score(void *context, int thread, const row_batch *batch, adamas_error *error)
{
    (void)error;
    scores_job *s = context;
    workspace *r = &s->workspaces[thread];
    specimen_means *m = &r->specimen_means[batch->pipeline];
    specimen_means_add(m, batch);
    if (batch->pipeline == 0) {
        sums_add(r->spectrum, m->rows, m->n, s->n_channels);
        r->n_specimens += m->n;
        if (s->training)
            add_training(s, r, m, batch);
    }
    collect_means(s, r, m, batch->pipeline);
    return ADAMAS_OK;
}

static adamas_status reduce(void *context, int thread, adamas_error *error)
{
    (void)error;
    scores_job *s = context;
    workspace *r = &s->workspaces[thread];
    specimen_scores *out = s->out;
    size_t p = out->n_components;
    sums_merge(out->spectrum, r->spectrum, s->n_channels);
    s->n_specimens += r->n_specimens;
    r->n_specimens = 0;
    if (!s->training)
        return ADAMAS_OK;
    sums_merge(out->within, r->within, p * p);
    sums_merge(out->within_squares, r->within_squares, p * p);
    sums_merge(&out->within_total, &r->within_total, 1);
    out->within_freedom += r->within_freedom;
    r->within_freedom = 0;
    return ADAMAS_OK;
}

static adamas_status reserve(specimen_scores *s, size_t n_channels, adamas_error *error)
{
    size_t p = s->n_components;
    s->spectrum = memory_new(n_channels, sizeof *s->spectrum);
    s->mean = memory_new(s->n_specimens, p * sizeof *s->mean);
    s->residual = memory_new(s->n_specimens, sizeof *s->residual);
    s->shots = memory_new(s->n_specimens, sizeof *s->shots);
    s->unusable = memory_new(s->n_specimens, sizeof *s->unusable);
    s->within = memory_new(p, p * sizeof *s->within);
    s->within_squares = memory_new(p, p * sizeof *s->within_squares);
    return s->spectrum && s->mean && s->residual && s->shots && s->unusable && s->within && s->within_squares
               ? ADAMAS_OK
               : status_no_memory(error);
}

static adamas_status make_workspace(scores_job *s, workspace *r, adamas_error *error)
{
    size_t max_components = 0, scratch = 0, p = s->fits[0]->pca.n_components;
    for (size_t f = 0; f < s->n_fits; f++) {
        const pca *plane = &s->fits[f]->pca;
        size_t all = plane->n_components + plane->n_removed;
        max_components = all > max_components ? all : max_components;
        scratch = pca_scratch(plane) > scratch ? pca_scratch(plane) : scratch;
    }
    r->specimen_means = memory_new(s->n_pipelines, sizeof *r->specimen_means);
    r->mean_batch = memory_new(s->n_pipelines, sizeof *r->mean_batch);
    r->scores = memory_raw(BATCH_MAX_SHOTS + PCA_MAX_ROWS, max_components * sizeof *r->scores);
    r->scratch = memory_raw(scratch, sizeof *r->scratch);
    r->spectrum = memory_new(s->n_channels, sizeof *r->spectrum);
    r->within = memory_new(p, p * sizeof *r->within);
    r->within_squares = memory_new(p, p * sizeof *r->within_squares);
    adamas_status status =
        r->specimen_means && r->mean_batch && r->scores && r->scratch && r->spectrum && r->within && r->within_squares
            ? ADAMAS_OK
            : status_no_memory(error);
    for (size_t q = 0; !status && q < s->n_pipelines; q++) {
        status = specimen_means_make(&r->specimen_means[q], s->n_channels, error);
        r->mean_batch[q].rows = memory_raw(PCA_MAX_ROWS, s->n_channels * sizeof *r->mean_batch[q].rows);
        if (!status && !r->mean_batch[q].rows)
            status = status_no_memory(error);
    }
    return status;
}

static void free_workspace(const scores_job *s, workspace *r)
{
    for (size_t q = 0; r->specimen_means && q < s->n_pipelines; q++)
        specimen_means_clear(&r->specimen_means[q]);
    for (size_t q = 0; r->mean_batch && q < s->n_pipelines; q++)
        free(r->mean_batch[q].rows);
    free(r->specimen_means);
    free(r->mean_batch);
    free(r->scores);
    free(r->scratch);
    free(r->spectrum);
    free(r->within);
    free(r->within_squares);
}

static adamas_status reserve_job(scores_job *s, const dataset *c, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    s->workspaces = memory_new((size_t)s->threads, sizeof *s->workspaces);
    if (!s->workspaces)
        status = status_no_memory(error);
    for (int t = 0; !status && t < s->threads; t++)
        status = make_workspace(s, &s->workspaces[t], error);
    for (size_t f = 0; f < s->n_fits; f++)
        s->out[f] = (specimen_scores){.n_specimens = c->n_specimens, .n_components = s->fits[f]->pca.n_components};
    for (size_t f = 0; !status && f < s->n_fits; f++)
        status = reserve(&s->out[f], s->n_channels, error);
    return status;
}

SIMD_CLONES static void divide(double *x, double by, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] /= by;
}

/* If the preprocessing is fitted, each fit has a pipeline of its own; else one is shared by all. */
static adamas_status scan(scores_job *s, dataset *c, const unsigned char *include, row_cache *rows, work *w,
                          adamas_error *error)
{
    const pipeline **pipelines = memory_new(s->n_pipelines, sizeof *pipelines);
    const scan_visitor visitor = {s, score, reduce, 0};
    if (!pipelines)
        return status_no_memory(error);
    for (size_t q = 0; q < s->n_pipelines; q++)
        pipelines[q] = &s->fits[q]->pipeline;
    adamas_status status = dataset_scan(c, pipelines, s->n_pipelines, pipelines[0]->n_stages, include, w, rows,
                                        &visitor, s->out->unusable, error);
    free(pipelines);
    return status;
}

adamas_status specimen_scores_make(specimen_scores *out, const fit *const *fits, size_t n_fits, dataset *c,
                                   const unsigned char *include, const unsigned char *training, row_cache *rows,
                                   work *w, adamas_error *error)
{
    scores_job s = {.out = out,
                    .fits = fits,
                    .n_fits = n_fits,
                    .n_pipelines = compiled_method_fits_preprocessing(fits[0]->compiled_method) ? n_fits : 1,
                    .n_channels = dataset_channels(c, &fits[0]->pipeline, fits[0]->pipeline.n_stages),
                    .residual_squares = c->residual_squares,
                    .training = training,
                    .threads = work_threads(w)};
    adamas_status status = reserve_job(&s, c, error);
    if (!status)
        status = scan(&s, c, include, rows, w, error);
    for (size_t item = 0; !status && item < (size_t)s.threads * s.n_pipelines; item++)
        project(&s, &s.workspaces[item / s.n_pipelines], item % s.n_pipelines);
    if (!status && s.n_specimens > 1)
        divide(out->spectrum, (double)s.n_specimens, s.n_channels);
    for (int t = 0; s.workspaces && t < s.threads; t++)
        free_workspace(&s, &s.workspaces[t]);
    free(s.workspaces);
    for (size_t f = 0; status && f < n_fits; f++)
        specimen_scores_clear(&out[f]);
    return status;
}

void specimen_scores_clear(specimen_scores *s)
{
    free(s->mean);
    free(s->residual);
    free(s->spectrum);
    free(s->shots);
    free(s->unusable);
    free(s->within);
    free(s->within_squares);
    *s = (specimen_scores){0};
}
