#include "evidence/likelihood_power.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What stones see of the parts while they are left out: a part adds exp(log_term + d/2 ln T - T distance / 2). */
typedef struct terms {
    size_t n_components;         /* of all origins */
    size_t *first;               /* [n_origins + 1] */
    double *log_term, *distance; /* [n, n_components] */
    bool *judged;                /* [n]: the stone's own origin has others */
    double *row;                 /* [n, d]: room for the stones that stay */
} terms;

double likelihood_power_at(size_t i)
{
    return 0.2 + 0.8 * (double)i / (likelihood_power_steps - 1);
}

/* Parts that a mixture lacks (it has fewer stones while some are left out) add nothing. */
static void fill(const likelihood_power_data *s, terms *t, size_t stone, size_t origin, const mixture *m)
{
    for (size_t p = t->first[origin]; p < t->first[origin + 1]; p++) {
        size_t own = p - t->first[origin], at = stone * t->n_components + p;
        bool has = own < m->n_components;
        t->log_term[at] = has ? log(m->weight[own]) + m->log_norm[own] : -INFINITY;
        t->distance[at] = has ? mixture_distance(m, own, s->rows + stone * s->d) : 0;
    }
}

static size_t fold_of(const likelihood_power_data *s, size_t origin, size_t stone)
{
    size_t from = s->first[origin], to = s->first[origin + 1];
    bool localities = s->locality[from] != s->locality[to - 1];
    return localities ? s->locality[stone] - s->locality[from] : (stone - from) % 10;
}

static adamas_status leave_out(const likelihood_power_data *s, terms *t, size_t origin, size_t fold,
                               adamas_error *error)
{
    size_t stay = 0;
    for (size_t i = s->first[origin]; i < s->first[origin + 1]; i++)
        if (fold_of(s, origin, i) != fold)
            memcpy(t->row + stay++ * s->d, s->rows + i * s->d, s->d * sizeof *t->row);
    if (stay == 0)
        return ADAMAS_OK;
    mixture m;
    adamas_status status =
        mixture_fit(&m, stay, s->d, t->row, s->pooled, mixture_n_components(stay), s->pseudo_observations, error);
    for (size_t i = s->first[origin]; !status && i < s->first[origin + 1]; i++)
        if (fold_of(s, origin, i) == fold) {
            fill(s, t, i, origin, &m);
            t->judged[i] = true;
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

/* Log probability of the true origin of one stone; the factor T^(d/2) is that of all. */
static double log_probability(const terms *t, size_t stone, size_t origin, double likelihood_power)
{
    const double *log_term = t->log_term + stone * t->n_components, *distance = t->distance + stone * t->n_components;
    double greatest = -INFINITY, all = 0, own = 0, own_greatest = -INFINITY;
    for (size_t p = 0; p < t->n_components; p++) {
        double value = log_term[p] - likelihood_power * distance[p] / 2;
        greatest = fmax(greatest, value);
        if (p >= t->first[origin] && p < t->first[origin + 1])
            own_greatest = fmax(own_greatest, value);
    }
    for (size_t p = 0; p < t->n_components; p++) {
        double value = log_term[p] - likelihood_power * distance[p] / 2;
        all += exp(value - greatest);
        if (p >= t->first[origin] && p < t->first[origin + 1])
            own += exp(value - own_greatest);
    }
    return own_greatest + log(own) - greatest - log(all);
}

static double mean_score(const likelihood_power_data *s, const terms *t, double likelihood_power)
{
    double mean = 0;
    size_t origins = 0;
    for (size_t k = 0; k < s->n_origins; k++) {
        double sum = 0;
        size_t judged = 0;
        for (size_t i = s->first[k]; i < s->first[k + 1]; i++)
            if (t->judged[i]) {
                sum += log_probability(t, i, k, likelihood_power);
                judged++;
            }
        origins += judged > 0;
        mean += judged > 0 ? sum / (double)judged : 0;
    }
    return mean / (double)origins;
}

static void choose(double *likelihood_power, double *score, const likelihood_power_data *s, const terms *t)
{
    size_t present = 0, judged = 0, best = 0;
    for (size_t k = 0; k < s->n_origins; k++)
        present += s->first[k + 1] > s->first[k];
    for (size_t i = 0; i < s->n; i++)
        judged += t->judged[i];
    *likelihood_power = 1;
    if (present < 2 || judged == 0)
        return;
    for (size_t i = 0; i < likelihood_power_steps; i++) {
        score[i] = mean_score(s, t, likelihood_power_at(i));
        best = score[i] > score[best] ? i : best;
    }
    *likelihood_power = likelihood_power_at(best);
}

adamas_status likelihood_power_fit(double *likelihood_power, double *score, const likelihood_power_data *stones,
                                   adamas_error *error)
{
    terms t = {.first = memory_new(stones->n_origins + 1, sizeof *t.first)};
    for (size_t k = 0; t.first && k < stones->n_origins; k++)
        t.n_components = t.first[k + 1] = t.first[k] + stones->origins[k].n_components;
    t.log_term = memory_new(stones->n * t.n_components, sizeof *t.log_term);
    t.distance = memory_new(stones->n * t.n_components, sizeof *t.distance);
    t.judged = memory_new(stones->n, sizeof *t.judged);
    t.row = memory_raw(stones->n * stones->d, sizeof *t.row);
    adamas_status status;
    if (!t.first || !t.log_term || !t.distance || !t.judged || !t.row)
        status = status_no_memory(error);
    else
        status = find_terms(stones, &t, error);
    if (!status)
        choose(likelihood_power, score, stones, &t);
    free(t.first);
    free(t.log_term);
    free(t.distance);
    free(t.judged);
    free(t.row);
    return status;
}
