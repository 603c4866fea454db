/* Subtracts the baseline by asymmetric least squares (Eilers & Boelens 2005): the weight is p above the baseline and
 * 1 - p below it. */
#include "preprocess/penalised.h"
#include "preprocess/steps.h"

static const step_parameter parameters[] = {
    {.name = "lam", .fallback = 1e6, .low = 1, .high = 1e12},
    {.name = "p", .fallback = 1e-2, .low = 1e-6, .high = 0.999999},
    {.name = "max_iter", .fallback = 50, .low = 0, .high = 1000, .whole = 1},
    {.name = "tol", .fallback = 1e-3, .low = 0, .high = 1},
};

static int has_converged(const penalised *p, const penalised_fit *fit, double *a, double *b)
{
    (void)fit;
    *a = p->p;
    *b = 1 - p->p;
    return 0;
}

static void reweight(const penalised_weights *weights, penalised_change *change)
{
    SIMD_WIDEST(penalised_asls, weights, change);
}

static const penalised_rule rule = {.has_converged = has_converged, .reweight = reweight, .stops_by_change = 1};

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    penalised p = {.rule = &rule,
                   .lam = values[0].number,
                   .p = values[1].number,
                   .max_iter = values[2].number,
                   .tol = values[3].number};
    return penalised_make(state, p, in, error);
}

const step asls_step = {
    .name = "asls",
    .summary = "subtracts the AsLS baseline: penalised least squares with weights p above and 1 - p below",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = penalised_scratch,
    .apply_rows = penalised_apply,
};
