/* Chooses the likelihood power by the log score of specimens whose locality is left out. */
#include "evidence/likelihood_power.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What each specimen's densities are made of while it is left out: component c contributes
 * exp(log_term + d/2 ln T - T distance / 2). */
typedef struct terms {
    size_t n_components;         /* of all origins */
    size_t *first;               /* [n_origins + 1] */
    double *log_term, *distance; /* [n, n_components] */
    bool *is_scored;             /* [n]: the specimen's own origin has others */
    double *kept;                /* [n, d]: workspace for the specimens that are not left out */
} terms;

static double candidate(size_t i)
{
    return 0.2 + 0.8 * (double)i / (likelihood_power_steps - 1);
}

/* Components that a mixture lacks (it may have fewer while specimens are left out) contribute nothing. */
static void fill(const likelihood_power_data *s, terms *t, size_t specimen, size_t origin, const mixture *m)
{
    for (size_t c = t->first[origin]; c < t->first[origin + 1]; c++) {
        size_t own = c - t->first[origin], at = specimen * t->n_components + c;
        bool has = own < m->n_components;
        t->log_term[at] = has ? log(m->weight[own]) + m->log_norm[own] : -INFINITY;
        t->distance[at] = has ? mixture_distance(m, own, s->rows + specimen * s->d) : 0;
    }
}

static size_t fold_of(const likelihood_power_data *s, size_t origin, size_t specimen)
{
    size_t from = s->first[origin], to = s->first[origin + 1];
    bool has_localities = s->locality[from] != s->locality[to - 1];
    return has_localities ? s->locality[specimen] - s->locality[from] : (specimen - from) % 10;
}

static adamas_status leave_out(const likelihood_power_data *s, terms *t, size_t origin, size_t fold,
                               adamas_error *error)
{
    size_t n_kept = 0;
    for (size_t i = s->first[origin]; i < s->first[origin + 1]; i++)
        if (fold_of(s, origin, i) != fold)
            memcpy(t->kept + n_kept++ * s->d, s->rows + i * s->d, s->d * sizeof *t->kept);
    if (n_kept == 0)
        return ADAMAS_OK;
    mixture m;
    adamas_status status =
        mixture_fit(&m, n_kept, s->d, t->kept, s->pooled, mixture_n_components(n_kept), s->pseudo_observations, error);
    for (size_t i = s->first[origin]; !status && i < s->first[origin + 1]; i++)
        if (fold_of(s, origin, i) == fold) {
            fill(s, t, i, origin, &m);
            t->is_scored[i] = true;
        }
    mixture_free(&m);
    return status;
}

static adamas_status find_terms(const likelihood_power_data *s, terms *t, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < s->n_origins; k++) {
        size_t folds = 0;
        for (size_t i = 0; i < s->n; i++) {
            bool own = i >= s->first[k] && i < s->first[k + 1];
            if (own && fold_of(s, k, i) >= folds)
                folds = fold_of(s, k, i) + 1;
            if (!own)
                fill(s, t, i, k, &s->origins[k]);
        }
        for (size_t fold = 0; !status && fold < folds; fold++)
            status = leave_out(s, t, k, fold, error);
    }
    return status;
}

/* Log probability of the true origin of one specimen; the factor T^(d/2) of all components cancels. */
static double log_probability(const terms *t, size_t specimen, size_t origin, double power)
{
    const double *log_term = t->log_term + specimen * t->n_components;
    const double *distance = t->distance + specimen * t->n_components;
    double greatest = -INFINITY, all = 0, own = 0, own_greatest = -INFINITY;
    for (size_t c = 0; c < t->n_components; c++) {
        double value = log_term[c] - power * distance[c] / 2;
        greatest = fmax(greatest, value);
        if (c >= t->first[origin] && c < t->first[origin + 1])
            own_greatest = fmax(own_greatest, value);
    }
    for (size_t c = 0; c < t->n_components; c++) {
        double value = log_term[c] - power * distance[c] / 2;
        all += exp(value - greatest);
        if (c >= t->first[origin] && c < t->first[origin + 1])
            own += exp(value - own_greatest);
    }
    return own_greatest + log(own) - greatest - log(all);
}

static double mean_score(const likelihood_power_data *s, const terms *t, double power)
{
    double mean = 0;
    size_t origins = 0;
    for (size_t k = 0; k < s->n_origins; k++) {
        double sum = 0;
        size_t scored = 0;
        for (size_t i = s->first[k]; i < s->first[k + 1]; i++)
            if (t->is_scored[i]) {
                sum += log_probability(t, i, k, power);
                scored++;
            }
        origins += scored > 0;
        mean += scored > 0 ? sum / (double)scored : 0;
    }
    return mean / (double)origins;
}

static void choose(double *power, double *score, const likelihood_power_data *s, const terms *t)
{
    size_t present = 0, scored = 0, best = 0;
    for (size_t k = 0; k < s->n_origins; k++)
        present += s->first[k + 1] > s->first[k];
    for (size_t i = 0; i < s->n; i++)
        scored += t->is_scored[i];
    *power = 1;
    if (present < 2 || scored == 0)
        return;
    for (size_t i = 0; i < likelihood_power_steps; i++) {
        score[i] = mean_score(s, t, candidate(i));
        best = score[i] > score[best] ? i : best;
    }
    *power = candidate(best);
}

adamas_status likelihood_power_fit(double *power, double *score, const likelihood_power_data *data, adamas_error *error)
{
    terms t = {.first = memory_new(data->n_origins + 1, sizeof *t.first)};
    for (size_t k = 0; t.first && k < data->n_origins; k++)
        t.n_components = t.first[k + 1] = t.first[k] + data->origins[k].n_components;
    t.log_term = memory_new(data->n * t.n_components, sizeof *t.log_term);
    t.distance = memory_new(data->n * t.n_components, sizeof *t.distance);
    t.is_scored = memory_new(data->n, sizeof *t.is_scored);
    t.kept = memory_raw(data->n * data->d, sizeof *t.kept);
    adamas_status status;
    if (!t.first || !t.log_term || !t.distance || !t.is_scored || !t.kept)
        status = status_no_memory(error);
    else
        status = find_terms(data, &t, error);
    if (!status)
        choose(power, score, data, &t);
    free(t.first);
    free(t.log_term);
    free(t.distance);
    free(t.is_scored);
    free(t.kept);
    return status;
}
