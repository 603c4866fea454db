/* Results with invented numbers: a parcel of specimens, a validation, a plan. */
#ifndef REPORT_MADE_H
#define REPORT_MADE_H

#include "base/memory.h"
#include "report/report_result.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wunused-function" /* each test uses some */

static void made_list(text_list *out, size_t n, const char *const *texts)
{
    cr_assert_eq(text_list_copy(out, n, texts, NULL), ADAMAS_OK);
}

/* Replaces a text of a result. */
static void made_text(char **out, const char *text)
{
    free(*out);
    *out = memory_text(text);
}

static double *made_numbers(size_t n, double value)
{
    double *made = memory_raw(n, sizeof *made);
    for (size_t i = 0; i < n; i++)
        made[i] = value;
    return made;
}

static size_t *made_counts(size_t n, size_t value)
{
    size_t *made = memory_raw(n, sizeof *made);
    for (size_t i = 0; i < n; i++)
        made[i] = value;
    return made;
}

static void made_model(model_description *m)
{
    *m = (model_description){.level = 1, .has_components = 1, .components = 12};
    made_text(&m->method, "sqrt | snv | pca | twolevel");
    made_text(&m->method_canonical, "sqrt | snv | pca(components=auto) | twolevel");
    made_text(&m->engine, "adamas 0.1.0");
    made_text(&m->axis_medium, "air");
    made_list(&m->library_files, 1, (const char *const[]){"lib.h5"});
    made_list(&m->library_sha256, 1,
              (const char *const[]){"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"});
}

/* n specimens; each third is like the first origin alone, like the first two, like none. */
static void made_specimens(specimen_results *v, size_t n, size_t n_origins)
{
    char(*names)[32] = malloc(n * sizeof *names + 1);
    const char **ids = malloc(n * sizeof *ids + 1);
    cr_assert_eq(specimen_results_make(v, n, n_origins, NULL), ADAMAS_OK);
    v->has_evidence = 1;
    v->epsilon = 0.05;
    memset(v->rejectable, 1, n_origins);
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "A%03zu", i + 1);
        ids[i] = names[i];
        v->shots[i] = 10;
        v->not_finite[i] = i % 5 == 0;
        for (size_t o = 0; o < n_origins; o++) {
            int typical = i % 3 == 0 ? o == 0 : i % 3 == 1 ? o < 2 : 0;
            double p = typical ? 0.06 + 0.9 * fmod((double)(7 * i + 3 * o) / 31, 1) : 0.012;
            v->typicality[i * n_origins + o] = v->log_density[i * n_origins + o] = p;
            v->log_probability[i * n_origins + o] = log(p);
            v->log_lr[i * n_origins + o] = M_LN10 * (o ? -1 : 1) * (0.2 + 2 * fmod((double)i / 7, 1));
        }
    }
    made_list(&v->ids, n, ids);
    free(names);
    free(ids);
}

static void made_parcel(report_result *r, size_t n, size_t n_origins, const char *const *origins)
{
    *r = (report_result){.kind = REPORT_CLASSIFICATION};
    classification *c = &r->classification;
    made_model(&c->model);
    made_list(&c->origins, n_origins, origins);
    made_specimens(&c->specimens, n, n_origins);
    made_text(&c->parcel.file, "parcel.h5");
    made_text(&c->parcel.sha256, "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210");
    c->library_specimens = made_counts(n_origins, 80);
    c->prior = made_numbers(n_origins, 1 / (double)n_origins);
    c->units = made_counts(n_origins, 6);
    c->log10_lr_low = made_numbers(n_origins, -1.9);
    c->log10_lr_high = made_numbers(n_origins, 2.2);
    c->by_locality = 1;
    c->n_folds = 8;
    c->typicality_bound = 0.113;
    c->slope = 0.62;
    c->low_typicality = 0.1;
    c->low_typicality_chance = 0.2;
    c->declared_origin = n_origins;
}

/* The first two specimens become controls of the first origin, with these p-values; NaN: not checked. */
static void made_controls(report_result *r, double p0, double p1)
{
    classification *c = &r->classification;
    size_t n = c->specimens.n_specimens;
    const char **known = memory_new(n, sizeof *known);
    known[0] = known[1] = c->origins.at[0];
    made_list(&c->controls.known, n, known);
    free(known);
    c->controls.origin = made_counts(n, c->origins.n);
    c->controls.origin[0] = c->controls.origin[1] = 0;
    c->controls.p = made_numbers(n, NAN);
    c->controls.p[0] = p0;
    c->controls.p[1] = p1;
    c->controls.limit = made_numbers(n, NAN);
    c->controls.limit[0] = c->controls.limit[1] = 0.025;
    c->controls.n = 2;
    c->controls.min_p = fmin(p0, p1);
}

/* Shares 0.70, 0.22, ... and 0.05 of none. */
static void made_shares(report_result *r)
{
    classification *c = &r->classification;
    size_t n = c->origins.n + 1, n_specimens = c->specimens.n_specimens;
    c->composition = (composition){.n_shares = n,
                                   .has_carats = 1,
                                   .n_measured = n_specimens,
                                   .n_whole = n_specimens,
                                   .n_chains = 4,
                                   .n_draws = 2000,
                                   .rho = 0.31,
                                   .sigma = NAN,
                                   .tau = 2,
                                   .likelihood_power = 1};
    c->composition.shares = memory_new(n, sizeof *c->composition.shares);
    c->composition.posterior = made_numbers(n_specimens * n, NAN);
    for (size_t i = 0; i < n; i++) {
        double mean = i == n - 1 ? 0.05 : i == 0 ? 0.70 : 0.25 / (double)(n - 2);
        c->composition.shares[i] = (composition_share){.alpha = 1,
                                                       .by_number = {mean, 0.8 * mean, 1.3 * mean, 1.004, 2345},
                                                       .by_mass = {1.05 * mean, 0.7 * mean, 1.35 * mean, 1, 2000},
                                                       .tau_third = mean,
                                                       .tau_triple = mean};
    }
}

/* limit: the smallest share of foreign specimens that would have been detected. */
static void made_declared(report_result *r, const char *origin, int is_inconsistent, double limit, double log10_lr)
{
    classification *c = &r->classification;
    declared_test *d = &c->declared_test;
    size_t n = c->origins.n;
    made_text(&c->declared, origin);
    c->declared_origin = 0;
    while (c->declared_origin < n && strcmp(c->origins.at[c->declared_origin], origin) != 0)
        c->declared_origin++;
    *d = (declared_test){.detection_limit = limit,
                         .log10_lr = log10_lr,
                         .log10_lr_error = 0.04,
                         .log10_lr_half_alpha = log10_lr + 0.1,
                         .log10_lr_double_alpha = log10_lr - 0.1,
                         .log10_lr_low = -2,
                         .log10_lr_high = 1.5,
                         .units = 18,
                         .foreign = 0.281,
                         .foreign_high = 0.411,
                         .threshold = 0.12,
                         .pure_parcels = 200,
                         .is_inconsistent = is_inconsistent};
    d->limits = memory_new(n + 1, sizeof *d->limits);
    for (size_t source = 0; source <= n; source++)
        if (source != c->declared_origin)
            d->limits[d->n_limits++] = (detection_limit){source, limit};
    d->foreign_probability = made_numbers(c->specimens.n_specimens, NAN);
    d->is_foreign = made_numbers(c->specimens.n_specimens, NAN);
}

/* The plane of the origins (of one axis: the second coordinate is not known) with a library, and spectra of two
 * detector segments. */
static void made_views(report_result *r, int n_axes)
{
    enum { n_library = 30, n_channels = 300 };
    classification *c = &r->classification;
    size_t n = c->specimens.n_specimens, n_origins = c->origins.n, most = n > n_library ? n : n_library;
    c->plane = (origin_plane){.n_library = n_library,
                              .library_origin = made_counts(n_library, 0),
                              .library = memory_new(most, sizeof(plane_point)),
                              .ellipses = memory_new(n_origins, sizeof(origin_ellipse)),
                              .specimens = memory_new(most, sizeof(plane_point))};
    for (size_t i = 0; i < most; i++)
        c->plane.specimens[i] = c->plane.library[i] =
            (plane_point){{3 * sin((double)i), n_axes == 2 ? 2 * cos(1.7 * (double)i) : NAN}};
    for (size_t i = 0; i < n_library; i++)
        c->plane.library_origin[i] = i % n_origins;
    for (size_t o = 0; o < n_origins; o++)
        c->plane.ellipses[o] = (origin_ellipse){{(double)o, n_axes == 2 ? -(double)o : NAN},
                                                {1, n_axes == 2 ? 0.2 : NAN, n_axes == 2 ? 0.7 : NAN}};
    mean_spectrum *s = &c->spectrum;
    *s = (mean_spectrum){.n_channels = n_channels,
                         .wavelength = made_numbers(n_channels, 0),
                         .parcel = made_numbers(n_channels, 0),
                         .origins = made_numbers(n_origins * n_channels, 0),
                         .contribution = made_numbers(n_channels, 0)};
    for (size_t i = 0; i < n_channels; i++) {
        double nm = i < 150 ? 240 + 0.1 * (double)i : 385 + 0.1 * (double)(i - 150);
        s->wavelength[i] = nm;
        s->parcel[i] = exp(-pow((nm - 393.37) / 0.3, 2)) + exp(-pow((nm - 247.86) / 0.3, 2));
        s->contribution[i] = s->parcel[i];
        for (size_t o = 0; o < n_origins; o++)
            s->origins[o * n_channels + i] = s->parcel[i];
    }
}

/* n specimens, of which every origin has as many. */
static void made_validation(report_result *r, size_t n, size_t n_origins, const char *const *origins)
{
    *r = (report_result){.kind = REPORT_VALIDATION};
    validation_result *v = &r->validation;
    made_model(&v->model);
    v->model.has_components = 0;
    made_list(&v->origins, n_origins, origins);
    made_specimens(&v->specimens, n, n_origins);
    v->leave = ADAMAS_LEAVE_LOCALITY;
    v->by_locality = 1;
    v->seed = 1;
    made_list(&v->fold_names, 1, (const char *const[]){"fold 1"});
    v->folds = memory_new(1, sizeof *v->folds);
    v->library_specimens = made_counts(n_origins, n / n_origins);
    v->true_origin = made_counts(n, 0);
    for (size_t i = 0; i < n; i++)
        v->true_origin[i] = i % n_origins;
    v->likeliest = (metrics){.n = n, .right = 52, .accuracy = 0.8667, .accuracy_low = 0.754, .accuracy_high = 0.941};
    v->confusion = made_numbers(n_origins * n_origins, 1);
    v->typicality_bound = 0.113;
    v->units = made_counts(n_origins, 6);
    v->answers = made_numbers(n_origins * (n_origins + 2), 1);
    v->gated = made_counts(n_origins, 1);
    v->coverage = (coverage){0.05, 0.95, 0.9, 0.98, 1.2, 0.9};
    for (size_t i = 0; i < COVERAGE_LEVELS; i++)
        v->coverage_levels[i] = (coverage){0.05 * (double)(i + 1), 0.95, 0.9, 0.98, 1.2, 0.9};
    v->performance = (lr_performance){.cllr = 0.314};
    v->origin_performance = memory_new(n_origins, sizeof *v->origin_performance);
}

/* Of LRs of the true origin a tenth is below 1, of those of the others a tenth above. */
static void made_curves(report_result *r)
{
    validation_curves *made = r->validation.curves = memory_new(1, sizeof *made);
    for (size_t i = 0; i < TIPPETT_THRESHOLDS; i++) {
        double at = made->tippett.log10_lr[i] = ((double)i - 100) / 50;
        made->tippett.same[i] = at < -1 ? 1 : at < -0.5 ? 0.95 : at < 1 ? 0.9 : at < 2 ? 0.5 : 0;
        made->tippett.different[i] = at < -1 ? 0.8 : at < -0.5 ? 0.4 : at < 1 ? 0.1 : at < 2 ? 0.05 : 0;
    }
    for (size_t i = 0; i < RELIABILITY_BINS; i++) {
        double p = i < 9 ? (double)(i + 1) / 10 : NAN;
        made->reliability.predicted[i] = made->reliability.observed[i] = p;
        made->reliability.low[i] = made->reliability.high[i] = p;
        made->reliability.specimens[i] = i < 9 ? 20 : 0;
    }
    for (size_t i = 0; i < CROSS_ENTROPY_PRIORS; i++) {
        made->cross_entropy.log10_odds[i] = ((double)i - 30) / 10;
        made->cross_entropy.as_is[i] = made->cross_entropy.after_pav[i] = made->cross_entropy.neutral[i] = 0.5;
    }
}

static void made_plan(report_result *r, size_t stones, size_t n_parcel, double confidence)
{
    *r = (report_result){.kind = REPORT_PLAN};
    r->plan = (plan_result){.n_parcel = n_parcel,
                            .n_foreign = 2,
                            .share = 0.05,
                            .confidence = confidence,
                            .n_perfect = 30,
                            .plan = {.specimens = stones, .n_sizes = 1, .sample_size = {10}, .detection_power = {0.5}}};
    made_model(&r->plan.model);
    made_text(&r->plan.declared, "CAR");
}

#endif
