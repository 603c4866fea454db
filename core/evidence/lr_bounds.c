/* Compares the expected loss with and without the LRs, threshold by threshold. */
#include "evidence/lr_bounds.h"

#include <math.h>
#include <stdbool.h>

typedef struct cases {
    size_t n;
    const double *log_lr;
    const double *weight;
    double units;
} cases;

static double weight_of(const cases *c, size_t i)
{
    return c->weight ? c->weight[i] : 1;
}

static adamas_status count_units(cases *c, const char *kind, adamas_error *error)
{
    for (size_t i = 0; i < c->n; i++) {
        double weight = weight_of(c, i);
        if (isnan(c->log_lr[i]))
            return status_set(error, ADAMAS_E_DATA, "the LR of %s case %zu is not a number", kind, i + 1);
        if (!(weight >= 0 && isfinite(weight)))
            return status_set(error, ADAMAS_E_DATA, "the weight of %s case %zu is %g: it must be at least 0 and finite",
                              kind, i + 1, weight);
        c->units += weight;
    }
    return ADAMAS_OK;
}

/* An LR within 1e-9 (of the log10) of the threshold counts as equal to it, so that LRs such as 0.1, whose logarithm is
 * rounded, do not exceed thresholds that they equal. */
static double units_above(const cases *c, double log10_theta)
{
    double threshold = (log10_theta + 1e-9) * 2.302585092994046, sum = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->log_lr[i] > threshold)
            sum += weight_of(c, i);
    return sum;
}

/* Whether the expected loss with the LRs is not greater than without them, but for rounding. */
static bool is_useful(const cases *ss, const cases *ds, double log10_theta)
{
    double theta = pow(10, log10_theta);
    double p1 = units_above(ss, log10_theta) / (ss->units + 1);
    double p0 = (units_above(ds, log10_theta) + 1) / (ds->units + 1);
    return 1 - p1 + theta * p0 <= fmin(1, theta) * (1 + 1e-12);
}

/* The last useful threshold in steps from theta = 1. The loop ends: beyond N_ds + 1, and below 1 / (N_ss + 1), the
 * added cases alone cost more than is allowed. */
static double last_useful(const cases *ss, const cases *ds, double step)
{
    int k = 0;
    while (is_useful(ss, ds, (k + 1) * step))
        k++;
    return k * step;
}

adamas_status lr_bounds_find(double *log10_low, double *log10_high, size_t n_ss, const double *log_lr_ss,
                             const double *weight_ss, size_t n_ds, const double *log_lr_ds, const double *weight_ds,
                             adamas_error *error)
{
    cases ss = {.n = n_ss, .log_lr = log_lr_ss, .weight = weight_ss};
    cases ds = {.n = n_ds, .log_lr = log_lr_ds, .weight = weight_ds};
    *log10_low = *log10_high = 0;
    adamas_status status = count_units(&ss, "same-source", error);
    if (!status)
        status = count_units(&ds, "different-source", error);
    if (status || !is_useful(&ss, &ds, 0))
        return status;
    *log10_low = last_useful(&ss, &ds, -0.01);
    *log10_high = last_useful(&ss, &ds, 0.01);
    return ADAMAS_OK;
}
