/* The composition of a parcel: the share of each origin among its specimens, by simulation from the posterior. */
#include "classification/composition.h"

#include "base/memory.h"
#include "training/parcel_reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

adamas_status measured_parcel_make(measured_parcel *out, const specimen_results *v, const controls *s, size_t n_whole,
                                   adamas_error *error)
{
    size_t all = v->n_specimens, n_origins = v->n_origins;
    *out = (measured_parcel){.d = n_origins - 1};
    out->specimen = memory_raw(all, sizeof *out->specimen);
    out->rows = memory_raw(all, out->d * sizeof *out->rows);
    out->mass = memory_raw(all, sizeof *out->mass);
    if (!out->specimen || !out->rows || !out->mass) {
        measured_parcel_clear(out);
        return status_no_memory(error);
    }
    int any_mass = 0;
    for (size_t k = 0; k < all; k++) {
        if (!specimen_results_is_evaluated(v, k) || controls_has(s, k))
            continue;
        parcel_features(n_origins, v->log_density + k * n_origins, out->rows + out->n * out->d);
        out->mass[out->n] = v->mass_ct ? v->mass_ct[k] : NAN;
        any_mass = any_mass || isfinite(out->mass[out->n]);
        out->specimen[out->n++] = k;
    }
    out->measured = (parcel_specimens){.n = out->n,
                                       .n_whole = n_whole > out->n ? n_whole : out->n,
                                       .rows = out->rows,
                                       .mass = any_mass ? out->mass : NULL};
    return ADAMAS_OK;
}

void measured_parcel_clear(measured_parcel *p)
{
    free(p->specimen);
    free(p->rows);
    free(p->mass);
    *p = (measured_parcel){0};
}

/* Chains that do not agree go on for ten times as long. */
static adamas_status sample(parcel_posterior *post, const measured_parcel *p, const parcel_reference *g, work *w,
                            adamas_error *error)
{
    static const double max_r_hat = 1.05;
    parcel_sampling sampling = parcel_sampling_default;
    sampling.seed = w->seed;
    sampling.work = w;
    adamas_status status = work_progress(w, "sampling the composition", 0, 0, error);
    if (!status)
        status = parcel_sample(post, &g->model, &p->measured, g->alpha, &sampling, error);
    int agree = 1;
    for (size_t i = 0; !status && i < post->n_shares; i++)
        agree = agree && post->by_number_summary[i].r_hat <= max_r_hat;
    if (status || agree)
        return status;
    parcel_posterior_free(post);
    sampling.burn_in *= 10;
    sampling.n_draws *= 10;
    status = work_progress(w, "sampling the composition again", 0, 0, error);
    return status ? status : parcel_sample(post, &g->model, &p->measured, g->alpha, &sampling, error);
}

/* The means of the shares with unknown origins supposed nearer to the library's (tau_scale < 1), or further off. */
static adamas_status sample_at_tau(double *means, const measured_parcel *p, const parcel_reference *g, double tau_scale,
                                   work *w, adamas_error *error)
{
    parcel_sampling sampling = parcel_sampling_default;
    parcel_posterior other;
    sampling.seed = w->seed;
    sampling.tau_scale = tau_scale;
    sampling.work = w;
    adamas_status status = parcel_sample(&other, &g->model, &p->measured, g->alpha, &sampling, error);
    if (status)
        return status;
    for (size_t i = 0; i < other.n_shares; i++)
        means[i] = other.by_number_summary[i].mean;
    parcel_posterior_free(&other);
    return ADAMAS_OK;
}

static adamas_status find_sensitivity(composition *out, const measured_parcel *p, const parcel_reference *g, work *w,
                                      adamas_error *error)
{
    double *means = memory_raw(out->n_shares, sizeof *means);
    adamas_status status = means ? sample_at_tau(means, p, g, 1.0 / 3, w, error) : status_no_memory(error);
    for (size_t i = 0; !status && i < out->n_shares; i++)
        out->shares[i].tau_third = means[i];
    if (!status)
        status = sample_at_tau(means, p, g, 3, w, error);
    for (size_t i = 0; !status && i < out->n_shares; i++)
        out->shares[i].tau_triple = means[i];
    free(means);
    return status;
}

static void copy_shares(composition *out, const parcel_posterior *post, const parcel_reference *g)
{
    for (size_t i = 0; i < out->n_shares; i++) {
        composition_share *s = &out->shares[i];
        s->alpha = g->alpha[i];
        s->by_number = post->by_number_summary[i];
        if (out->has_carats)
            s->by_mass = post->by_mass_summary[i];
        if (out->has_whole)
            s->whole_parcel = post->whole_parcel_summary[i];
    }
}

static void copy_posterior(composition *out, const parcel_posterior *post, const measured_parcel *p, size_t n_specimens)
{
    size_t n = out->n_shares;
    for (size_t i = 0; i < n_specimens * n; i++)
        out->posterior[i] = NAN;
    for (size_t i = 0; i < p->n; i++)
        memcpy(out->posterior + p->specimen[i] * n, post->probability + i * n, n * sizeof *out->posterior);
}

static adamas_status describe(composition *out, const parcel_posterior *post, const measured_parcel *p,
                              const parcel_reference *g, size_t n_specimens, adamas_error *error)
{
    const parcel_model *m = &g->model;
    *out = (composition){.n_shares = post->n_shares,
                         .has_carats = post->by_mass_summary != NULL,
                         .has_whole = post->whole_parcel_summary != NULL,
                         .n_measured = p->n,
                         .n_whole = p->measured.n_whole,
                         .n_without_mass = post->n_without_mass,
                         .n_chains = post->n_chains,
                         .n_draws = post->n_draws,
                         .rho = m->ratio.rho_known ? m->ratio.rho_mean : NAN,
                         .sigma = m->ratio.sigma_known ? m->ratio.sigma_mean : NAN,
                         .tau = m->tau,
                         .likelihood_power = m->likelihood_power};
    out->shares = memory_new(out->n_shares, sizeof *out->shares);
    out->posterior = memory_raw(n_specimens, out->n_shares * sizeof *out->posterior);
    if (!out->shares || !out->posterior)
        return status_no_memory(error);
    copy_shares(out, post, g);
    copy_posterior(out, post, p, n_specimens);
    return ADAMAS_OK;
}

adamas_status composition_find(composition *out, parcel_posterior *post, const measured_parcel *p,
                               const parcel_reference *g, size_t n_specimens, work *w, adamas_error *error)
{
    adamas_status status = sample(post, p, g, w, error);
    if (status)
        return status;
    status = describe(out, post, p, g, n_specimens, error);
    if (!status)
        status = find_sensitivity(out, p, g, w, error);
    if (status) {
        composition_clear(out);
        parcel_posterior_free(post);
    }
    return status;
}

void composition_clear(composition *c)
{
    free(c->shares);
    free(c->posterior);
    *c = (composition){0};
}
