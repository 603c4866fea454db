#include "evidence/parcel_sample.h"

#include "base/memory.h"
#include "evidence/parcel_gibbs.h"
#include "evidence/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const parcel_sampling parcel_sampling_default = {
    .seed = 0, .n_chains = 4, .burn_in = 1000, .n_draws = 2000, .tau_scale = 1};

static adamas_status check(const parcel_specimens *stones, const parcel_sampling *sampling, adamas_error *error)
{
    if (sampling->n_chains < 1 || sampling->n_draws < 4)
        return status_set(error, ADAMAS_E_ARGUMENT, "%zu chains of %zu draws; at least 1 of 4 are needed",
                          sampling->n_chains, sampling->n_draws);
    for (size_t i = 0; stones->mass && i < stones->n; i++)
        if (!isnan(stones->mass[i]) && !(stones->mass[i] > 0 && stones->mass[i] < INFINITY))
            return status_set(error, ADAMAS_E_DATA, "the mass of stone %zu of the parcel is %g", i + 1,
                              stones->mass[i]);
    return ADAMAS_OK;
}

static adamas_status make(parcel_posterior *p, const parcel_specimens *stones, adamas_error *error)
{
    size_t draws = p->n_chains * p->n_draws;
    bool carats = p->n_without_mass<p->n, whole = stones->n_whole> p->n;
    p->theta = memory_new(draws * p->n_shares, sizeof *p->theta);
    p->stones = memory_new(draws * p->n_shares, sizeof *p->stones);
    p->carats = carats ? memory_new(draws * p->n_shares, sizeof *p->carats) : NULL;
    p->whole = whole ? memory_new(draws * p->n_shares, sizeof *p->whole) : NULL;
    p->shift = memory_new(draws * p->n_shares * p->d, sizeof *p->shift);
    p->rho = memory_new(draws, sizeof *p->rho);
    p->sigma = memory_new(draws, sizeof *p->sigma);
    p->probability = memory_new(p->n * p->n_shares, sizeof *p->probability);
    p->by_number_summary = memory_new(p->n_shares, sizeof *p->by_number_summary);
    p->by_mass_summary = carats ? memory_new(p->n_shares, sizeof *p->by_mass_summary) : NULL;
    p->whole_parcel_summary = whole ? memory_new(p->n_shares, sizeof *p->whole_parcel_summary) : NULL;
    if (!p->theta || !p->stones || (carats && !(p->carats && p->by_mass_summary)) ||
        (whole && !(p->whole && p->whole_parcel_summary)) || !p->shift || !p->rho || !p->sigma || !p->probability ||
        !p->by_number_summary)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void keep_shifts(const parcel_gibbs *g, double *shift)
{
    size_t d = g->d;
    const double *whiten = g->model->whiten;
    for (size_t k = 0; k < g->n_shares; k++)
        for (size_t i = 0; i < d; i++) {
            double sum = 0;
            for (size_t j = 0; j <= i; j++)
                sum += whiten[i * d + j] * g->eta[k * d + j];
            shift[k * d + i] = g->alpha[k] > 0 ? g->sd[k * g->n_cells + g->cell] * sum : NAN;
        }
}

static void keep_carats(const parcel_gibbs *g, const double *mass, double *carats)
{
    double sum = 0;
    for (size_t i = 0; i < g->n; i++)
        if (!isnan(mass[i])) {
            carats[g->share_of[g->label[i]]] += mass[i];
            sum += mass[i];
        }
    for (size_t k = 0; k < g->n_shares; k++)
        carats[k] /= sum;
}

/* The stones that were not measured are of the source that theta describes. */
static void keep_whole(const parcel_gibbs *g, size_t n_whole, random_stream *r, size_t *room, double *whole)
{
    shares_draw_counts(n_whole - g->n, g->n_shares, g->share, r, room);
    for (size_t k = 0; k < g->n_shares; k++)
        whole[k] = (double)(g->count[k] + room[k]) / (double)n_whole;
}

static void keep(parcel_posterior *p, const parcel_gibbs *g, const parcel_specimens *stones, size_t draw,
                 random_stream *r, size_t *room)
{
    size_t wide = p->n_shares;
    memcpy(p->theta + draw * wide, g->share, wide * sizeof *g->share);
    for (size_t k = 0; k < wide; k++)
        p->stones[draw * wide + k] = (double)g->count[k] / (double)g->n;
    if (p->carats)
        keep_carats(g, stones->mass, p->carats + draw * wide);
    if (p->whole)
        keep_whole(g, stones->n_whole, r, room, p->whole + draw * wide);
    keep_shifts(g, p->shift + draw * wide * p->d);
    p->rho[draw] = g->rho[g->cell];
    p->sigma[draw] = g->sigma[g->cell];
    double draws = (double)(p->n_chains * p->n_draws);
    for (size_t c = 0; c < g->n_components; c++)
        for (size_t i = 0; i < g->n; i++)
            p->probability[i * wide + g->share_of[c]] += g->relative[c * g->n + i] / g->total[i] / draws;
}

/* In the first half of the burn-in of a chain that starts at random the likelihood comes in little by little, so that
 * the chain settles in a mode that has much of the probability, not in one that was near. */
static adamas_status warm_up(parcel_gibbs *g, size_t iterations, random_stream *r, work *w, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t t = 0; !status && t < iterations; t++) {
        parcel_gibbs_weigh(g, pow((double)(t + 1) / (double)iterations, 1 / 0.3));
        parcel_gibbs_step(g, r);
        if (t % parcel_gibbs_stride(g) == 0)
            status = work_check_cancelled(w, error);
    }
    return status;
}

static adamas_status run(parcel_posterior *p, parcel_gibbs *g, const parcel_specimens *stones,
                         const parcel_sampling *sampling, adamas_error *error)
{
    size_t *room = memory_new(p->n_shares, sizeof *room);
    adamas_status status = room ? ADAMAS_OK : status_no_memory(error);
    for (size_t chain = 0; !status && chain < p->n_chains; chain++) {
        random_stream r = {.seed = sampling->seed, .stream = chain};
        size_t warming = chain > 0 ? sampling->burn_in / 2 : 0;
        if (chain > 0)
            parcel_gibbs_start_prior(g, &r);
        else
            status = parcel_gibbs_start_likeliest(g, sampling->work, error);
        if (!status)
            status = warm_up(g, warming, &r, sampling->work, error);
        parcel_gibbs_weigh(g, 1);
        for (size_t t = warming; !status && t < sampling->burn_in + p->n_draws; t++) {
            parcel_gibbs_step(g, &r);
            if (t >= sampling->burn_in)
                keep(p, g, stones, chain * p->n_draws + t - sampling->burn_in, &r, room);
            if (t % parcel_gibbs_stride(g) == 0)
                status = work_check_cancelled(sampling->work, error);
        }
    }
    for (size_t i = 0; i < p->n * p->n_shares; i++) /* thousands of terms may sum to a little more than 1 */
        p->probability[i] = fmin(p->probability[i], 1);
    free(room);
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

static adamas_status fill(parcel_posterior *p, parcel_gibbs *g, const parcel_specimens *stones,
                          const parcel_sampling *sampling, adamas_error *error)
{
    for (size_t i = 0; i < p->n; i++)
        p->n_without_mass += !stones->mass || isnan(stones->mass[i]);
    adamas_status status = make(p, stones, error);
    if (!status)
        status = run(p, g, stones, sampling, error);
    if (!status)
        status = summarise(p, p->stones, p->by_number_summary, sampling->work, error);
    if (!status)
        status = summarise(p, p->carats, p->by_mass_summary, sampling->work, error);
    return status ? status : summarise(p, p->whole, p->whole_parcel_summary, sampling->work, error);
}

adamas_status parcel_sample(parcel_posterior *out, const parcel_model *model, const parcel_specimens *stones,
                            const double *alpha, const parcel_sampling *sampling, adamas_error *error)
{
    *out = (parcel_posterior){0};
    parcel_gibbs g;
    parcel_posterior p = {.n = stones->n,
                          .d = model->d,
                          .n_shares = model->n_origins + 1,
                          .n_chains = sampling->n_chains,
                          .n_draws = sampling->n_draws};
    adamas_status status = check(stones, sampling, error);
    if (!status)
        status = parcel_gibbs_new(&g, model, stones->n, stones->rows, alpha, sampling->tau_scale, error);
    if (status)
        return status;
    status = fill(&p, &g, stones, sampling, error);
    parcel_gibbs_free(&g);
    if (status)
        parcel_posterior_free(&p);
    *out = p;
    return status;
}

void parcel_posterior_free(parcel_posterior *p)
{
    free(p->theta);
    free(p->stones);
    free(p->carats);
    free(p->whole);
    free(p->shift);
    free(p->rho);
    free(p->sigma);
    free(p->probability);
    free(p->by_number_summary);
    free(p->by_mass_summary);
    free(p->whole_parcel_summary);
    *p = (parcel_posterior){0};
}
