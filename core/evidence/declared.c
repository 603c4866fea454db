#include "evidence/declared.h"

#include "base/memory.h"
#include "evidence/elub.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { pure_parcels = 300, foreign_parcels = 60, bound_stones = 100 };

/* A method that would not reveal a parcel of which this share is foreign finds no parcel inconsistent: what it would
 * find were mostly errors. */
static const double least_power_at = 0.5;

static const parcel_stepping quick_steps = {.n_steps = 12, .n_runs = 2, .burn_in = 20, .n_draws = 60, .tau_scale = 1};

/* Shares of foreign stones that are tried. */
static const double shares[] = {0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 1};
enum { n_shares = sizeof shares / sizeof *shares };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The smallest share of one source's stones that is found often enough. Larger shares are found more often: bisection.
 */
static adamas_status find_detection_limit(double *detection_limit, const simulation *t, size_t source, size_t n,
                                          double threshold, work *w, adamas_error *error)
{
    size_t low = 0, high = n_shares;
    adamas_status status = ADAMAS_OK;
    while (!status && low < high) {
        size_t middle = (low + high) / 2;
        double chance = 0;
        const simulation_foreign_specimens foreign = {.source = source, .share = shares[middle]};
        status = simulation_detection_power(&chance, t, simulation_for_detection_limit, source * n_shares + middle, n,
                                            &foreign, threshold, foreign_parcels, w, error);
        if (chance >= 1 - SIMULATION_FALSE_ALARM)
            high = middle;
        else
            low = middle + 1;
    }
    *detection_limit = low < n_shares ? shares[low] : NAN;
    return status;
}

/* Only the declared origin. */
static adamas_status alpha_of_declared(double **out, const simulation *t, adamas_error *error)
{
    *out = memory_new(t->n_origins + 1, sizeof **out);
    if (!*out)
        return status_no_memory(error);
    (*out)[t->origin] = t->alpha[t->origin];
    return ADAMAS_OK;
}

static adamas_status log_lr_at(parcel_log_estimate *out, const declared_case *c, const double *own, double factor,
                               work *w, adamas_error *error)
{
    size_t n = c->pseudo->library->n_origins + 1;
    double *alpha = memory_raw(n, sizeof *alpha);
    if (!alpha)
        return status_no_memory(error);
    for (size_t o = 0; o < n; o++)
        alpha[o] = factor * c->alpha[o];
    parcel_stepping stepping = parcel_stepping_default;
    stepping.seed = c->seed;
    stepping.work = w;
    adamas_status status = parcel_log_lr(out, c->pseudo->model, c->specimens, own, alpha, &stepping, error);
    free(alpha);
    return status;
}

typedef struct ratios {
    const declared_case *c;
    const double *own;
    parcel_log_estimate *out[3];
    work *w;
} ratios;

static adamas_status find_ratio(void *context, size_t item, int thread, adamas_error *error)
{
    static const double factors[3] = {1, 0.5, 2};
    (void)thread;
    const ratios *r = context;
    return log_lr_at(r->out[item], r->c, r->own, factors[item], r->w, error);
}

/* LRs of pseudo-parcels: one pure one a locality, then one a locality of the library in which H2 is
 * true, its shares drawn from the prior. */
typedef struct bounding {
    const simulation *t;
    const double *own;
    size_t n, n_ss;
    double *log_lr;
} bounding;

static void draw_alternative(const bounding *b, size_t part, random_stream *r, double *rows)
{
    const simulation *t = b->t;
    size_t at = 0;
    double total = 0, sum = 0, weights[mixture_max_features + 1];
    for (size_t o = 0; o <= t->n_origins; o++)
        total += weights[o] = t->alpha[o] > 0 ? random_gamma(r, t->alpha[o]) : 0;
    for (size_t o = 0; o <= t->n_origins; o++) {
        sum += weights[o];
        size_t end = o == t->n_origins ? b->n : (size_t)round(sum / total * (double)b->n);
        size_t count = end - at;
        if (o == t->n_origins)
            pseudo_specimens_of_none(t->pseudo, count, r, rows + at * t->d);
        else
            pseudo_specimens(t->pseudo, o, part, count, r, rows + at * t->d);
        at = end;
    }
    pseudo_add_session_shift(t->pseudo, b->n, r, rows);
}

static adamas_status bound_one(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const bounding *b = context;
    const simulation *t = b->t;
    int same = item < b->n_ss;
    random_stream r = simulation_stream(t, same ? simulation_for_bounds_h1 : simulation_for_bounds_h2, item);
    size_t part = item % PSEUDO_FOLDS;
    double *rows = memory_raw(b->n, t->d * sizeof *rows);
    if (!rows)
        return status_no_memory(error);
    if (same)
        simulation_draw(t, part, b->n, 0, 0, &r, rows);
    else
        draw_alternative(b, part, &r, rows);
    parcel_log_estimate found;
    parcel_stepping stepping = quick_steps;
    stepping.seed = t->seed ^ item;
    const parcel_specimens stones = {.n = b->n, .n_whole = b->n, .rows = rows};
    adamas_status status = parcel_log_lr(&found, &t->models[part], &stones, b->own, t->alpha, &stepping, error);
    b->log_lr[item] = found.value;
    free(rows);
    return status;
}

static adamas_status find_bounds(declared_answer *out, const simulation *t, const double *own, size_t n, work *w,
                                 adamas_error *error)
{
    size_t n_ds = t->pseudo->n_localities;
    bounding b = {.t = t,
                  .own = own,
                  .n = n < bound_stones ? n : bound_stones,
                  .n_ss = pseudo_n_localities(t->pseudo, t->origin)};
    b.log_lr = memory_raw(b.n_ss + n_ds, sizeof *b.log_lr);
    adamas_status status = b.log_lr ? work_each(w, b.n_ss + n_ds, bound_one, &b, error) : status_no_memory(error);
    if (!status)
        status =
            elub_find(&out->log10_low, &out->log10_high, b.n_ss, b.log_lr, NULL, n_ds, b.log_lr + b.n_ss, NULL, error);
    free(b.log_lr);
    return status;
}

typedef struct suspect {
    double foreign;
    size_t stone;
} suspect;

static int most_foreign_first(const void *a, const void *b)
{
    const suspect *x = a, *y = b;
    if (x->foreign != y->foreign)
        return x->foreign < y->foreign ? 1 : -1;
    return (x->stone > y->stone) - (x->stone < y->stone);
}

/* As many stones, the most foreign first, as keep the expected share of wrong ones at 5 % (posterior expected false
 * discovery rate: Mueller, Parmigiani, Robert and Rousseau 2004). */
static adamas_status find_foreign(declared_answer *out, const declared_case *c, adamas_error *error)
{
    const parcel_posterior *p = c->posterior;
    suspect *order = memory_raw(p->n, sizeof *order);
    if (!order)
        return status_no_memory(error);
    for (size_t i = 0; i < p->n; i++)
        order[i] = (suspect){1 - p->probability[i * p->n_shares + c->origin], i};
    qsort(order, p->n, sizeof *order, most_foreign_first);
    double wrong = 0;
    for (size_t i = 0; i < p->n; i++) {
        wrong += 1 - order[i].foreign;
        if (wrong > 0.05 * (double)(i + 1))
            break;
        out->is_foreign[order[i].stone] = 1;
        out->n_foreign = i + 1;
        out->false_discovery = wrong / (double)(i + 1);
    }
    free(order);
    return ADAMAS_OK;
}

static adamas_status upper_bound(double *high, const parcel_posterior *p, size_t origin, adamas_error *error)
{
    size_t n = p->n_chains * p->n_draws;
    double *foreign = memory_raw(n, sizeof *foreign);
    if (!foreign)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        foreign[i] = 1 - p->stones[i * p->n_shares + origin];
    qsort(foreign, n, sizeof *foreign, by_size);
    *high = chains_quantile(n, foreign, 0.95);
    free(foreign);
    return ADAMAS_OK;
}

static void want_power(declared_answer *out, size_t n_origins)
{
    double best = INFINITY;
    for (size_t o = 0; o <= n_origins; o++)
        best = fmin(best, out->detection_limit[o]);
    if (best <= least_power_at)
        return;
    out->threshold = 1;
    for (size_t o = 0; o <= n_origins; o++)
        out->detection_limit[o] = NAN;
}

static adamas_status weigh(declared_answer *out, const declared_case *c, const simulation *t, const double *own,
                           work *w, adamas_error *error)
{
    size_t n = c->specimens->n;
    ratios r = {c, own, {&out->log_lr, &out->log_lr_half, &out->log_lr_double}, w};
    adamas_status status = work_progress(w, "weighing what is declared", 0, 0, error);
    if (!status)
        status = work_each(w, 3, find_ratio, &r, error);
    if (!status)
        status = find_bounds(out, t, own, n, w, error);
    if (!status)
        status = simulation_threshold(&out->threshold, t, n, pure_parcels, w, error);
    for (size_t o = 0; !status && o <= t->n_origins; o++) {
        out->detection_limit[o] = NAN;
        status = work_progress(w, "trying pseudo-parcels", o, t->n_origins + 1, error);
        if (!status && o != t->origin && t->alpha[o] > 0)
            status = find_detection_limit(&out->detection_limit[o], t, o, n, out->threshold, w, error);
    }
    if (!status)
        want_power(out, t->n_origins);
    return status;
}

adamas_status declared_evaluate(declared_answer *out, const declared_case *c, work *w, adamas_error *error)
{
    *out = (declared_answer){.units = pseudo_n_localities(c->pseudo, c->origin),
                             .pure_parcels = pure_parcels * c->pseudo->library->n_origins};
    simulation t = {0};
    double *own = NULL;
    out->detection_limit = memory_new(c->pseudo->library->n_origins + 1, sizeof *out->detection_limit);
    out->is_foreign = memory_new(c->specimens->n, sizeof *out->is_foreign);
    adamas_status status = out->detection_limit && out->is_foreign
                               ? simulation_make(&t, c->pseudo, c->alpha, c->origin, c->seed, w, error)
                               : status_no_memory(error);
    if (!status)
        status = alpha_of_declared(&own, &t, error);
    if (!status)
        status = weigh(out, c, &t, own, w, error);
    if (!status)
        status = find_foreign(out, c, error);
    if (!status)
        status = upper_bound(&out->foreign_high, c->posterior, c->origin, error);
    if (!status) {
        out->foreign = simulation_foreign_share(c->posterior, c->origin);
        out->inconsistent = out->foreign > out->threshold;
    }
    free(own);
    simulation_clear(&t);
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
