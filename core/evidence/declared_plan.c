/* Finds the sample size of a declared parcel by bisection on simulated detection power. */
#include "evidence/declared_plan.h"

#include <string.h>

enum { pure_parcels = 150, parcels = 100 };

/* The least detection power over the sources that foreign specimens may have. */
static adamas_status min_detection_power(double *power, const simulation *s, const planned_parcel *parcel, size_t n,
                                         work *w, adamas_error *error)
{
    double threshold = 1;
    adamas_status status = simulation_threshold(&threshold, s, n, pure_parcels, w, error);
    *power = 1;
    for (size_t source = 0; !status && source <= s->n_origins; source++) {
        double own = 1;
        const simulation_foreign_specimens foreign = {
            .source = source, .population = parcel->specimens, .n_foreign = parcel->foreign};
        if (source == s->origin || !(s->alpha[source] > 0))
            continue;
        status = simulation_detection_power(&own, s, simulation_for_plan, n * (s->n_origins + 1) + source, n, &foreign,
                                            threshold, parcels, w, error);
        *power = own < *power ? own : *power;
    }
    return status;
}

/* Inserts a sample size, so that sizes rise. */
static void keep(declared_plan *out, size_t n, double power)
{
    size_t at = out->n_sizes++;
    for (; at > 0 && out->sample_size[at - 1] > (double)n; at--) {
        out->sample_size[at] = out->sample_size[at - 1];
        out->detection_power[at] = out->detection_power[at - 1];
    }
    out->sample_size[at] = (double)n;
    out->detection_power[at] = power;
}

adamas_status declared_plan_find(declared_plan *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                                 const planned_parcel *parcel, uint64_t seed, work *w, adamas_error *error)
{
    *out = (declared_plan){.false_alarm = SIMULATION_FALSE_ALARM};
    simulation s = {0};
    size_t max_size = parcel->specimens < SIMULATION_MAX_SPECIMENS ? parcel->specimens : SIMULATION_MAX_SPECIMENS;
    double power = 0;
    adamas_status status = work_progress(w, "planning", 0, 0, error);
    if (!status)
        status = simulation_make(&s, pseudo, alpha, origin, seed, w, error);
    if (!status)
        status = min_detection_power(&power, &s, parcel, max_size, w, error);
    if (!status)
        keep(out, max_size, power);
    size_t low = 1, high = status || power < parcel->confidence ? 0 : max_size;
    out->specimens = high;
    while (!status && low < high && out->n_sizes < DECLARED_PLAN_MAX_SIZES) {
        size_t middle = (low + high) / 2;
        status = work_progress(w, "planning", out->n_sizes, 0, error);
        if (!status)
            status = min_detection_power(&power, &s, parcel, middle, w, error);
        if (status)
            break;
        keep(out, middle, power);
        if (power >= parcel->confidence)
            out->specimens = high = middle;
        else
            low = middle + 1;
    }
    simulation_clear(&s);
    return status;
}
