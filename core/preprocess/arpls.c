/* Subtracts the baseline by asymmetrically reweighted penalised least squares (Baek, Park, Ahn & Choo 2015): the
 * weights are a logistic function of the residual, placed by the mean and the spread of the residuals below the
 * baseline. */
#include "preprocess/penalised.h"
#include "preprocess/steps.h"

#include <math.h>

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 1e5, .low = 1, .high = 1e12},
    {.name = "max_iter", .fallback = 50, .low = 0, .high = 1000, .whole = 1},
    {.name = "tol", .fallback = 1e-3, .low = 0, .high = 1},
};

/* w = 1 / (1 + exp(2 (d - (2 s - m)) / s)). */
static int has_converged(const penalised *p, const penalised_fit *fit, double *a, double *b)
{
    (void)p;
    double n = fit->n_negative;
    if (!(n >= 2))
        return 1;
    double mean = fit->sum_negative / n, variance = (fit->squares_negative - mean * fit->sum_negative) / (n - 1);
    double sd = sqrt(fmax(variance, 1e-60));
    *a = 2 / sd;
    *b = 2 * sd - mean;
    return 0;
}

static void reweight(const penalised_weights *weights, penalised_change *change)
{
    SIMD_WIDEST(penalised_arpls, weights, change);
}

static const penalised_rule rule = {.has_converged = has_converged, .reweight = reweight, .stops_by_change = 1};

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    penalised p = {.rule = &rule, .lam = values[0].number, .max_iter = values[1].number, .tol = values[2].number};
    return penalised_make(state, p, in, error);
}

const step arpls_step = {
    .name = "arpls",
    .summary = "subtracts the arPLS baseline: penalised least squares with logistic weights",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = penalised_scratch,
    .apply_rows = penalised_apply,
};
