/* Subtracts the baseline by adaptive iteratively reweighted penalised least squares (Zhang, Chen & Liang 2010): the
 * weight is 0 above the baseline; below it, it grows exponentially with the residual and with the iteration. */
#include "preprocess/penalised.h"
#include "preprocess/steps.h"

#include <math.h>

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 1e6, .low = 1, .high = 1e12},
    {.name = "max_iter", .fallback = 50, .low = 0, .high = 1000, .whole = 1},
    {.name = "tol", .fallback = 1e-3, .low = 0, .high = 1},
};

/* w = exp(t d / sum of d), d < 0 in the sum: at most e^t. Converged if the residuals below the baseline sum to
 * little. */
static int has_converged(const penalised *p, const penalised_fit *fit, double *a, double *b)
{
    *a = fmax((double)fit->iteration / fit->sum_negative, -1e30);
    *b = 0;
    return !(fit->n_negative >= 2) || -fit->sum_negative < p->tol * fit->sum_of_magnitudes;
}

static void reweight(const penalised_weights *weights, penalised_change *change)
{
    SIMD_WIDEST(penalised_airpls, weights, change);
}

static const penalised_rule rule = {.has_converged = has_converged, .reweight = reweight};

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    penalised p = {.rule = &rule, .lam = values[0].number, .max_iter = values[1].number, .tol = values[2].number};
    return penalised_make(state, p, in, error);
}

const step airpls_step = {
    .name = "airpls",
    .summary = "subtracts the airPLS baseline: penalised least squares with exponential weights below it",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = penalised_scratch,
    .apply_rows = penalised_apply,
};
