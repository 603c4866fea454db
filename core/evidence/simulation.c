#include "evidence/simulation.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const parcel_sampling quick = {.n_chains = 1, .burn_in = 50, .n_draws = 150, .tau_scale = 1};

random_stream simulation_stream(const simulation *t, simulation_purpose use, uint64_t number)
{
    return (random_stream){.seed = t->seed, .stream = (uint64_t)use << 48 | number};
}

static adamas_status fit_without(void *context, size_t part, int thread, adamas_error *error)
{
    (void)thread;
    simulation *t = context;
    const parcel_library *l = t->pseudo->library;
    unsigned char *use = memory_raw(l->n, sizeof *use);
    if (!use)
        return status_no_memory(error);
    for (size_t i = 0; i < l->n; i++)
        use[i] = pseudo_n_localities(t->pseudo, l->origin[i]) == 1 || !pseudo_is_in_fold(t->pseudo, i, part);
    adamas_status status = parcel_model_fit(&t->models[part], l, use, t->pseudo->model->likelihood_power, error);
    free(use);
    return status;
}

adamas_status simulation_make(simulation *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                              uint64_t seed, work *w, adamas_error *error)
{
    *out = (simulation){.pseudo = pseudo,
                        .alpha = alpha,
                        .origin = origin,
                        .n_origins = pseudo->library->n_origins,
                        .d = pseudo->library->d,
                        .seed = seed};
    return work_each(w, PSEUDO_FOLDS, fit_without, out, error);
}

void simulation_clear(simulation *t)
{
    for (size_t i = 0; i < PSEUDO_FOLDS; i++)
        parcel_model_free(&t->models[i]);
}

void simulation_draw(const simulation *t, size_t part, size_t own, size_t others, size_t source, random_stream *r,
                     double *rows)
{
    pseudo_specimens(t->pseudo, t->origin, part, own, r, rows);
    if (others && source == t->n_origins)
        pseudo_specimens_of_none(t->pseudo, others, r, rows + own * t->d);
    else if (others)
        pseudo_specimens(t->pseudo, source, part, others, r, rows + own * t->d);
    pseudo_add_session_shift(t->pseudo, own + others, r, rows);
}

double simulation_foreign_share(const parcel_posterior *p, size_t origin)
{
    return 1 - p->by_number_summary[origin].mean;
}

static adamas_status judge_parcel(const simulation *t, size_t part, size_t n, const double *rows, double *foreign,
                                  work *w, adamas_error *error)
{
    parcel_posterior p;
    parcel_sampling sampling = quick;
    sampling.work = w;
    const parcel_specimens stones = {.n = n, .n_whole = n, .rows = rows};
    adamas_status status = parcel_sample(&p, &t->models[part], &stones, t->alpha, &sampling, error);
    if (status)
        return status;
    *foreign = simulation_foreign_share(&p, t->origin);
    parcel_posterior_free(&p);
    return ADAMAS_OK;
}

/* Many pseudo-parcels, and what was found of each. */
typedef struct series {
    const simulation *t;
    simulation_purpose use;
    uint64_t first_number;
    size_t n; /* stones of each */
    const simulation_foreign_specimens *foreign;
    double *found; /* [parcels] */
    work *w;
} series;

/* How many of n stones are foreign; from a population they are drawn without replacement. */
static size_t draw_foreign(const simulation_foreign_specimens *f, size_t n, random_stream *r)
{
    size_t found = 0;
    if (!f->population)
        return (size_t)round(f->share * (double)n);
    for (size_t i = 0; i < n; i++)
        found += random_below(r, f->population - i) < f->foreign - found;
    return found;
}

static adamas_status try_parcel(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const series *s = context;
    random_stream r = simulation_stream(s->t, s->use, s->first_number + item);
    size_t others = draw_foreign(s->foreign, s->n, &r);
    size_t part = item % PSEUDO_FOLDS;
    double *rows = memory_raw(s->n, s->t->d * sizeof *rows);
    if (!rows)
        return status_no_memory(error);
    simulation_draw(s->t, part, s->n - others, others, s->foreign->source, &r, rows);
    adamas_status status = judge_parcel(s->t, part, s->n, rows, &s->found[item], s->w, error);
    free(rows);
    return status;
}

static adamas_status run_series(series *s, size_t parcels, work *w, adamas_error *error)
{
    s->n = s->n < SIMULATION_MAX_SPECIMENS ? s->n : SIMULATION_MAX_SPECIMENS;
    s->w = w;
    s->found = memory_raw(parcels, sizeof *s->found);
    return s->found ? work_each(w, parcels, try_parcel, s, error) : status_no_memory(error);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value that a new one, exchangeable with the n found, exceeds in at most SIMULATION_FALSE_ALARM of cases. Sorts
 * them. */
static double upper_quantile(size_t n, double *found)
{
    size_t rank = (size_t)ceil((1 - SIMULATION_FALSE_ALARM) * (double)(n + 1));
    qsort(found, n, sizeof *found, by_size);
    return rank <= n ? found[rank - 1] : 1;
}

adamas_status simulation_threshold(double *threshold, const simulation *t, size_t n, size_t parcels, work *w,
                                   adamas_error *error)
{
    static const simulation_foreign_specimens none = {0};
    adamas_status status = ADAMAS_OK;
    *threshold = 1 / (double)n;
    for (size_t o = 0; !status && o < t->n_origins; o++) {
        simulation pure = *t;
        pure.origin = o;
        series s = {.t = &pure,
                    .use = simulation_for_threshold,
                    .first_number = (n * t->n_origins + o) * parcels,
                    .n = n,
                    .foreign = &none};
        status = run_series(&s, parcels, w, error);
        if (!status)
            *threshold = fmax(*threshold, upper_quantile(parcels, s.found));
        free(s.found);
    }
    return status;
}

adamas_status simulation_detection_power(double *chance, const simulation *t, simulation_purpose use, uint64_t number,
                                         size_t n, const simulation_foreign_specimens *foreign, double threshold,
                                         size_t parcels, work *w, adamas_error *error)
{
    series s = {.t = t, .use = use, .first_number = number * parcels, .n = n, .foreign = foreign};
    adamas_status status = run_series(&s, parcels, w, error);
    size_t seen = 0;
    for (size_t i = 0; !status && i < parcels; i++)
        seen += s.found[i] > threshold;
    *chance = (double)seen / (double)parcels;
    free(s.found);
    return status;
}
