#include "training/parcel_features.h"

#include "base/memory.h"
#include "base/text.h"
#include "evidence/declared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Everything that is asked of one parcel, while it is weighed. */
typedef struct weighing {
    result *out;
    const parcel_reference *g;
    const specimen_results *v;
    const dataset *c;
    const parcel_question *q;
    work *w;
    size_t n, d;
    size_t *specimen; /* [n]: the stones that are weighed: judged, and no controls */
    double *rows;     /* [n, d] */
    double *mass;     /* [n] */
    parcel_specimens stones;
} weighing;

static int is_weighed(const weighing *p, size_t k)
{
    return p->v->shots[k] > 0 && !*dataset_text(p->c, k, "control");
}

static double mass_of(const dataset *c, size_t k)
{
    size_t set = dataset_set(c, k);
    const adamas_column *mass = table_column(&c->sets[set]->specimens, "mass_ct");
    return mass && mass->number ? mass->number[k - c->set_first[set]] : NAN;
}

static adamas_status gather(weighing *p, adamas_error *error)
{
    size_t all = p->v->n_specimens, n_origins = p->v->n_origins;
    p->d = p->g->library.d;
    p->specimen = memory_raw(all, sizeof *p->specimen);
    p->rows = memory_raw(all, p->d * sizeof *p->rows);
    p->mass = memory_raw(all, sizeof *p->mass);
    if (!p->specimen || !p->rows || !p->mass)
        return status_no_memory(error);
    int weighed = 0;
    for (size_t k = 0; k < all; k++) {
        if (!is_weighed(p, k))
            continue;
        parcel_features(n_origins, p->v->log_density + k * n_origins, p->rows + p->n * p->d);
        p->mass[p->n] = mass_of(p->c, k);
        weighed = weighed || isfinite(p->mass[p->n]);
        p->specimen[p->n++] = k;
    }
    p->stones = (parcel_specimens){.n = p->n,
                                   .n_whole = p->q->whole > p->n ? p->q->whole : p->n,
                                   .rows = p->rows,
                                   .mass = weighed ? p->mass : NULL};
    return ADAMAS_OK;
}

/* A column for the specimens' table, NaN where a specimen is not weighed. */
static adamas_status put_specimens(const weighing *p, const char *what, const char *origin, const double *values,
                                   size_t stride, adamas_error *error)
{
    size_t all = p->v->n_specimens;
    text name = {0};
    double *column = memory_raw(all, sizeof *column);
    text_append(&name, "%s%s", what, origin);
    adamas_status status = column && !name.failed ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < all; k++)
        column[k] = NAN;
    for (size_t i = 0; !status && i < p->n; i++)
        column[p->specimen[i]] = values[i * stride];
    if (!status)
        status = table_set_numbers(&p->out->tables[ADAMAS_SPECIMENS], name.at, all, column, error);
    text_clear(&name);
    free(column);
    return status;
}

static const char none_of_these[] = "none of these";

static const char *share_name(const weighing *p, size_t share)
{
    return share < p->v->n_origins ? p->q->origins[share] : none_of_these;
}

static adamas_status put_places(const weighing *p, adamas_error *error)
{
    double *place = memory_raw(p->n, 2 * sizeof *place);
    if (!place)
        return status_no_memory(error);
    for (size_t i = 0; i < p->n; i++)
        parcel_plane_coordinates(p->g, p->rows + i * p->d, place + 2 * i);
    adamas_status status = put_specimens(p, "plane/1", "", place, 2, error);
    if (!status && p->d > 1)
        status = put_specimens(p, "plane/2", "", place + 1, 2, error);
    free(place);
    return status;
}

typedef struct summary_columns {
    const char *mean, *low, *high;
} summary_columns;

static adamas_status put_summary(table *t, const summary_columns *called, const chains_summary *s, size_t n,
                                 double *column, adamas_error *error)
{
    if (!s)
        return ADAMAS_OK;
    for (size_t i = 0; i < n; i++)
        column[i] = s[i].mean;
    adamas_status status = table_set_numbers(t, called->mean, n, column, error);
    for (size_t i = 0; i < n; i++)
        column[i] = s[i].low;
    if (!status)
        status = table_set_numbers(t, called->low, n, column, error);
    for (size_t i = 0; i < n; i++)
        column[i] = s[i].high;
    return status ? status : table_set_numbers(t, called->high, n, column, error);
}

static adamas_status put_chains(table *t, const chains_summary *s, size_t n, double *column, adamas_error *error)
{
    for (size_t i = 0; i < n; i++)
        column[i] = s[i].r_hat;
    adamas_status status = table_set_numbers(t, "r_hat", n, column, error);
    for (size_t i = 0; i < n; i++)
        column[i] = s[i].effective;
    return status ? status : table_set_numbers(t, "effective", n, column, error);
}

/* The same composition with strangers thought nearer to the library's origins, or further off. */
static adamas_status put_sensitivity(const weighing *p, const char *name, double tau_scale, double *column,
                                     adamas_error *error)
{
    parcel_sampling sampling = parcel_sampling_default;
    parcel_posterior other;
    sampling.seed = p->w->seed;
    sampling.tau_scale = tau_scale;
    sampling.work = p->w;
    adamas_status status = parcel_sample(&other, &p->g->model, &p->stones, p->g->alpha, &sampling, error);
    if (status)
        return status;
    for (size_t i = 0; i < other.n_shares; i++)
        column[i] = other.by_number_summary[i].mean;
    status = table_set_numbers(&p->out->tables[ADAMAS_SHARES], name, other.n_shares, column, error);
    parcel_posterior_free(&other);
    return status;
}

static adamas_status put_shares(const weighing *p, const parcel_posterior *post, adamas_error *error)
{
    static const summary_columns stones = {"mean", "low", "high"},
                                 carats = {"carats_mean", "carats_low", "carats_high"},
                                 whole = {"whole_mean", "whole_low", "whole_high"};
    table *t = &p->out->tables[ADAMAS_SHARES];
    size_t n = post->n_shares;
    const char **labels = memory_raw(n, sizeof *labels);
    double *column = memory_raw(n, sizeof *column);
    adamas_status status = labels && column ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++)
        labels[i] = share_name(p, i);
    if (!status)
        status = table_set_text(t, "origin", n, labels, error);
    if (!status)
        status = table_set_numbers(t, "alpha", n, p->g->alpha, error);
    if (!status)
        status = put_summary(t, &stones, post->by_number_summary, n, column, error);
    if (!status)
        status = put_chains(t, post->by_number_summary, n, column, error);
    if (!status)
        status = put_summary(t, &carats, post->by_mass_summary, n, column, error);
    if (!status)
        status = put_summary(t, &whole, post->whole_parcel_summary, n, column, error);
    if (!status)
        status = put_sensitivity(p, "tau_third", 1.0 / 3, column, error);
    if (!status)
        status = put_sensitivity(p, "tau_triple", 3, column, error);
    free(labels);
    free(column);
    return status;
}

typedef struct named_number {
    const char *name;
    double value;
} named_number;

static adamas_status put_numbers(result *out, size_t n, const named_number *numbers, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++)
        status = result_number(out, numbers[i].name, numbers[i].value, error);
    return status;
}

static adamas_status put_composition(const weighing *p, const parcel_posterior *post, adamas_error *error)
{
    const parcel_model *m = &p->g->model;
    const named_number numbers[] = {{"parcel/stones", (double)p->n},
                                    {"parcel/whole", (double)p->stones.n_whole},
                                    {"parcel/without_mass", (double)post->n_without_mass},
                                    {"parcel/rho", m->ratio.rho_known ? m->ratio.rho_mean : NAN},
                                    {"parcel/sigma", m->ratio.sigma_known ? m->ratio.sigma_mean : NAN},
                                    {"parcel/tau", m->tau},
                                    {"parcel/temper", m->likelihood_power},
                                    {"parcel/chains", (double)post->n_chains},
                                    {"parcel/draws", (double)post->n_draws}};
    adamas_status status = put_numbers(p->out, sizeof numbers / sizeof *numbers, numbers, error);
    if (!status)
        status = put_shares(p, post, error);
    for (size_t share = 0; !status && share < post->n_shares; share++)
        status = put_specimens(p, "posterior/", share_name(p, share), post->probability + share, post->n_shares, error);
    return status ? status : put_places(p, error);
}

/* Computed LRs are log10; the quoted one is within its bounds. */
static adamas_status put_declared_numbers(const weighing *p, const declared_answer *a, double revealed,
                                          adamas_error *error)
{
    const named_number numbers[] = {{"declared/log10_lr", a->log_lr.value / M_LN10},
                                    {"declared/log10_lr_error", a->log_lr.error / M_LN10},
                                    {"declared/log10_lr_half", a->log_lr_half.value / M_LN10},
                                    {"declared/log10_lr_double", a->log_lr_double.value / M_LN10},
                                    {"declared/log10_lr_low", a->log10_low},
                                    {"declared/log10_lr_high", a->log10_high},
                                    {"declared/units", (double)a->units},
                                    {"declared/foreign", a->foreign},
                                    {"declared/foreign_high", a->foreign_high},
                                    {"declared/threshold", a->threshold},
                                    {"declared/pure_parcels", (double)a->pure_parcels},
                                    {"declared/inconsistent", a->inconsistent},
                                    {"declared/revealed", revealed},
                                    {"declared/foreign_stones", (double)a->n_foreign},
                                    {"declared/false_discovery", a->false_discovery}};
    return put_numbers(p->out, sizeof numbers / sizeof *numbers, numbers, error);
}

/* The smallest share that is revealed from each source, and for the source that hides best. */
static adamas_status put_revealed(const weighing *p, const declared_answer *a, double *worst, adamas_error *error)
{
    size_t n = p->v->n_origins, rows = 0;
    const char **labels = memory_raw(n, sizeof *labels);
    double *share = memory_raw(n, sizeof *share);
    adamas_status status = labels && share ? ADAMAS_OK : status_no_memory(error);
    *worst = 0;
    for (size_t o = 0; !status && o <= n; o++)
        if (o != p->q->declared) {
            labels[rows] = share_name(p, o);
            share[rows++] = a->detection_limit[o];
            *worst = isnan(a->detection_limit[o]) || isnan(*worst) ? NAN : fmax(*worst, a->detection_limit[o]);
        }
    table *t = &p->out->tables[ADAMAS_REVEALED];
    if (!status)
        status = table_set_text(t, "origin", rows, labels, error);
    if (!status)
        status = table_set_numbers(t, "share", rows, share, error);
    free(labels);
    free(share);
    return status;
}

static adamas_status put_foreign(const weighing *p, const parcel_posterior *post, const declared_answer *a,
                                 adamas_error *error)
{
    double *values = memory_raw(p->n, sizeof *values);
    if (!values)
        return status_no_memory(error);
    for (size_t i = 0; i < p->n; i++)
        values[i] = 1 - post->probability[i * post->n_shares + p->q->declared];
    adamas_status status = put_specimens(p, "foreign_probability", "", values, 1, error);
    for (size_t i = 0; i < p->n; i++)
        values[i] = a->is_foreign[i];
    if (!status)
        status = put_specimens(p, "is_foreign", "", values, 1, error);
    free(values);
    return status;
}

static adamas_status weigh_declared(const weighing *p, const parcel_posterior *post, adamas_error *error)
{
    declared_answer a;
    double revealed = NAN;
    const declared_case declared = {.pseudo = &p->g->pseudo,
                                    .specimens = &p->stones,
                                    .posterior = post,
                                    .alpha = p->g->alpha,
                                    .origin = p->q->declared,
                                    .seed = p->w->seed};
    adamas_status status = declared_evaluate(&a, &declared, p->w, error);
    if (status)
        return status;
    status = put_revealed(p, &a, &revealed, error);
    if (!status)
        status = put_declared_numbers(p, &a, revealed, error);
    if (!status)
        status = put_foreign(p, post, &a, error);
    declared_clear(&a);
    return status;
}

/* Chains that do not agree go on for ten times as long. */
static adamas_status sample(parcel_posterior *post, const weighing *p, adamas_error *error)
{
    static const double most_r_hat = 1.05;
    parcel_sampling sampling = parcel_sampling_default;
    sampling.seed = p->w->seed;
    sampling.work = p->w;
    adamas_status status = work_progress(p->w, "sampling the composition", 0, 0, error);
    if (!status)
        status = parcel_sample(post, &p->g->model, &p->stones, p->g->alpha, &sampling, error);
    int agree = 1;
    for (size_t i = 0; !status && i < post->n_shares; i++)
        agree = agree && post->by_number_summary[i].r_hat <= most_r_hat;
    if (status || agree)
        return status;
    parcel_posterior_free(post);
    sampling.burn_in *= 10;
    sampling.n_draws *= 10;
    status = work_progress(p->w, "sampling the composition again", 0, 0, error);
    return status ? status : parcel_sample(post, &p->g->model, &p->stones, p->g->alpha, &sampling, error);
}

static adamas_status weigh_stones(const weighing *p, adamas_error *error)
{
    parcel_posterior post;
    adamas_status status = sample(&post, p, error);
    if (status)
        return status;
    status = put_composition(p, &post, error);
    if (!status && p->q->declared < p->v->n_origins)
        status = weigh_declared(p, &post, error);
    parcel_posterior_free(&post);
    return status;
}

adamas_status parcel_weigh(result *out, const parcel_reference *g, const specimen_results *v, const dataset *c,
                           const parcel_question *q, work *w, adamas_error *error)
{
    weighing p = {.out = out, .g = g, .v = v, .c = c, .q = q, .w = w};
    adamas_status status = gather(&p, error);
    if (!status && p.n)
        status = weigh_stones(&p, error);
    free(p.specimen);
    free(p.rows);
    free(p.mass);
    return status;
}

/* Mean and covariance of an origin's stones in the plane. */
static void describe_origin(const parcel_reference *g, size_t origin, const double *place, double *five)
{
    double n = 0;
    memset(five, 0, 5 * sizeof *five);
    for (size_t i = 0; i < g->library.n; i++)
        if (g->library.origin[i] == origin) {
            const double *x = place + 2 * i;
            const double terms[5] = {x[0], x[1], x[0] * x[0], x[0] * x[1], x[1] * x[1]};
            n++;
            for (size_t t = 0; t < 5; t++)
                five[t] += terms[t];
        }
    for (size_t t = 0; t < 5; t++)
        five[t] /= n;
    five[2] -= five[0] * five[0];
    five[3] -= five[0] * five[1];
    five[4] -= five[1] * five[1];
}

static adamas_status put_origins(result *out, const parcel_reference *g, const double *place, adamas_error *error)
{
    static const char *const names_of_five[5] = {"plane/1", "plane/2", "plane/11", "plane/12", "plane/22"};
    size_t n = g->library.n_origins;
    double *five = memory_raw(n, 5 * sizeof *five), *column = memory_raw(n, sizeof *column);
    adamas_status status = five && column ? ADAMAS_OK : status_no_memory(error);
    for (size_t o = 0; !status && o < n; o++)
        describe_origin(g, o, place, five + 5 * o);
    for (size_t t = 0; !status && t < 5; t++) {
        for (size_t o = 0; o < n; o++)
            column[o] = five[5 * o + t];
        status = table_set_numbers(&out->tables[ADAMAS_ORIGINS], names_of_five[t], n, column, error);
    }
    free(five);
    free(column);
    return status;
}

adamas_status parcel_put_plane(result *out, const parcel_reference *g, const char *const *origins, adamas_error *error)
{
    size_t n = g->library.n;
    double *place = memory_raw(n, 2 * sizeof *place), *column = memory_raw(n, sizeof *column);
    const char **labels = memory_raw(n, sizeof *labels);
    table *t = &out->tables[ADAMAS_LIBRARY];
    adamas_status status = place && column && labels ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        parcel_plane_coordinates(g, g->rows + i * g->library.d, place + 2 * i);
        labels[i] = origins[g->library.origin[i]];
    }
    if (!status)
        status = table_set_text(t, "origin", n, labels, error);
    for (size_t side = 0; !status && side < 2 && side < g->library.d; side++) {
        for (size_t i = 0; i < n; i++)
            column[i] = place[2 * i + side];
        status = table_set_numbers(t, side ? "plane/2" : "plane/1", n, column, error);
    }
    if (!status)
        status = put_origins(out, g, place, error);
    free(place);
    free(column);
    free(labels);
    return status;
}
