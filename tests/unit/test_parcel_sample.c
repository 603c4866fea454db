/* Posterior draws of a parcel's composition: plain parcels are recovered, and draws depend on seed and chain alone. */
#include "evidence/parcel_sample.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { d = 2, n_origins = 3, n_shares = 4, each = 45, n = 30 };

static double wave(size_t i, size_t j)
{
    return sin(12.9898 * (double)(i + 1) + 78.233 * (double)(j + 1));
}

/* Three origins of two parts, far apart, in three localities each. */
static parcel_model fit(void)
{
    static double rows[n_origins * each * d];
    static size_t origin[n_origins * each], locality[n_origins * each];
    for (size_t i = 0; i < n_origins * each; i++) {
        size_t k = origin[i] = i / each;
        locality[i] = 3 * k + i % 3;
        rows[2 * i] = wave(i, 0) + (i % 5 < 2 ? 2 : 0) + 8 * (double)k + 0.8 * wave(locality[i], 5);
        rows[2 * i + 1] = wave(i, 1) + 0.5 * wave(i, 0) + (k == 1 ? 6 : 0) + 0.8 * wave(locality[i], 6);
    }
    parcel_library library = {
        .n = n_origins * each, .d = d, .n_origins = n_origins, .rows = rows, .origin = origin, .locality = locality};
    parcel_model m;
    adamas_error error;
    cr_assert_eq(parcel_model_fit(&m, &library, NULL, 0, &error), ADAMAS_OK, "%s", error.message);
    return m;
}

/* 18 specimens of the first origin, 9 of the second, 3 of none; a specimen of origin k weighs k + 1, one of none 10. */
static void write_parcel(double *rows, double *mass)
{
    for (size_t i = 0; i < n; i++) {
        size_t k = i < 18 ? 0 : i < 27 ? 1 : 3;
        rows[2 * i] = 0.8 * wave(i, 12) + (double[]){0.8, 8.8, 0, 4}[k];
        rows[2 * i + 1] = 0.8 * wave(i, 13) + (double[]){0, 6, 0, -15}[k];
        mass[i] = k == 3 ? 10 : (double)k + 1;
    }
}

static parcel_posterior sample(const parcel_model *m, const parcel_specimens *specimens, const double *alpha,
                               const parcel_sampling *sampling)
{
    parcel_posterior p;
    adamas_error error;
    cr_assert_eq(parcel_sample(&p, m, specimens, alpha, sampling, &error), ADAMAS_OK, "%s", error.message);
    return p;
}

static void assert_summary(const chains_summary *s, double share, double tolerance)
{
    cr_assert_float_eq(s->mean, share, tolerance, "mean %g, not %g", s->mean, share);
    cr_assert(s->low <= s->mean + 1e-9 && s->high >= s->mean - 1e-9);
    cr_assert_lt(s->r_hat, 1.02, "R-hat %g", s->r_hat);
    cr_assert_gt(s->effective, 300, "effective number %g", s->effective);
}

/* Origins far apart: the shares of the measured specimens are hardly in doubt, those of the whole are. */
Test(parcel_sample, a_parcel_whose_origins_are_plain)
{
    const double alpha[n_shares] = {1, 1, 1, 1};
    double rows[n * d], mass[n];
    parcel_model m = fit();
    write_parcel(rows, mass);
    mass[0] = NAN;
    parcel_specimens specimens = {.n = n, .n_whole = 90, .rows = rows, .mass = mass};
    parcel_posterior p = sample(&m, &specimens, alpha, &parcel_sampling_default);
    static const double number[n_shares] = {18. / 30, 9. / 30, 0, 3. / 30};
    static const double by_mass[n_shares] = {17. / 65, 18. / 65, 0, 30. / 65};
    for (size_t k = 0; k < n_shares; k++) {
        assert_summary(&p.by_number_summary[k], number[k], 0.01);
        assert_summary(&p.by_mass_summary[k], by_mass[k], 0.02);
        /* 60 more specimens of theta ~ Dirichlet(alpha + counts) */
        double theta = (number[k] * n + 1) / (n + n_shares);
        assert_summary(&p.whole_parcel_summary[k], (number[k] * n + 60 * theta) / 90, 0.015);
    }
    cr_assert_eq(p.n_without_mass, 1);
    double sd = sqrt(60 * 19. / 34 * 15. / 34 * 94 / 35) / 90; /* of a Dirichlet-multinomial number */
    double width = p.whole_parcel_summary[0].high - p.whole_parcel_summary[0].low;
    cr_assert_float_eq(width, 2 * 1.96 * sd, 0.03, "width %g, not %g", width, 2 * 1.96 * sd);
    for (size_t i = 0; i < n; i++) {
        size_t k = i < 18 ? 0 : i < 27 ? 1 : 3;
        double sum = 0;
        for (size_t j = 0; j < n_shares; j++)
            sum += p.probability[i * n_shares + j];
        cr_assert_float_eq(sum, 1, 1e-9);
        cr_assert_gt(p.probability[i * n_shares + k], 0.9, "specimen %zu: %g", i, p.probability[i * n_shares + k]);
    }
    parcel_posterior_free(&p);
    parcel_model_free(&m);
}

/* The same bytes again; a chain draws the same with and without others; another seed draws others. */
Test(parcel_sample, draws_depend_on_seed_and_chain_alone)
{
    const double alpha[n_shares] = {1, 1, 1, 0.5};
    double rows[n * d], mass[n];
    parcel_model m = fit();
    write_parcel(rows, mass);
    parcel_specimens specimens = {.n = n, .n_whole = 60, .rows = rows, .mass = mass};
    parcel_sampling few = {.seed = 7, .n_chains = 3, .burn_in = 20, .n_draws = 50, .tau_scale = 1}, one = few, other;
    one.n_chains = 1;
    other = few;
    other.seed = 8;
    parcel_posterior a = sample(&m, &specimens, alpha, &few), b = sample(&m, &specimens, alpha, &few);
    parcel_posterior first = sample(&m, &specimens, alpha, &one), different = sample(&m, &specimens, alpha, &other);
    size_t all = 3 * 50 * n_shares * sizeof(double);
    cr_assert_arr_eq(a.theta, b.theta, all);
    cr_assert_arr_eq(a.whole_parcel, b.whole_parcel, all);
    cr_assert_arr_eq(a.shift, b.shift, all * d);
    cr_assert_arr_eq(a.probability, b.probability, n * n_shares * sizeof(double));
    cr_assert_arr_eq(a.theta, first.theta, all / 3);
    cr_assert_arr_neq(a.theta, different.theta, all);
    cr_assert_arr_neq(a.theta, a.theta + 50 * n_shares, all / 3);
    parcel_posterior_free(&a);
    parcel_posterior_free(&b);
    parcel_posterior_free(&first);
    parcel_posterior_free(&different);
    parcel_model_free(&m);
}

/* With the declared origin alone every specimen is its own, and its shift follows the specimens. */
Test(parcel_sample, one_origin_alone)
{
    const double alpha[n_shares] = {0, 2, 0, 0};
    double rows[n * d];
    parcel_model m = fit();
    for (size_t i = 0; i < n; i++) {
        rows[2 * i] = 0.8 * wave(i, 12) + 8.8 + 1;
        rows[2 * i + 1] = 0.8 * wave(i, 13) + 6;
    }
    parcel_specimens specimens = {.n = n, .n_whole = n, .rows = rows};
    parcel_posterior p = sample(&m, &specimens, alpha, &parcel_sampling_default);
    cr_assert_null(p.by_mass);
    cr_assert_null(p.whole_parcel);
    cr_assert_null(p.by_mass_summary);
    cr_assert_eq(p.n_without_mass, n);
    cr_assert_eq(p.by_number_summary[1].low, 1);
    cr_assert_eq(p.by_number_summary[1].r_hat, 1);
    cr_assert(p.by_number_summary[0].high == 0 && p.by_number_summary[3].high == 0);
    chains_summary shift;
    cr_assert_eq(chains_summarise(&shift, p.n_chains, p.n_draws, p.shift + d, n_shares * d, NULL), ADAMAS_OK);
    cr_assert(shift.low > 0.4 && shift.high < 2.1, "shift %g to %g", shift.low, shift.high);
    cr_assert(isnan(p.shift[0]) && isnan(p.shift[3 * d]));
    parcel_posterior_free(&p);
    parcel_model_free(&m);
}

static adamas_status refusal(const parcel_model *m, const parcel_specimens *specimens, const double *alpha,
                             const parcel_sampling *sampling)
{
    parcel_posterior p;
    adamas_error error;
    adamas_status status = parcel_sample(&p, m, specimens, alpha, sampling, &error);
    cr_assert_null(p.theta);
    return status;
}

Test(parcel_sample, what_is_refused)
{
    const double alpha[n_shares] = {1, 1, 1, 1};
    double rows[n * d], mass[n];
    parcel_model m = fit();
    write_parcel(rows, mass);
    parcel_specimens specimens = {.n = n, .n_whole = n, .rows = rows, .mass = mass}, none = {.rows = rows};
    parcel_sampling usual = parcel_sampling_default, wrong = usual;
    cr_assert_eq(refusal(&m, &none, alpha, &usual), ADAMAS_E_ARGUMENT);
    cr_assert_eq(refusal(&m, &specimens, (double[]){0, 0, 0, 0}, &usual), ADAMAS_E_ARGUMENT);
    cr_assert_eq(refusal(&m, &specimens, (double[]){1, -1, 1, 1}, &usual), ADAMAS_E_ARGUMENT);
    cr_assert_eq(refusal(&m, &specimens, (double[]){1, NAN, 1, 1}, &usual), ADAMAS_E_ARGUMENT);
    wrong.n_draws = 3;
    cr_assert_eq(refusal(&m, &specimens, alpha, &wrong), ADAMAS_E_ARGUMENT);
    wrong = usual;
    wrong.tau_scale = 0;
    cr_assert_eq(refusal(&m, &specimens, alpha, &wrong), ADAMAS_E_ARGUMENT);
    size_t there = m.n_specimens[1];
    m.n_specimens[1] = 0;
    cr_assert_eq(refusal(&m, &specimens, alpha, &usual), ADAMAS_E_ARGUMENT);
    m.n_specimens[1] = there;
    mass[3] = 0;
    cr_assert_eq(refusal(&m, &specimens, alpha, &usual), ADAMAS_E_DATA);
    mass[3] = 1;
    rows[5] = INFINITY;
    cr_assert_eq(refusal(&m, &specimens, alpha, &usual), ADAMAS_E_DATA);
    parcel_model_free(&m);
}
