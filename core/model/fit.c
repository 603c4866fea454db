#include "model/fit.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

adamas_status fit_cache(collection *c, const recipe *r, const axis *library, work *w, adamas_error *error)
{
    if (recipe_fits_preprocessing(r))
        return collection_cache(c, NULL, w, error);
    pipeline whole;
    adamas_status status = pipeline_make(&whole, r, library, error);
    if (status)
        return status;
    status = collection_cache(c, &whole, w, error);
    pipeline_clear(&whole);
    return status;
}

adamas_status fit_each_fold(work *w, const collection *c, const axis *library, size_t n_folds, work_item each,
                            void *context, adamas_error *error)
{
    double side = (double)(c->n_shots < library->n ? c->n_shots : library->n);
    if ((double)w->threads * side * side * sizeof(double) <= (double)FOLDS_MOST)
        return work_each(w, n_folds, each, context, error);
    adamas_status status = ADAMAS_OK;
    for (size_t fold = 0; !status && fold < n_folds; fold++)
        status = each(context, fold, 0, error);
    return status;
}

typedef struct mean_row {
    size_t n_channels, n;
    double *sum;
} mean_row;

static adamas_status add_to_mean(void *context, size_t specimen, size_t n, const float *rows, adamas_error *error)
{
    (void)specimen;
    (void)error;
    mean_row *m = context;
    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < m->n_channels; c++)
            m->sum[c] += rows[r * m->n_channels + c];
    m->n += n;
    return ADAMAS_OK;
}

/* Fits the reference of a stage: the mean of the training shots that reach it. */
static adamas_status fit_reference(fit *f, size_t stage, collection *c, const unsigned char *training, work *w,
                                   adamas_error *error)
{
    mean_row m = {.n_channels = pipeline_channels(&f->pipeline, stage)};
    float *mean = memory_raw(m.n_channels, sizeof *mean);
    m.sum = memory_new(m.n_channels, sizeof *m.sum);
    adamas_status status = mean && m.sum ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = collection_scan(c, &f->pipeline, stage, training, w, NULL, add_to_mean, &m, NULL, error);
    if (!status && m.n == 0)
        status = status_set(error, ADAMAS_E_DATA, "%s: no shot is of use for training", c->sets[0]->name);
    for (size_t i = 0; !status && i < m.n_channels; i++)
        mean[i] = (float)(m.sum[i] / (double)m.n);
    if (!status)
        status = pipeline_set_reference(&f->pipeline, stage, mean, error);
    free(mean);
    free(m.sum);
    return status;
}

/* Feeds the PCA with shots, or with the mean of each specimen's: a specimen in several parts is summed until the next
 * one. */
typedef struct feeding {
    pca_sum *sum;
    work *w;
    int of_specimens;
    size_t n_channels, specimen, n;
    double *total;
    float *mean;
} feeding;

static adamas_status feed_mean(feeding *f, adamas_error *error)
{
    if (f->n == 0)
        return ADAMAS_OK;
    for (size_t i = 0; i < f->n_channels; i++)
        f->mean[i] = (float)(f->total[i] / (double)f->n);
    memset(f->total, 0, f->n_channels * sizeof *f->total);
    f->n = 0;
    return pca_add(f->sum, 1, f->mean, f->w, error);
}

static adamas_status feed(void *context, size_t specimen, size_t n, const float *rows, adamas_error *error)
{
    feeding *f = context;
    if (!f->of_specimens)
        return pca_add(f->sum, n, rows, f->w, error);
    adamas_status status = specimen == f->specimen ? ADAMAS_OK : feed_mean(f, error);
    for (size_t r = 0; r < n; r++)
        for (size_t i = 0; i < f->n_channels; i++)
            f->total[i] += rows[r * f->n_channels + i];
    f->specimen = specimen;
    f->n += n;
    return status;
}

static size_t count_rows(const collection *c, const unsigned char *training, int of_specimens)
{
    size_t n = 0;
    for (size_t k = 0; k < c->n_specimens; k++)
        if (training[k])
            n += of_specimens ? 1 : c->first_shot[k + 1] - c->first_shot[k];
    return n;
}

static adamas_status fit_pca(fit *f, collection *c, const unsigned char *training, size_t max_components, memo *rows,
                             work *w, adamas_error *error)
{
    const step_value *values = f->recipe->steps[f->recipe->pca].values;
    size_t components = values[0].word ? max_components : (size_t)values[0].number;
    feeding fed = {.w = w, .of_specimens = step_value_is(values[1], "specimens"), .n_channels = f->pipeline.out.n};
    fed.total = memory_new(fed.n_channels, sizeof *fed.total);
    fed.mean = memory_raw(fed.n_channels, sizeof *fed.mean);
    adamas_status status = fed.total && fed.mean ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = pca_start(&fed.sum, count_rows(c, training, fed.of_specimens), fed.n_channels, error);
    if (!status)
        status = collection_scan(c, &f->pipeline, f->pipeline.n_stages, training, w, rows, feed, &fed, NULL, error);
    if (!status)
        status = feed_mean(&fed, error);
    if (!status)
        status = pca_finish(&f->pca, fed.sum, components, w, error);
    if (!status && !values[0].word && f->pca.n_components < components)
        status =
            status_set(error, ADAMAS_E_DATA, "the training spectra have only %zu principal components, %zu asked for",
                       f->pca.n_components, components);
    pca_sum_free(fed.sum);
    free(fed.total);
    free(fed.mean);
    return status;
}

adamas_status fit_make(fit *out, const recipe *r, const axis *library, collection *c, const unsigned char *training,
                       size_t max_components, memo *rows, work *w, adamas_error *error)
{
    *out = (fit){.recipe = r};
    adamas_status status = pipeline_make(&out->pipeline, r, library, error);
    for (size_t i; !status && (i = pipeline_waiting(&out->pipeline)) < out->pipeline.n_stages;)
        status = fit_reference(out, i, c, training, w, error);
    if (!status && r->pca != RECIPE_NONE)
        status = memo_make(rows, c, out->pipeline.out.n, error);
    if (!status && r->pca != RECIPE_NONE)
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

typedef struct scoring {
    specimen_scores *out;
    const pca *pca;
    const unsigned char *training;
    double *scores; /* [COLLECTION_PART, n_components] */
    float *scratch;
    double *mean; /* [n_components]: of a part */
} scoring;

/* Adds a part's spread around its own mean, so that a specimen of any number of shots is never held whole. */
static void add_within(scoring *s, size_t n)
{
    size_t p = s->out->n_components;
    for (size_t r = 0; r < n; r++) {
        double *score = s->scores + r * p;
        for (size_t a = 0; a < p; a++)
            score[a] -= s->mean[a];
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) {
                double product = score[a] * score[b];
                s->out->within[a * p + b] += product;
                s->out->within_squares[a * p + b] += product * product;
            }
    }
    s->out->within_freedom += n - 1;
}

static adamas_status score(void *context, size_t specimen, size_t n, const float *rows, adamas_error *error)
{
    (void)error;
    scoring *s = context;
    size_t p = s->out->n_components;
    for (size_t r = 0; r < n; r += PCA_PANEL)
        pca_scores(s->pca, p, n - r < PCA_PANEL ? n - r : (size_t)PCA_PANEL, rows + r * s->pca->n_channels,
                   s->scores + r * p, s->scratch);
    memset(s->mean, 0, p * sizeof *s->mean);
    for (size_t r = 0; r < n; r++)
        for (size_t a = 0; a < p; a++)
            s->mean[a] += s->scores[r * p + a];
    size_t before = s->out->shots[specimen];
    s->out->shots[specimen] += n;
    for (size_t a = 0; a < p; a++) {
        double *mean = &s->out->mean[specimen * p + a];
        *mean = (*mean * (double)before + s->mean[a]) / (double)(before + n);
        s->mean[a] /= (double)n;
    }
    if (s->training && s->training[specimen])
        add_within(s, n);
    return ADAMAS_OK;
}

static adamas_status reserve(specimen_scores *s, adamas_error *error)
{
    size_t p = s->n_components;
    s->mean = memory_new(s->n_specimens, p * sizeof *s->mean);
    s->shots = memory_new(s->n_specimens, sizeof *s->shots);
    s->spoilt = memory_new(s->n_specimens, sizeof *s->spoilt);
    s->within = memory_new(p, p * sizeof *s->within);
    s->within_squares = memory_new(p, p * sizeof *s->within_squares);
    return s->mean && s->shots && s->spoilt && s->within && s->within_squares ? ADAMAS_OK : status_no_memory(error);
}

adamas_status fit_scores(specimen_scores *out, const fit *f, collection *c, const unsigned char *include,
                         const unsigned char *training, memo *rows, work *w, adamas_error *error)
{
    *out = (specimen_scores){.n_specimens = c->n_specimens, .n_components = f->pca.n_components};
    scoring s = {.out = out, .pca = &f->pca, .training = training};
    s.scores = memory_raw(COLLECTION_PART, out->n_components * sizeof *s.scores);
    s.scratch = memory_raw(pca_scratch(&f->pca), sizeof *s.scratch);
    s.mean = memory_raw(out->n_components, sizeof *s.mean);
    adamas_status status = reserve(out, error);
    if (!status && !(s.scores && s.scratch && s.mean))
        status = status_no_memory(error);
    if (!status)
        status =
            collection_scan(c, &f->pipeline, f->pipeline.n_stages, include, w, rows, score, &s, out->spoilt, error);
    free(s.scores);
    free(s.scratch);
    free(s.mean);
    if (status)
        specimen_scores_clear(out);
    return status;
}

void specimen_scores_clear(specimen_scores *s)
{
    free(s->mean);
    free(s->shots);
    free(s->spoilt);
    free(s->within);
    free(s->within_squares);
    *s = (specimen_scores){0};
}

static adamas_status check_origins(const collection *c, const size_t *origin, size_t n, adamas_error *error)
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

adamas_status fit_match(void **state, const recipe *r, const specimen_scores *s, const collection *c,
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

adamas_status fit_judge(const recipe *r, const void *match_state, size_t n_origins, size_t n_components,
                        const double *mean, size_t n_shots, double *log_density, double *log_probability,
                        adamas_error *error)
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
