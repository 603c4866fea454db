#include "evidence/declared_plan.h"

#include <string.h>

enum { pure_parcels = 150, parcels = 100 };

/* The least chance over the sources that foreign stones may have. */
static adamas_status least_chance(double *least, const simulation *t, const planned_parcel *parcel, size_t n, work *w,
                                  adamas_error *error)
{
    double threshold = 1;
    adamas_status status = simulation_threshold(&threshold, t, n, pure_parcels, w, error);
    *least = 1;
    for (size_t source = 0; !status && source <= t->n_origins; source++) {
        double chance = 1;
        const simulation_foreign_specimens foreign = {
            .source = source, .population = parcel->specimens, .foreign = parcel->foreign};
        if (source == t->origin || !(t->alpha[source] > 0))
            continue;
        status = simulation_detection_power(&chance, t, simulation_for_plan, n * (t->n_origins + 1) + source, n,
                                            &foreign, threshold, parcels, w, error);
        *least = chance < *least ? chance : *least;
    }
    return status;
}

/* Keeps what was tried in rising order. */
static void keep(declared_plan *out, size_t n, double chance)
{
    size_t place = out->n_sizes++;
    for (; place > 0 && out->sample_size[place - 1] > (double)n; place--) {
        out->sample_size[place] = out->sample_size[place - 1];
        out->detection_power[place] = out->detection_power[place - 1];
    }
    out->sample_size[place] = (double)n;
    out->detection_power[place] = chance;
}

adamas_status declared_plan_find(declared_plan *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                                 const planned_parcel *parcel, uint64_t seed, work *w, adamas_error *error)
{
    *out = (declared_plan){.false_alarm = SIMULATION_FALSE_ALARM};
    simulation t = {0};
    size_t most = parcel->specimens < SIMULATION_MAX_SPECIMENS ? parcel->specimens : SIMULATION_MAX_SPECIMENS;
    double chance = 0;
    adamas_status status = work_progress(w, "planning", 0, 0, error);
    if (!status)
        status = simulation_make(&t, pseudo, alpha, origin, seed, w, error);
    if (!status)
        status = least_chance(&chance, &t, parcel, most, w, error);
    if (!status)
        keep(out, most, chance);
    size_t low = 1, high = status || chance < parcel->confidence ? 0 : most;
    out->specimens = high;
    while (!status && low < high && out->n_sizes < DECLARED_PLAN_MAX_SIZES) {
        size_t middle = (low + high) / 2;
        status = work_progress(w, "planning", out->n_sizes, 0, error);
        if (!status)
            status = least_chance(&chance, &t, parcel, middle, w, error);
        if (status)
            break;
        keep(out, middle, chance);
        if (chance >= parcel->confidence)
            out->specimens = high = middle;
        else
            low = middle + 1;
    }
    simulation_clear(&t);
    return status;
}
