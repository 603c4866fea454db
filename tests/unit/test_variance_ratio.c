/* Variance ratios between localities and sessions: the restricted likelihood of a small crossed design. */
#include "evidence/variance_ratio.h"

#include <criterion/criterion.h>
#include <math.h>

enum { n = 20 };
static const size_t origin[n] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2};
static const size_t locality[n] = {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6};
static const size_t session[n] = {0, 0, 1, 1, 1, 0, 2, 2, 1, 0, 0, 2, 2, 1, 1, 2, 0, 0, 1, 1};

static double wave(size_t i, size_t j)
{
    return sin(12.9898 * (double)(i + 1) + 78.233 * (double)(j + 1));
}

static void write_rows(double *y)
{
    for (size_t i = 0; i < n; i++) {
        y[2 * i] = wave(i, 0) + 1.9 * wave(locality[i], 5) + 1.2 * wave(session[i], 9);
        y[2 * i + 1] = 0.9 * wave(i, 1) + 1.4 * wave(locality[i], 6) - 1.5 * wave(session[i], 10) + (double)origin[i];
    }
}

static variance_ratio fit(const size_t *localities, const size_t *sessions)
{
    double y[2 * n];
    variance_ratio v;
    adamas_error error;
    write_rows(y);
    cr_assert_eq(variance_ratio_fit(&v, n, 2, y, 3, origin, 7, localities, 3, sessions, &error), ADAMAS_OK, "%s",
                 error.message);
    double sum = 0;
    for (size_t i = 0; i < v.n_rho * v.n_sigma; i++)
        sum += v.weight[i];
    cr_assert_float_eq(sum, 1, 1e-14);
    return v;
}

static double between(const variance_ratio *v, size_t i, size_t j)
{
    return v->log_likelihood[i * v->n_sigma + j] - v->log_likelihood[0];
}

/* The restricted likelihood written out with the 20 x 20 covariance matrix and its projection, in NumPy; the 14 of 625
 * cells whose log likelihood is 6.9 below the greatest, or more, have no weight. */
Test(variance_ratio, the_restricted_likelihood_of_a_small_crossed_design)
{
    variance_ratio v = fit(locality, session);
    cr_assert(v.rho_known && v.sigma_known);
    cr_assert_eq(v.n_rho, 25);
    cr_assert_eq(v.n_sigma, 25);
    cr_assert_float_eq(v.rho[1], 0.003, 1e-15);
    cr_assert_float_eq(v.rho[24], 3, 1e-12);
    cr_assert_float_eq(between(&v, 0, 12), 0.20565612515479081, 1e-9);
    cr_assert_float_eq(between(&v, 7, 3), -0.2029155683528483 + 0.20565612515479081, 1e-9);
    cr_assert_float_eq(between(&v, 24, 24), -9.5902986241109 + 0.20565612515479081, 1e-9);
    cr_assert_float_eq(v.rho_mean, 0.070794502411613697, 1e-9);
    cr_assert_float_eq(v.sigma_mean, 0.14278652633162145, 1e-9);
    size_t without = 0;
    for (size_t i = 0; i < v.n_rho * v.n_sigma; i++)
        without += v.weight[i] == 0;
    cr_assert_eq(without, 14);
}

Test(variance_ratio, without_sessions)
{
    variance_ratio v = fit(locality, NULL);
    cr_assert(v.rho_known && !v.sigma_known);
    cr_assert_eq(v.n_sigma, 1);
    cr_assert_eq(v.sigma[0], 0);
    cr_assert_float_eq(between(&v, 24, 0), -5.80906139503268, 1e-9);
    cr_assert_float_eq(v.rho_mean, 0.07822323000920475, 1e-9);
    static const size_t one[n];
    cr_assert_not(fit(locality, one).sigma_known);
}

Test(variance_ratio, without_localities)
{
    variance_ratio v = fit(origin, session);
    cr_assert(!v.rho_known && v.sigma_known);
    cr_assert_eq(v.n_rho, 1);
    cr_assert_float_eq(between(&v, 0, 24), -3.146707179557522 + 0.20565612515479081, 1e-9);
    cr_assert_float_eq(v.sigma_mean, 0.15093344676193146, 1e-9);
    v = fit(origin, NULL);
    cr_assert_eq(v.weight[0], 1);
    cr_assert_eq(v.rho_mean, 0);
}

/* An origin without specimens is none of the equations' business. */
Test(variance_ratio, origins_without_specimens)
{
    double y[2 * n];
    variance_ratio v;
    adamas_error error;
    write_rows(y);
    cr_assert_eq(variance_ratio_fit(&v, n, 2, y, 5, origin, 9, locality, 4, session, &error), ADAMAS_OK);
    cr_assert_float_eq(v.rho_mean, 0.070794502411613697, 1e-9);
    cr_assert_float_eq(v.sigma_mean, 0.14278652633162145, 1e-9);
}
