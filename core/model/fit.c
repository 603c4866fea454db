#include "model/fit.h"

#include "base/memory.h"

#include <math.h>
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
    size_t channels = c->n_condensed ? c->n_condensed : library->n;
    double side = (double)(c->n_shots < channels ? c->n_shots : channels);
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

/* Of the rows that principal components are found of. */
static size_t channels_of(const fit *f, const collection *c)
{
    return collection_channels(c, &f->pipeline, f->pipeline.n_stages);
}

static adamas_status fit_pca(fit *f, collection *c, const unsigned char *training, size_t max_components, memo *rows,
                             work *w, adamas_error *error)
{
    const step_value *values = f->recipe->steps[f->recipe->pca].values;
    size_t components = values[0].word ? max_components : (size_t)values[0].number;
    feeding fed = {.w = w, .of_specimens = step_value_is(values[1], "specimens"), .n_channels = channels_of(f, c)};
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
        status = memo_make(rows, c, channels_of(out, c), error);
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

/* While specimens are scored: the one at hand, and a panel of mean spectra that wait for their projection. */
typedef struct scoring {
    specimen_scores *out; /* [n_fits] */
    const fit *const *fits;
    size_t n_fits, n_channels;
    const unsigned char *training;
    const double *off; /* [n_specimens] of the collection, or NULL */
    double *scores;    /* [COLLECTION_PART, most components]: of shots, or of a panel's means */
    double *part;      /* [most components]: the mean score of a part */
    float *scratch;
    size_t specimen, n; /* at hand, and its shots so far */
    size_t n_specimens; /* finished */
    double *total;      /* [n_channels]: their sum */
    double squares;     /* of a training specimen's shots: the sum over all channels */
    float *panel;       /* [PCA_PANEL, n_channels] */
    size_t waiting[PCA_PANEL], n_waiting;
} scoring;

/* Adds a part's spread around its own mean, so that a specimen of any number of shots is never held whole. */
static void add_within(scoring *s, size_t n, const float *rows)
{
    specimen_scores *out = s->out;
    size_t p = out->n_components;
    for (size_t r = 0; r < n; r += PCA_PANEL)
        pca_scores(&s->fits[0]->pca, p, n - r < PCA_PANEL ? n - r : (size_t)PCA_PANEL, rows + r * s->n_channels,
                   s->scores + r * p, s->scratch);
    memset(s->part, 0, p * sizeof *s->part);
    for (size_t r = 0; r < n; r++)
        for (size_t a = 0; a < p; a++)
            s->part[a] += s->scores[r * p + a] / (double)n;
    for (size_t r = 0; r < n; r++) {
        double *score = s->scores + r * p;
        for (size_t a = 0; a < p; a++)
            score[a] -= s->part[a];
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) {
                double product = score[a] * score[b];
                out->within[a * p + b] += product;
                out->within_squares[a * p + b] += product * product;
            }
    }
    out->within_freedom += n - 1;
}

static double sum_of_squares(size_t n, const float *values)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)values[i] * values[i];
    return sum;
}

static void project_panel(scoring *s)
{
    for (size_t f = 0; f < s->n_fits && s->n_waiting; f++) {
        const pca *p = &s->fits[f]->pca;
        pca_scores(p, p->n_components, s->n_waiting, s->panel, s->scores, s->scratch);
        for (size_t i = 0; i < s->n_waiting; i++) {
            size_t k = s->waiting[i];
            const double *score = s->scores + i * p->n_components;
            memcpy(s->out[f].mean + k * p->n_components, score, p->n_components * sizeof *score);
            s->out[f].residual[k] = pca_residual(p, s->panel + i * s->n_channels, score);
        }
    }
    s->n_waiting = 0;
}

/* The specimen at hand is whole: its mean spectrum joins the panel. */
static void finish_specimen(scoring *s)
{
    if (!s->n)
        return;
    float *row = s->panel + s->n_waiting * s->n_channels;
    for (size_t i = 0; i < s->n_channels; i++) {
        row[i] = (float)(s->total[i] / (double)s->n);
        s->out->spectrum[i] += row[i];
    }
    s->n_specimens++;
    if (s->training && s->training[s->specimen])
        s->out->within_total += fmax(s->squares - (double)s->n * sum_of_squares(s->n_channels, row), 0) +
                                (s->off ? s->off[s->specimen] : 0);
    s->squares = 0;
    for (size_t f = 0; f < s->n_fits; f++)
        s->out[f].shots[s->specimen] = s->n;
    memset(s->total, 0, s->n_channels * sizeof *s->total);
    s->n = 0;
    s->waiting[s->n_waiting++] = s->specimen;
    if (s->n_waiting == PCA_PANEL)
        project_panel(s);
}

static adamas_status score(void *context, size_t specimen, size_t n, const float *rows, adamas_error *error)
{
    (void)error;
    scoring *s = context;
    if (specimen != s->specimen)
        finish_specimen(s);
    s->specimen = specimen;
    s->n += n;
    for (size_t r = 0; r < n; r++)
        for (size_t i = 0; i < s->n_channels; i++)
            s->total[i] += rows[r * s->n_channels + i];
    if (s->training && s->training[specimen]) {
        add_within(s, n, rows);
        s->squares += sum_of_squares(n * s->n_channels, rows);
    }
    return ADAMAS_OK;
}

static adamas_status reserve(specimen_scores *s, size_t n_channels, adamas_error *error)
{
    size_t p = s->n_components;
    s->spectrum = memory_new(n_channels, sizeof *s->spectrum);
    s->mean = memory_new(s->n_specimens, p * sizeof *s->mean);
    s->residual = memory_new(s->n_specimens, sizeof *s->residual);
    s->shots = memory_new(s->n_specimens, sizeof *s->shots);
    s->spoilt = memory_new(s->n_specimens, sizeof *s->spoilt);
    s->within = memory_new(p, p * sizeof *s->within);
    s->within_squares = memory_new(p, p * sizeof *s->within_squares);
    return s->spectrum && s->mean && s->residual && s->shots && s->spoilt && s->within && s->within_squares
               ? ADAMAS_OK
               : status_no_memory(error);
}

static adamas_status reserve_scoring(scoring *s, const collection *c, adamas_error *error)
{
    size_t most = 0, scratch = 0;
    adamas_status status = ADAMAS_OK;
    for (size_t f = 0; f < s->n_fits; f++)
        s->out[f] = (specimen_scores){0};
    for (size_t f = 0; !status && f < s->n_fits; f++) {
        const pca *p = &s->fits[f]->pca;
        most = p->n_components > most ? p->n_components : most;
        scratch = pca_scratch(p) > scratch ? pca_scratch(p) : scratch;
        s->out[f].n_specimens = c->n_specimens;
        s->out[f].n_components = p->n_components;
        status = reserve(&s->out[f], s->n_channels, error);
    }
    s->scores = memory_raw(COLLECTION_PART, most * sizeof *s->scores);
    s->part = memory_raw(most, sizeof *s->part);
    s->scratch = memory_raw(scratch, sizeof *s->scratch);
    s->total = memory_new(s->n_channels, sizeof *s->total);
    s->panel = memory_raw(PCA_PANEL, s->n_channels * sizeof *s->panel);
    if (!status && !(s->scores && s->part && s->scratch && s->total && s->panel))
        status = status_no_memory(error);
    return status;
}

adamas_status fit_scores(specimen_scores *out, const fit *const *fits, size_t n_fits, collection *c,
                         const unsigned char *include, const unsigned char *training, memo *rows, work *w,
                         adamas_error *error)
{
    const pipeline *p = &fits[0]->pipeline;
    scoring s = {.out = out,
                 .fits = fits,
                 .n_fits = n_fits,
                 .n_channels = channels_of(fits[0], c),
                 .off = c->off,
                 .training = training};
    adamas_status status = reserve_scoring(&s, c, error);
    if (!status)
        status = collection_scan(c, p, p->n_stages, include, w, rows, score, &s, out->spoilt, error);
    if (!status) {
        finish_specimen(&s);
        project_panel(&s);
    }
    for (size_t i = 0; !status && i < s.n_channels && s.n_specimens; i++)
        out->spectrum[i] /= (double)s.n_specimens;
    for (size_t f = 1; !status && f < n_fits; f++) {
        memcpy(out[f].spoilt, out->spoilt, c->n_specimens * sizeof *out->spoilt);
        memcpy(out[f].spectrum, out->spectrum, s.n_channels * sizeof *out->spectrum);
    }
    free(s.scores);
    free(s.part);
    free(s.scratch);
    free(s.total);
    free(s.panel);
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
