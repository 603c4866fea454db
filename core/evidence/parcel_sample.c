/* Runs the chains of a parcel, keeps their draws and summarises them. */
#include "evidence/parcel_sample.h"

#include "base/memory.h"
#include "evidence/parcel_gibbs.h"
#include "evidence/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const parcel_sampling parcel_sampling_default = {
    .seed = 0, .n_chains = 4, .burn_in = 1000, .n_draws = 2000, .tau_scale = 1};

static adamas_status check(const parcel_specimens *specimens, const parcel_sampling *sampling, adamas_error *error)
{
    if (sampling->n_chains < 1 || sampling->n_draws < 4)
        return status_set(error, ADAMAS_E_ARGUMENT, "%zu chains of %zu draws; at least 1 of 4 are needed",
                          sampling->n_chains, sampling->n_draws);
    for (size_t i = 0; specimens->mass && i < specimens->n; i++)
        if (!isnan(specimens->mass[i]) && !(specimens->mass[i] > 0 && specimens->mass[i] < INFINITY))
            return status_set(error, ADAMAS_E_DATA, "the mass of specimen %zu of the parcel is %g", i + 1,
                              specimens->mass[i]);
    return ADAMAS_OK;
}

static adamas_status make(parcel_posterior *p, const parcel_specimens *specimens, adamas_error *error)
{
    size_t draws = p->n_chains * p->n_draws;
    bool has_mass = p->n_without_mass < p->n;
    bool is_partial = specimens->n_whole > p->n;
    p->theta = memory_new(draws * p->n_shares, sizeof *p->theta);
    p->by_number = memory_new(draws * p->n_shares, sizeof *p->by_number);
    p->by_mass = has_mass ? memory_new(draws * p->n_shares, sizeof *p->by_mass) : NULL;
    p->whole_parcel = is_partial ? memory_new(draws * p->n_shares, sizeof *p->whole_parcel) : NULL;
    p->shift = memory_new(draws * p->n_shares * p->d, sizeof *p->shift);
    p->rho = memory_new(draws, sizeof *p->rho);
    p->sigma = memory_new(draws, sizeof *p->sigma);
    p->probability = memory_new(p->n * p->n_shares, sizeof *p->probability);
    p->by_number_summary = memory_new(p->n_shares, sizeof *p->by_number_summary);
    p->by_mass_summary = has_mass ? memory_new(p->n_shares, sizeof *p->by_mass_summary) : NULL;
    p->whole_parcel_summary = is_partial ? memory_new(p->n_shares, sizeof *p->whole_parcel_summary) : NULL;
    if (!p->theta || !p->by_number || (has_mass && !(p->by_mass && p->by_mass_summary)) ||
        (is_partial && !(p->whole_parcel && p->whole_parcel_summary)) || !p->shift || !p->rho || !p->sigma ||
        !p->probability || !p->by_number_summary)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void keep_shifts(const parcel_state *s, double *shift)
{
    size_t d = s->d;
    const double *whiten = s->model->whiten;
    for (size_t k = 0; k < s->n_shares; k++)
        for (size_t i = 0; i < d; i++) {
            double sum = 0;
            for (size_t j = 0; j <= i; j++)
                sum += whiten[i * d + j] * s->eta[k * d + j];
            shift[k * d + i] = s->alpha[k] > 0 ? parcel_state_sd(s, k) * sum : NAN;
        }
}

static void keep_by_mass(const parcel_state *s, const double *mass, double *out)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!isnan(mass[i])) {
            out[s->origin_of[s->label[i]]] += mass[i];
            sum += mass[i];
        }
    for (size_t k = 0; k < s->n_shares; k++)
        out[k] /= sum;
}

/* The specimens that were not measured are draws from the source that theta describes. */
static void keep_whole_parcel(const parcel_state *s, size_t n_whole, random_stream *r, size_t *unmeasured, double *out)
{
    shares_draw_counts(n_whole - s->n, s->n_shares, s->theta, r, unmeasured);
    for (size_t k = 0; k < s->n_shares; k++)
        out[k] = (double)(s->count[k] + unmeasured[k]) / (double)n_whole;
}

static void keep(parcel_posterior *p, const parcel_state *s, const parcel_specimens *specimens, size_t draw,
                 random_stream *r, size_t *unmeasured)
{
    size_t n_shares = p->n_shares;
    memcpy(p->theta + draw * n_shares, s->theta, n_shares * sizeof *s->theta);
    for (size_t k = 0; k < n_shares; k++)
        p->by_number[draw * n_shares + k] = (double)s->count[k] / (double)s->n;
    if (p->by_mass)
        keep_by_mass(s, specimens->mass, p->by_mass + draw * n_shares);
    if (p->whole_parcel)
        keep_whole_parcel(s, specimens->n_whole, r, unmeasured, p->whole_parcel + draw * n_shares);
    keep_shifts(s, p->shift + draw * n_shares * p->d);
    p->rho[draw] = s->rho[s->cell];
    p->sigma[draw] = s->sigma[s->cell];
    double draws = (double)(p->n_chains * p->n_draws);
    for (size_t c = 0; c < s->n_components; c++)
        for (size_t i = 0; i < s->n; i++)
            p->probability[i * n_shares + s->origin_of[c]] += s->responsibility[c * s->n + i] / s->total[i] / draws;
}

/* The first half of the burn-in of a chain that starts at random: the power of the likelihood rises from 0 to 1, so
 * that the chain settles in a mode of much probability rather than in the nearest one. */
static adamas_status warm_up(parcel_state *s, size_t iterations, random_stream *r, work *w, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t t = 0; !status && t < iterations; t++) {
        parcel_state_update(s, pow((double)(t + 1) / (double)iterations, 1 / 0.3));
        parcel_gibbs_step(s, r);
        if (t % parcel_state_poll_stride(s) == 0)
            status = work_check_cancelled(w, error);
    }
    return status;
}

static adamas_status run(parcel_posterior *p, parcel_state *s, const parcel_specimens *specimens,
                         const parcel_sampling *sampling, adamas_error *error)
{
    size_t *unmeasured = memory_new(p->n_shares, sizeof *unmeasured);
    adamas_status status = unmeasured ? ADAMAS_OK : status_no_memory(error);
    for (size_t chain = 0; !status && chain < p->n_chains; chain++) {
        random_stream r = {.seed = sampling->seed, .stream = chain};
        size_t warming = chain > 0 ? sampling->burn_in / 2 : 0;
        if (chain > 0)
            parcel_gibbs_start_prior(s, &r);
        else
            status = parcel_gibbs_start_maximum_likelihood(s, sampling->work, error);
        if (!status)
            status = warm_up(s, warming, &r, sampling->work, error);
        parcel_state_update(s, 1);
        for (size_t t = warming; !status && t < sampling->burn_in + p->n_draws; t++) {
            parcel_gibbs_step(s, &r);
            if (t >= sampling->burn_in)
                keep(p, s, specimens, chain * p->n_draws + t - sampling->burn_in, &r, unmeasured);
            if (t % parcel_state_poll_stride(s) == 0)
                status = work_check_cancelled(sampling->work, error);
        }
    }
    for (size_t i = 0; i < p->n * p->n_shares; i++) /* thousands of terms may sum to a little more than 1 */
        p->probability[i] = fmin(p->probability[i], 1);
    free(unmeasured);
    return status;
}

static adamas_status summarise(const parcel_posterior *p, const double *share, chains_summary *summary, work *w,
                               adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; summary && !status && k < p->n_shares; k++) {
        status = chains_summarise(summary + k, p->n_chains, p->n_draws, share + k, p->n_shares, error);
        if (!status)
            status = work_check_cancelled(w, error);
    }
    return status;
}

static adamas_status fill(parcel_posterior *p, parcel_state *s, const parcel_specimens *specimens,
                          const parcel_sampling *sampling, adamas_error *error)
{
    for (size_t i = 0; i < p->n; i++)
        p->n_without_mass += !specimens->mass || isnan(specimens->mass[i]);
    adamas_status status = make(p, specimens, error);
    if (!status)
        status = run(p, s, specimens, sampling, error);
    if (!status)
        status = summarise(p, p->by_number, p->by_number_summary, sampling->work, error);
    if (!status)
        status = summarise(p, p->by_mass, p->by_mass_summary, sampling->work, error);
    return status ? status : summarise(p, p->whole_parcel, p->whole_parcel_summary, sampling->work, error);
}

adamas_status parcel_sample(parcel_posterior *out, const parcel_model *model, const parcel_specimens *specimens,
                            const double *alpha, const parcel_sampling *sampling, adamas_error *error)
{
    *out = (parcel_posterior){0};
    parcel_state s;
    parcel_posterior p = {.n = specimens->n,
                          .d = model->d,
                          .n_shares = model->n_origins + 1,
                          .n_chains = sampling->n_chains,
                          .n_draws = sampling->n_draws};
    adamas_status status = check(specimens, sampling, error);
    if (!status)
        status = parcel_state_new(&s, model, specimens->n, specimens->rows, alpha, sampling->tau_scale, error);
    if (status)
        return status;
    status = fill(&p, &s, specimens, sampling, error);
    parcel_state_free(&s);
    if (status)
        parcel_posterior_free(&p);
    *out = p;
    return status;
}

void parcel_posterior_free(parcel_posterior *p)
{
    free(p->theta);
    free(p->by_number);
    free(p->by_mass);
    free(p->whole_parcel);
    free(p->shift);
    free(p->rho);
    free(p->sigma);
    free(p->probability);
    free(p->by_number_summary);
    free(p->by_mass_summary);
    free(p->whole_parcel_summary);
    *p = (parcel_posterior){0};
}
