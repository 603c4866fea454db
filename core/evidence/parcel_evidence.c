/* Stepping-stone sampling of the marginal likelihood of a parcel. */
#include "evidence/parcel_evidence.h"

#include "base/memory.h"
#include "evidence/parcel_gibbs.h"

#include <math.h>
#include <stdlib.h>

const parcel_stepping parcel_stepping_default = {
    .seed = 0, .n_steps = 24, .n_runs = 4, .burn_in = 100, .n_draws = 400, .tau_scale = 1};

/* The values lie close together near 0, where the power posterior changes fastest: quantiles of beta(0.3, 1), as Xie et
 * al. recommend. */
static double beta_at(const parcel_stepping *s, size_t step)
{
    return pow((double)step / (double)s->n_steps, 1 / 0.3);
}

static adamas_status burn_in(parcel_state *state, const parcel_stepping *s, random_stream *r, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t t = 0; !status && t < s->burn_in; t++) {
        parcel_gibbs_step(state, r);
        if (t % parcel_state_poll_stride(state) == 0)
            status = work_check_cancelled(s->work, error);
    }
    return status;
}

/* *out: the log of the mean, over draws at this beta, of the ratio of the likelihood at the next beta to that at this
 * one, labels summed out. */
static adamas_status find_step(double *out, parcel_state *state, const parcel_stepping *s, size_t step,
                               random_stream *r, adamas_error *error)
{
    double greatest = -INFINITY, sum = 0, next = beta_at(s, step + 1);
    parcel_state_update(state, beta_at(s, step));
    adamas_status status = burn_in(state, s, r, error);
    for (size_t t = 0; !status && t < s->n_draws; t++) {
        parcel_gibbs_step(state, r);
        double ratio = parcel_state_log_likelihood_ratio(state, next, state->log_density, state->log_weight);
        sum = ratio > greatest ? sum * exp(greatest - ratio) + 1 : sum + exp(ratio - greatest);
        greatest = fmax(greatest, ratio);
        if (t % parcel_state_poll_stride(state) == 0)
            status = work_check_cancelled(s->work, error);
    }
    *out = greatest + log(sum / (double)s->n_draws);
    return status;
}

/* log_ratio[n_runs, n_steps]. The estimate is from the mean over runs at each step, the error from the spread of the
 * runs. */
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

adamas_status parcel_log_marginal(parcel_log_estimate *out, const parcel_model *model,
                                  const parcel_specimens *specimens, const double *alpha, const parcel_stepping *s,
                                  adamas_error *error)
{
    *out = (parcel_log_estimate){NAN, NAN};
    if (s->n_steps < 1 || s->n_runs < 2 || s->n_draws < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "%zu runs of %zu steps of %zu draws; at least 2, 1 and 1",
                          s->n_runs, s->n_steps, s->n_draws);
    parcel_state state;
    adamas_status status = parcel_state_new(&state, model, specimens->n, specimens->rows, alpha, s->tau_scale, error);
    if (status)
        return status;
    double *log_ratio = memory_new(s->n_runs * s->n_steps, sizeof *log_ratio);
    if (!log_ratio)
        status = status_no_memory(error);
    for (size_t run = 0; !status && run < s->n_runs; run++) {
        random_stream r = {.seed = s->seed, .stream = s->first_stream + run};
        parcel_gibbs_start_prior(&state, &r);
        for (size_t step = 0; !status && step < s->n_steps; step++)
            status = find_step(&log_ratio[run * s->n_steps + step], &state, s, step, &r, error);
    }
    if (!status)
        *out = combine(s, log_ratio);
    free(log_ratio);
    parcel_state_free(&state);
    return status;
}

parcel_log_estimate parcel_log_ratio(parcel_log_estimate numerator, parcel_log_estimate denominator)
{
    return (parcel_log_estimate){numerator.value - denominator.value, hypot(numerator.error, denominator.error)};
}

adamas_status parcel_log_lr(parcel_log_estimate *out, const parcel_model *model, const parcel_specimens *specimens,
                            const double *alpha_1, const double *alpha_2, const parcel_stepping *stepping,
                            adamas_error *error)
{
    parcel_log_estimate first, second;
    parcel_stepping later = *stepping;
    later.first_stream += stepping->n_runs;
    *out = (parcel_log_estimate){NAN, NAN};
    adamas_status status = parcel_log_marginal(&first, model, specimens, alpha_1, stepping, error);
    if (!status)
        status = parcel_log_marginal(&second, model, specimens, alpha_2, &later, error);
    if (!status)
        *out = parcel_log_ratio(first, second);
    return status;
}
