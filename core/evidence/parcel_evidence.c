#include "evidence/parcel_evidence.h"

#include "base/memory.h"
#include "evidence/parcel_gibbs.h"

#include <math.h>
#include <stdlib.h>

const parcel_stepping parcel_stepping_default = {
    .seed = 0, .n_steps = 24, .n_runs = 4, .burn_in = 100, .n_draws = 400, .tau_scale = 1};

/* Powers lie close together near 0, where the target changes fastest: quantiles of a beta(0.3, 1) law. */
static double power(const parcel_stepping *s, size_t step)
{
    return pow((double)step / (double)s->n_steps, 1 / 0.3);
}

/* Iterations that are not kept. */
static adamas_status burn_in(parcel_gibbs *g, const parcel_stepping *s, random_stream *r, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t t = 0; !status && t < s->burn_in; t++) {
        parcel_gibbs_step(g, r);
        if (t % parcel_gibbs_stride(g) == 0)
            status = work_check_cancelled(s->work, error);
    }
    return status;
}

/* From one stone to the next: the log of the mean of (likelihood at the next power / likelihood at this one), labels
 * summed out, over draws at this one. */
static adamas_status step_up(double *rise_by, parcel_gibbs *g, const parcel_stepping *s, size_t step, random_stream *r,
                             adamas_error *error)
{
    double greatest = -INFINITY, sum = 0, next = power(s, step + 1);
    parcel_gibbs_weigh(g, power(s, step));
    adamas_status status = burn_in(g, s, r, error);
    for (size_t t = 0; !status && t < s->n_draws; t++) {
        parcel_gibbs_step(g, r);
        double rise = parcel_gibbs_rise(g, next);
        sum = rise > greatest ? sum * exp(greatest - rise) + 1 : sum + exp(rise - greatest);
        greatest = fmax(greatest, rise);
        if (t % parcel_gibbs_stride(g) == 0)
            status = work_check_cancelled(s->work, error);
    }
    *rise_by = greatest + log(sum / (double)s->n_draws);
    return status;
}

/* log_ratio[n_runs, n_steps]: the estimate takes the mean over runs at each step, the error the spread of the runs. */
static parcel_log_estimate combine(const parcel_stepping *s, const double *log_ratio)
{
    parcel_log_estimate result = {0, 0};
    double runs = (double)s->n_runs, mean = 0, squares = 0;
    for (size_t step = 0; step < s->n_steps; step++) {
        double greatest = -INFINITY, sum = 0;
        for (size_t run = 0; run < s->n_runs; run++)
            greatest = fmax(greatest, log_ratio[run * s->n_steps + step]);
        for (size_t run = 0; run < s->n_runs; run++)
            sum += exp(log_ratio[run * s->n_steps + step] - greatest);
        result.value += greatest + log(sum / runs);
    }
    for (size_t run = 0; run < s->n_runs; run++) {
        double own = 0;
        for (size_t step = 0; step < s->n_steps; step++)
            own += log_ratio[run * s->n_steps + step];
        double away = own - mean; /* Welford's update of mean and squares */
        mean += away / (double)(run + 1);
        squares += away * (own - mean);
    }
    result.error = sqrt(squares / (runs - 1) / runs);
    return result;
}

/* Runs use the random streams first_stream, first_stream + 1, ... */
static adamas_status find(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *stones,
                          const double *alpha, const parcel_stepping *s, size_t first_stream, adamas_error *error)
{
    *out = (parcel_log_estimate){NAN, NAN};
    if (s->n_steps < 1 || s->n_runs < 2 || s->n_draws < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "%zu runs of %zu steps of %zu draws; at least 2, 1 and 1",
                          s->n_runs, s->n_steps, s->n_draws);
    parcel_gibbs g;
    adamas_status status = parcel_gibbs_new(&g, model, stones->n, stones->rows, alpha, s->tau_scale, error);
    if (status)
        return status;
    double *log_ratio = memory_new(s->n_runs * s->n_steps, sizeof *log_ratio);
    if (!log_ratio)
        status = status_no_memory(error);
    for (size_t run = 0; !status && run < s->n_runs; run++) {
        random_stream r = {.seed = s->seed, .stream = first_stream + run};
        parcel_gibbs_start_prior(&g, &r);
        for (size_t step = 0; !status && step < s->n_steps; step++)
            status = step_up(&log_ratio[run * s->n_steps + step], &g, s, step, &r, error);
    }
    if (!status)
        *out = combine(s, log_ratio);
    free(log_ratio);
    parcel_gibbs_free(&g);
    return status;
}

adamas_status parcel_log_marginal(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *stones,
                                  const double *alpha, const parcel_stepping *stepping, adamas_error *error)
{
    return find(out, model, stones, alpha, stepping, 0, error);
}

adamas_status parcel_log_lr(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *stones,
                            const double *alpha_1, const double *alpha_2, const parcel_stepping *stepping,
                            adamas_error *error)
{
    parcel_log_estimate first, second;
    *out = (parcel_log_estimate){NAN, NAN};
    adamas_status status = find(&first, model, stones, alpha_1, stepping, 0, error);
    if (!status)
        status = find(&second, model, stones, alpha_2, stepping, stepping->n_runs, error);
    if (!status)
        *out = (parcel_log_estimate){first.value - second.value, hypot(first.error, second.error)};
    return status;
}
