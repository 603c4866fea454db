/* The likelihood ratio of a declared origin, its bounds, the test of consistency and its detection limits. */
#include "evidence/declared.h"

#include "base/memory.h"
#include "evidence/lr_bounds.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { pure_parcels = 300, foreign_parcels = 60, bound_specimens = 100 };

/* If the detection limit is above this share for every source, no parcel is called inconsistent: most that would be
 * called so would be false alarms. */
static const double max_detection_limit = 0.5;

static const parcel_stepping quick_stepping = {
    .n_steps = 12, .n_runs = 2, .burn_in = 20, .n_draws = 60, .tau_scale = 1};

/* Shares of foreign specimens among which the detection limit is found. */
static const double shares[] = {0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1};
enum { n_shares = sizeof shares / sizeof *shares };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The detection power rises with the share, so the smallest share with enough of it is found by bisection. */
static adamas_status find_detection_limit(double *detection_limit, const simulation *s, size_t source, size_t n,
                                          double threshold, work *w, adamas_error *error)
{
    size_t low = 0, high = n_shares;
    adamas_status status = ADAMAS_OK;
    while (!status && low < high) {
        size_t middle = (low + high) / 2;
        double power = 0;
        const simulation_foreign_specimens foreign = {.source = source, .share = shares[middle]};
        status = simulation_detection_power(&power, s, simulation_for_detection_limit, source * n_shares + middle, n,
                                            &foreign, threshold, foreign_parcels, w, error);
        if (power >= 1 - SIMULATION_FALSE_ALARM)
            high = middle;
        else
            low = middle + 1;
    }
    *detection_limit = low < n_shares ? shares[low] : NAN;
    return status;
}

/* H1: the prior weight of the declared origin, and 0 for the others. */
static adamas_status alpha_of_declared(double **out, const simulation *s, adamas_error *error)
{
    *out = memory_new(s->n_origins + 1, sizeof **out);
    if (!*out)
        return status_no_memory(error);
    (*out)[s->origin] = s->alpha[s->origin];
    return ADAMAS_OK;
}

/* The log marginal likelihoods of a case: under H1, then under H2 with alpha, alpha / 2 and 2 alpha. */
typedef struct marginals {
    const declared_case *c;
    const double *alpha_1;
    parcel_log_estimate value[4];
    work *w;
} marginals;

static adamas_status find_marginal(void *context, size_t item, int thread, adamas_error *error)
{
    static const double factors[4] = {1, 1, 0.5, 2};
    (void)thread;
    marginals *m = context;
    size_t n = m->c->pseudo->library->n_origins + 1;
    double *alpha = memory_raw(n, sizeof *alpha);
    if (!alpha)
        return status_no_memory(error);
    for (size_t o = 0; o < n; o++)
        alpha[o] = factors[item] * (item == 0 ? m->alpha_1[o] : m->c->alpha[o]);
    parcel_stepping stepping = parcel_stepping_default;
    stepping.seed = m->c->seed;
    stepping.first_stream = item == 0 ? 0 : stepping.n_runs;
    stepping.work = m->w;
    adamas_status status =
        parcel_log_marginal(&m->value[item], m->c->pseudo->model, m->c->specimens, alpha, &stepping, error);
    free(alpha);
    return status;
}

static adamas_status find_ratios(declared_answer *out, const declared_case *c, const double *alpha_1, work *w,
                                 adamas_error *error)
{
    marginals m = {.c = c, .alpha_1 = alpha_1, .w = w};
    adamas_status status = work_each(w, 4, find_marginal, &m, error);
    out->log_lr = parcel_log_ratio(m.value[0], m.value[1]);
    out->log_lr_half = parcel_log_ratio(m.value[0], m.value[2]);
    out->log_lr_double = parcel_log_ratio(m.value[0], m.value[3]);
    return status;
}

/* LRs of pseudo-parcels for the bounds: n_ss for which H1 is true, one for each locality of the declared origin, then
 * one for each locality of the library for which H2 is true. */
typedef struct bounding {
    const simulation *simulation;
    const double *alpha_1;
    size_t n, n_ss;
    double *log_lr;
} bounding;

/* A parcel whose shares are a draw from their prior. */
static void draw_under_h2(const bounding *b, size_t fold, random_stream *r, double *rows)
{
    const simulation *s = b->simulation;
    size_t at = 0;
    double total = 0, sum = 0, weights[mixture_max_features + 1];
    for (size_t o = 0; o <= s->n_origins; o++)
        total += weights[o] = s->alpha[o] > 0 ? random_gamma(r, s->alpha[o]) : 0;
    for (size_t o = 0; o <= s->n_origins; o++) {
        sum += weights[o];
        size_t end = o == s->n_origins ? b->n : (size_t)round(sum / total * (double)b->n);
        size_t count = end - at;
        if (o == s->n_origins)
            pseudo_specimens_of_none(s->pseudo, count, r, rows + at * s->d);
        else
            pseudo_specimens(s->pseudo, o, fold, count, r, rows + at * s->d);
        at = end;
    }
    pseudo_add_session_shift(s->pseudo, b->n, r, rows);
}

static adamas_status find_one_for_bounds(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const bounding *b = context;
    const simulation *s = b->simulation;
    int h1 = item < b->n_ss;
    random_stream r = simulation_stream(s, h1 ? simulation_for_bounds_h1 : simulation_for_bounds_h2, item);
    size_t fold = item % PSEUDO_FOLDS;
    double *rows = memory_raw(b->n, s->d * sizeof *rows);
    if (!rows)
        return status_no_memory(error);
    if (h1)
        simulation_draw(s, fold, b->n, 0, 0, &r, rows);
    else
        draw_under_h2(b, fold, &r, rows);
    parcel_log_estimate found;
    parcel_stepping stepping = quick_stepping;
    stepping.seed = s->seed ^ item;
    const parcel_specimens specimens = {.n = b->n, .n_whole = b->n, .rows = rows};
    adamas_status status = parcel_log_lr(&found, &s->models[fold], &specimens, b->alpha_1, s->alpha, &stepping, error);
    b->log_lr[item] = found.value;
    free(rows);
    return status;
}

static adamas_status find_bounds(declared_answer *out, const simulation *s, const double *alpha_1, size_t n, work *w,
                                 adamas_error *error)
{
    size_t n_ds = s->pseudo->n_localities;
    bounding b = {.simulation = s,
                  .alpha_1 = alpha_1,
                  .n = n < bound_specimens ? n : bound_specimens,
                  .n_ss = pseudo_n_localities(s->pseudo, s->origin)};
    b.log_lr = memory_raw(b.n_ss + n_ds, sizeof *b.log_lr);
    adamas_status status =
        b.log_lr ? work_each(w, b.n_ss + n_ds, find_one_for_bounds, &b, error) : status_no_memory(error);
    if (!status)
        status = lr_bounds_find(&out->log10_low, &out->log10_high, b.n_ss, b.log_lr, NULL, n_ds, b.log_lr + b.n_ss,
                                NULL, error);
    free(b.log_lr);
    return status;
}

typedef struct ranked {
    double foreign; /* probability */
    size_t specimen;
} ranked;

static int most_foreign_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->foreign != y->foreign)
        return x->foreign < y->foreign ? 1 : -1;
    return (x->specimen > y->specimen) - (x->specimen < y->specimen);
}

/* Calls as many specimens foreign, those of the greatest probability first, as keep the expected share of false ones
 * at 5 % (posterior expected false discovery rate: Mueller, Parmigiani, Robert and Rousseau 2004). */
static adamas_status find_foreign(declared_answer *out, const declared_case *c, adamas_error *error)
{
    const parcel_posterior *p = c->posterior;
    ranked *order = memory_raw(p->n, sizeof *order);
    if (!order)
        return status_no_memory(error);
    for (size_t i = 0; i < p->n; i++)
        order[i] = (ranked){1 - p->probability[i * p->n_shares + c->origin], i};
    qsort(order, p->n, sizeof *order, most_foreign_first);
    double false_ones = 0;
    for (size_t i = 0; i < p->n; i++) {
        false_ones += 1 - order[i].foreign;
        if (false_ones > 0.05 * (double)(i + 1))
            break;
        out->is_foreign[order[i].specimen] = 1;
        out->n_foreign = i + 1;
        out->false_discovery = false_ones / (double)(i + 1);
    }
    free(order);
    return ADAMAS_OK;
}

static adamas_status upper_quantile(double *high, const parcel_posterior *p, size_t origin, adamas_error *error)
{
    size_t n = p->n_chains * p->n_draws;
    double *foreign = memory_raw(n, sizeof *foreign);
    if (!foreign)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        foreign[i] = 1 - p->by_number[i * p->n_shares + origin];
    qsort(foreign, n, sizeof *foreign, by_size);
    *high = chains_quantile(n, foreign, 0.95);
    free(foreign);
    return ADAMAS_OK;
}

/* A method that could not detect a parcel of which half is foreign, whatever the source, calls no parcel inconsistent.
 */
static void require_power(declared_answer *out, size_t n_origins)
{
    double best = INFINITY;
    for (size_t o = 0; o <= n_origins; o++)
        best = fmin(best, out->detection_limit[o]);
    if (best <= max_detection_limit)
        return;
    out->threshold = 1;
    for (size_t o = 0; o <= n_origins; o++)
        out->detection_limit[o] = NAN;
}

static adamas_status evaluate(declared_answer *out, const declared_case *c, const simulation *s, const double *alpha_1,
                              work *w, adamas_error *error)
{
    size_t n = c->specimens->n;
    adamas_status status = work_progress(w, "evaluating the declared origin", 0, 0, error);
    if (!status)
        status = find_ratios(out, c, alpha_1, w, error);
    if (!status)
        status = find_bounds(out, s, alpha_1, n, w, error);
    if (!status)
        status = simulation_threshold(&out->threshold, s, n, pure_parcels, w, error);
    for (size_t o = 0; !status && o <= s->n_origins; o++) {
        out->detection_limit[o] = NAN;
        status = work_progress(w, "simulating pseudo-parcels", o, s->n_origins + 1, error);
        if (!status && o != s->origin && s->alpha[o] > 0)
            status = find_detection_limit(&out->detection_limit[o], s, o, n, out->threshold, w, error);
    }
    if (!status)
        require_power(out, s->n_origins);
    return status;
}

adamas_status declared_evaluate(declared_answer *out, const declared_case *c, work *w, adamas_error *error)
{
    *out = (declared_answer){.units = pseudo_n_localities(c->pseudo, c->origin),
                             .pure_parcels = pure_parcels * c->pseudo->library->n_origins};
    simulation s = {0};
    double *alpha_1 = NULL;
    out->detection_limit = memory_new(c->pseudo->library->n_origins + 1, sizeof *out->detection_limit);
    out->is_foreign = memory_new(c->specimens->n, sizeof *out->is_foreign);
    adamas_status status = out->detection_limit && out->is_foreign
                               ? simulation_make(&s, c->pseudo, c->alpha, c->origin, c->seed, w, error)
                               : status_no_memory(error);
    if (!status)
        status = alpha_of_declared(&alpha_1, &s, error);
    if (!status)
        status = evaluate(out, c, &s, alpha_1, w, error);
    if (!status)
        status = find_foreign(out, c, error);
    if (!status)
        status = upper_quantile(&out->foreign_high, c->posterior, c->origin, error);
    if (!status) {
        out->foreign = simulation_foreign_share(c->posterior, c->origin);
        out->inconsistent = out->foreign > out->threshold;
    }
    free(alpha_1);
    simulation_clear(&s);
    if (status)
        declared_clear(out);
    return status;
}

void declared_clear(declared_answer *a)
{
    free(a->detection_limit);
    free(a->is_foreign);
    *a = (declared_answer){0};
}
