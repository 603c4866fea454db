/* Draws pseudo-parcels, samples their posteriors and counts what is detected. */
#include "evidence/simulation.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const parcel_sampling quick_sampling = {.n_chains = 1, .burn_in = 50, .n_draws = 150, .tau_scale = 1};

random_stream simulation_stream(const simulation *s, simulation_purpose purpose, uint64_t number)
{
    return (random_stream){.seed = s->seed, .stream = (uint64_t)purpose << 48 | number};
}

static adamas_status fit_without(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    simulation *s = context;
    const parcel_library *l = s->pseudo->library;
    unsigned char *use = memory_raw(l->n, sizeof *use);
    if (!use)
        return status_no_memory(error);
    for (size_t i = 0; i < l->n; i++)
        use[i] = pseudo_n_localities(s->pseudo, l->origin[i]) == 1 || !pseudo_is_in_fold(s->pseudo, i, fold);
    adamas_status status = parcel_model_fit(&s->models[fold], l, use, s->pseudo->model->likelihood_power, error);
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

void simulation_clear(simulation *s)
{
    for (size_t i = 0; i < PSEUDO_FOLDS; i++)
        parcel_model_free(&s->models[i]);
}

void simulation_draw(const simulation *s, size_t fold, size_t own, size_t others, size_t source, random_stream *r,
                     double *rows)
{
    pseudo_specimens(s->pseudo, s->origin, fold, own, r, rows);
    if (others && source == s->n_origins)
        pseudo_specimens_of_none(s->pseudo, others, r, rows + own * s->d);
    else if (others)
        pseudo_specimens(s->pseudo, source, fold, others, r, rows + own * s->d);
    pseudo_add_session_shift(s->pseudo, own + others, r, rows);
}

double simulation_foreign_share(const parcel_posterior *p, size_t origin)
{
    return 1 - p->by_number_summary[origin].mean;
}

static adamas_status evaluate_parcel(const simulation *s, size_t fold, size_t n, const double *rows, double *foreign,
                                     work *w, adamas_error *error)
{
    parcel_posterior p;
    parcel_sampling sampling = quick_sampling;
    sampling.work = w;
    const parcel_specimens specimens = {.n = n, .n_whole = n, .rows = rows};
    adamas_status status = parcel_sample(&p, &s->models[fold], &specimens, s->alpha, &sampling, error);
    if (status)
        return status;
    *foreign = simulation_foreign_share(&p, s->origin);
    parcel_posterior_free(&p);
    return ADAMAS_OK;
}

/* Many pseudo-parcels, and the foreign share found in each. */
typedef struct series {
    const simulation *simulation;
    simulation_purpose purpose;
    uint64_t first_number;
    size_t n; /* specimens of each */
    const simulation_foreign_specimens *foreign;
    double *foreign_share; /* [n_parcels] */
    work *w;
} series;

/* How many of n specimens are foreign; from a population they are drawn without replacement. */
static size_t draw_foreign(const simulation_foreign_specimens *f, size_t n, random_stream *r)
{
    size_t found = 0;
    if (!f->population)
        return (size_t)round(f->share * (double)n);
    for (size_t i = 0; i < n; i++)
        found += random_below(r, f->population - i) < f->n_foreign - found;
    return found;
}

static adamas_status simulate_parcel(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    const series *run = context;
    random_stream r = simulation_stream(run->simulation, run->purpose, run->first_number + item);
    size_t others = draw_foreign(run->foreign, run->n, &r);
    size_t fold = item % PSEUDO_FOLDS;
    double *rows = memory_raw(run->n, run->simulation->d * sizeof *rows);
    if (!rows)
        return status_no_memory(error);
    simulation_draw(run->simulation, fold, run->n - others, others, run->foreign->source, &r, rows);
    adamas_status status =
        evaluate_parcel(run->simulation, fold, run->n, rows, &run->foreign_share[item], run->w, error);
    free(rows);
    return status;
}

static adamas_status run_series(series *run, size_t n_parcels, work *w, adamas_error *error)
{
    run->n = run->n < SIMULATION_MAX_SPECIMENS ? run->n : SIMULATION_MAX_SPECIMENS;
    run->w = w;
    run->foreign_share = memory_raw(n_parcels, sizeof *run->foreign_share);
    return run->foreign_share ? work_each(w, n_parcels, simulate_parcel, run, error) : status_no_memory(error);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value that a new one, exchangeable with the n given, exceeds with probability SIMULATION_FALSE_ALARM at most (the
 * quantile of split conformal prediction). Sorts the values. */
static double upper_quantile(size_t n, double *value)
{
    size_t rank = (size_t)ceil((1 - SIMULATION_FALSE_ALARM) * (double)(n + 1));
    qsort(value, n, sizeof *value, by_size);
    return rank <= n ? value[rank - 1] : 1;
}

adamas_status simulation_threshold(double *threshold, const simulation *s, size_t n, size_t n_parcels, work *w,
                                   adamas_error *error)
{
    static const simulation_foreign_specimens none = {0};
    adamas_status status = ADAMAS_OK;
    *threshold = 1 / (double)n;
    for (size_t o = 0; !status && o < s->n_origins; o++) {
        simulation pure = *s;
        pure.origin = o;
        series run = {.simulation = &pure,
                      .purpose = simulation_for_threshold,
                      .first_number = (n * s->n_origins + o) * n_parcels,
                      .n = n,
                      .foreign = &none};
        status = run_series(&run, n_parcels, w, error);
        if (!status)
            *threshold = fmax(*threshold, upper_quantile(n_parcels, run.foreign_share));
        free(run.foreign_share);
    }
    return status;
}

adamas_status simulation_detection_power(double *power, const simulation *s, simulation_purpose purpose,
                                         uint64_t number, size_t n, const simulation_foreign_specimens *foreign,
                                         double threshold, size_t n_parcels, work *w, adamas_error *error)
{
    series run = {.simulation = s, .purpose = purpose, .first_number = number * n_parcels, .n = n, .foreign = foreign};
    adamas_status status = run_series(&run, n_parcels, w, error);
    size_t detected = 0;
    for (size_t i = 0; !status && i < n_parcels; i++)
        detected += run.foreign_share[i] > threshold;
    *power = (double)detected / (double)n_parcels;
    free(run.foreign_share);
    return status;
}
