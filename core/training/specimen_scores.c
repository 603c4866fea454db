/* The scores of specimens in the planes of fits: specimen_scores_make. */
#include "base/memory.h"
#include "base/simd.h"
#include "base/sums.h"
#include "dataset/specimen_means.h"
#include "training/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Mean spectra that wait for their projection: going over the components costs as much for one as for many. */
typedef struct waiting {
    size_t n, specimen[PCA_MAX_ROWS];
    float *rows; /* [PCA_MAX_ROWS, n_channels] */
} waiting;

/* Of one thread. */
typedef struct scorer {
    specimen_means *specimen_means; /* [n_pipelines] */
    waiting *waiting;               /* [n_pipelines] */
    double *scores;                 /* [BATCH_MAX_SHOTS + PCA_MAX_ROWS, most components] */
    float *scratch;
    /* of the block at hand, for the first pipeline */
    double *spectrum; /* [n_channels] */
    double *within, *within_squares, within_total;
    size_t within_freedom, n_specimens;
    double squares; /* of a training specimen's shots so far: the sum over all channels */
} scorer;

typedef struct scoring {
    specimen_scores *out; /* [n_fits] */
    const fit *const *fits;
    size_t n_fits, n_pipelines, n_channels, n_specimens;
    const unsigned char *training;
    const double *residual_squares; /* [n_specimens] of the dataset, or NULL */
    scorer *scorers;                /* [threads] */
    int threads;
} scoring;

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

/* Adds the spread of a specimen's shots, or of a part of them, around their own mean. */
static void add_within(scorer *r, const pca *plane, size_t n, const float *rows)
{
    size_t p = plane->n_components;
    double *mean = r->scores + BATCH_MAX_SHOTS * p;
    for (size_t k = 0; k < n; k += PCA_MAX_ROWS)
        pca_scores(plane, p, n - k < PCA_MAX_ROWS ? n - k : (size_t)PCA_MAX_ROWS, rows + k * plane->n_channels,
                   r->scores + k * p, r->scratch);
    memset(mean, 0, p * sizeof *mean);
    for (size_t k = 0; k < n; k++)
        for (size_t a = 0; a < p; a++)
            mean[a] += r->scores[k * p + a] / (double)n;
    for (size_t k = 0; k < n; k++) {
        double *score = r->scores + k * p;
        for (size_t a = 0; a < p; a++)
            score[a] -= mean[a];
        add_products(p, score, r->within, r->within_squares);
    }
    r->within_freedom += n - 1;
}

/* The shots of training specimens. Their specimen_means, where they are whole, stand in m in the same order. */
static void learn_within(scoring *s, scorer *r, const specimen_means *m, const row_batch *part)
{
    for (size_t i = 0, mean = 0; i < part->n_specimens; i++) {
        size_t k = part->specimen[i], n = part->first[i + 1] - part->first[i];
        const float *rows = part->rows + part->first[i] * s->n_channels;
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

static void project(scoring *s, scorer *r, size_t which)
{
    waiting *m = &r->waiting[which];
    for (size_t f = 0; f < s->n_fits && m->n; f++) {
        if (s->n_pipelines > 1 && f != which)
            continue;
        const pca *p = &s->fits[f]->pca;
        pca_scores(p, p->n_components, m->n, m->rows, r->scores, r->scratch);
        for (size_t i = 0; i < m->n; i++) {
            size_t k = m->specimen[i];
            const double *score = r->scores + i * p->n_components;
            memcpy(s->out[f].mean + k * p->n_components, score, p->n_components * sizeof *score);
            s->out[f].residual[k] = pca_residual(p, m->rows + i * s->n_channels, score);
        }
    }
    m->n = 0;
}

static void wait_for_projection(scoring *s, scorer *r, const specimen_means *m, size_t which)
{
    waiting *to = &r->waiting[which];
    for (size_t i = 0; i < m->n; i++) {
        memcpy(to->rows + to->n * s->n_channels, m->rows + i * s->n_channels, s->n_channels * sizeof *m->rows);
        to->specimen[to->n++] = m->specimen[i];
        for (size_t f = 0; f < s->n_fits; f++)
            s->out[f].shots[m->specimen[i]] = m->shots[i];
        if (to->n == PCA_MAX_ROWS)
            project(s, r, which);
    }
}

static adamas_status score(void *context, int thread, const row_batch *part, adamas_error *error)
{
    (void)error;
    scoring *s = context;
    scorer *r = &s->scorers[thread];
    specimen_means *m = &r->specimen_means[part->pipeline];
    specimen_means_add(m, part);
    if (part->pipeline == 0) {
        sums_add(r->spectrum, m->rows, m->n, s->n_channels);
        r->n_specimens += m->n;
        if (s->training)
            learn_within(s, r, m, part);
    }
    wait_for_projection(s, r, m, part->pipeline);
    return ADAMAS_OK;
}

static adamas_status reduce(void *context, int thread, adamas_error *error)
{
    (void)error;
    scoring *s = context;
    scorer *r = &s->scorers[thread];
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

static adamas_status make_scorer(scoring *s, scorer *r, adamas_error *error)
{
    size_t most = 0, scratch = 0, p = s->fits[0]->pca.n_components;
    for (size_t f = 0; f < s->n_fits; f++) {
        const pca *plane = &s->fits[f]->pca;
        most = plane->n_components > most ? plane->n_components : most;
        scratch = pca_scratch(plane) > scratch ? pca_scratch(plane) : scratch;
    }
    r->specimen_means = memory_new(s->n_pipelines, sizeof *r->specimen_means);
    r->waiting = memory_new(s->n_pipelines, sizeof *r->waiting);
    r->scores = memory_raw(BATCH_MAX_SHOTS + PCA_MAX_ROWS, most * sizeof *r->scores);
    r->scratch = memory_raw(scratch, sizeof *r->scratch);
    r->spectrum = memory_new(s->n_channels, sizeof *r->spectrum);
    r->within = memory_new(p, p * sizeof *r->within);
    r->within_squares = memory_new(p, p * sizeof *r->within_squares);
    adamas_status status =
        r->specimen_means && r->waiting && r->scores && r->scratch && r->spectrum && r->within && r->within_squares
            ? ADAMAS_OK
            : status_no_memory(error);
    for (size_t q = 0; !status && q < s->n_pipelines; q++) {
        status = specimen_means_make(&r->specimen_means[q], s->n_channels, error);
        r->waiting[q].rows = memory_raw(PCA_MAX_ROWS, s->n_channels * sizeof *r->waiting[q].rows);
        if (!status && !r->waiting[q].rows)
            status = status_no_memory(error);
    }
    return status;
}

static void free_scorer(const scoring *s, scorer *r)
{
    for (size_t q = 0; r->specimen_means && q < s->n_pipelines; q++)
        specimen_means_clear(&r->specimen_means[q]);
    for (size_t q = 0; r->waiting && q < s->n_pipelines; q++)
        free(r->waiting[q].rows);
    free(r->specimen_means);
    free(r->waiting);
    free(r->scores);
    free(r->scratch);
    free(r->spectrum);
    free(r->within);
    free(r->within_squares);
}

static adamas_status reserve_scoring(scoring *s, const dataset *c, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    s->scorers = memory_new((size_t)s->threads, sizeof *s->scorers);
    if (!s->scorers)
        status = status_no_memory(error);
    for (int t = 0; !status && t < s->threads; t++)
        status = make_scorer(s, &s->scorers[t], error);
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

/* Fits whose preprocessing is fitted have each a pipeline of their own; else one serves all. */
static adamas_status scan(scoring *s, dataset *c, const unsigned char *include, row_cache *rows, work *w,
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
    scoring s = {.out = out,
                 .fits = fits,
                 .n_fits = n_fits,
                 .n_pipelines = compiled_method_fits_preprocessing(fits[0]->compiled_method) ? n_fits : 1,
                 .n_channels = dataset_channels(c, &fits[0]->pipeline, fits[0]->pipeline.n_stages),
                 .residual_squares = c->residual_squares,
                 .training = training,
                 .threads = work_threads(w)};
    adamas_status status = reserve_scoring(&s, c, error);
    if (!status)
        status = scan(&s, c, include, rows, w, error);
    for (size_t item = 0; !status && item < (size_t)s.threads * s.n_pipelines; item++)
        project(&s, &s.scorers[item / s.n_pipelines], item % s.n_pipelines);
    if (!status && s.n_specimens > 1)
        divide(out->spectrum, (double)s.n_specimens, s.n_channels);
    for (int t = 0; s.scorers && t < s.threads; t++)
        free_scorer(&s, &s.scorers[t]);
    free(s.scorers);
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
