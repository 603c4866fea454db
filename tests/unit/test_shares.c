/* Shares of a parcel: maximum likelihood and posteriors as other programs find them, and draws with the right moments.
 * */
#include "evidence/shares.h"

#include "evidence/chains.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { draws = 200000 };

static const double confusion[3][3] = {{.90, .05, .04}, {.06, .88, .06}, {.04, .07, .90}}; /* [predicted][true] */

/* Log likelihoods of three components for items that were predicted so often. */
static size_t write_predictions(const size_t *counts, double *log_likelihood, size_t n)
{
    size_t item = 0;
    for (size_t predicted = 0; predicted < 3; predicted++)
        for (size_t i = 0; i < counts[predicted]; i++, item++)
            for (size_t k = 0; k < 3; k++)
                log_likelihood[k * n + item] = log(confusion[predicted][k]);
    return item;
}

static void maximise(size_t n, const double *log_likelihood, const double *weight, double *share)
{
    adamas_error error;
    cr_assert_eq(shares_maximise(n, 3, log_likelihood, weight, share, NULL, &error), ADAMAS_OK);
}

static void assert_shares(const double *share, double a, double b, double c, double tolerance)
{
    const double expected[3] = {a, b, c};
    for (int k = 0; k < 3; k++)
        cr_assert_float_eq(share[k], expected[k], tolerance, "share %d: %.12f", k, share[k]);
}

/* shared/oracles/README.md, "Parcels"; the maximum likelihood lies inside in the first and at a corner in the second.
 */
Test(shares, maximum_likelihood_from_a_confusion_matrix)
{
    double rows[150], three[9], share[3];
    write_predictions((size_t[]){30, 12, 8}, rows, 50);
    maximise(50, rows, NULL, share);
    assert_shares(share, 0.6486103233, 0.2195121951, 0.1318774816, 1e-9);
    write_predictions((size_t[]){1, 1, 1}, three, 3);
    maximise(3, three, (double[]){30, 12, 8}, share);
    assert_shares(share, 0.6486103233, 0.2195121951, 0.1318774816, 1e-9);
    maximise(3, three, (double[]){49, 1, 0}, share);
    assert_shares(share, 1, 0, 0, 1e-6);
}

Test(shares, maximum_likelihood_from_posteriors)
{
    static const double posterior[5][3] = {{.7, .2, .1}, {.6, .3, .1}, {.1, .8, .1}, {.5, .25, .25}, {.9, .05, .05}};
    double rows[15], share[3];
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 3; k++)
            rows[k * 5 + i] = log(posterior[i][k]) - 1000 * i; /* what an item has in common does not matter */
    maximise(5, rows, NULL, share);
    assert_shares(share, 0.81661318, 0.18338682, 0, 1e-8);
}

/* Draws of the shares under a flat Dirichlet prior: [draws, 3]. */
static double *sample(const size_t *counts, size_t n)
{
    double *rows = calloc(3 * n, sizeof *rows), *responsibility = calloc(3 * n, sizeof *responsibility);
    double *total = calloc(n, sizeof *total), *log_scale = calloc(n, sizeof *log_scale);
    double *kept = calloc(3 * draws, sizeof *kept), share[3] = {1. / 3, 1. / 3, 1. / 3}, log_share[3];
    size_t *label = calloc(n, sizeof *label), count[3];
    random_stream r = {.seed = 1};
    write_predictions(counts, rows, n);
    for (int t = -1000; t < draws; t++) {
        for (int k = 0; k < 3; k++)
            log_share[k] = log(share[k]);
        shares_responsibilities(n, 3, 1, rows, log_share, responsibility, total, log_scale);
        shares_draw_labels(n, 3, responsibility, total, &r, label, count);
        shares_draw(3, (double[]){1, 1, 1}, count, &r, share);
        for (int k = 0; t >= 0 && k < 3; k++)
            kept[3 * t + k] = share[k];
    }
    free(rows);
    free(responsibility);
    free(total);
    free(log_scale);
    free(label);
    return kept;
}

/* The oracle's digits end at 1e-6 (means) and 1e-3; beyond that 4 standard errors, from the draws' effective number. */
static void assert_mean(const double *kept, size_t k, double expected, double digits)
{
    chains_summary s;
    adamas_error error;
    double squares = 0;
    cr_assert_eq(chains_summarise(&s, 1, draws, kept + k, 3, &error), ADAMAS_OK);
    for (size_t t = 0; t < draws; t++)
        squares += (kept[3 * t + k] - s.mean) * (kept[3 * t + k] - s.mean) / draws;
    double tolerance = 4 * sqrt(squares / s.effective) + digits;
    cr_assert(tolerance < 0.002);
    cr_assert_float_eq(s.mean, expected, tolerance, "share %zu: %.6f, not %.6f +- %.6f", k, s.mean, expected,
                       tolerance);
}

Test(shares, posterior_from_a_confusion_matrix)
{
    double *kept = sample((size_t[]){30, 12, 8}, 50);
    assert_mean(kept, 0, 0.630917, 5e-7);
    assert_mean(kept, 1, 0.225895, 5e-7);
    assert_mean(kept, 2, 0.143188, 5e-7);
    chains_summary s;
    adamas_error error;
    chains_summarise(&s, 1, draws, kept, 3, &error);
    cr_assert_float_eq(s.low, 0.474, 0.0025, "%.4f", s.low);
    cr_assert_float_eq(s.high, 0.780, 0.0025, "%.4f", s.high);
    size_t above = 0;
    for (size_t t = 0; t < draws; t++)
        above += kept[3 * t + 2] > 0.10;
    cr_assert_float_eq((double)above / draws, 0.749, 0.0055, "%.4f", (double)above / draws);
    free(kept);
    kept = sample((size_t[]){49, 1, 0}, 50);
    assert_mean(kept, 0, 0.955, 5e-4);
    assert_mean(kept, 1, 0.025, 5e-4);
    assert_mean(kept, 2, 0.020, 5e-4);
    free(kept);
}

/* Means and variances of multinomial numbers, also if a count is split by beta numbers. */
Test(shares, multinomial_counts)
{
    const double share[4] = {0.15, 0, 0.6, 0.25};
    enum { rounds = 20000 };
    random_stream r = {.seed = 2};
    for (size_t n = 10; n <= 1000; n *= 10) {
        double sum[4] = {0}, squares[4] = {0};
        for (int t = 0; t < rounds; t++) {
            size_t count[4], all = 0;
            shares_draw_counts(n, 4, share, &r, count);
            for (int k = 0; k < 4; k++) {
                double away = (double)count[k] - (double)n * share[k];
                all += count[k];
                sum[k] += away / rounds;
                squares[k] += away * away / rounds;
            }
            cr_assert_eq(all, n);
        }
        for (int k = 0; k < 4; k++) {
            double variance = (double)n * share[k] * (1 - share[k]);
            cr_assert_float_eq(sum[k], 0, 4 * sqrt(variance / rounds) + 1e-12, "n %zu, %d: %g", n, k, sum[k]);
            cr_assert_float_eq(squares[k], variance, 4 * variance * sqrt(2.3 / rounds) + 1e-12, "n %zu, %d", n, k);
        }
    }
}

/* With alphas of 0.001 all gamma numbers underflow, but their shares do not; the mean is that of the prior. */
Test(shares, small_and_absent_alphas)
{
    random_stream r = {.seed = 3};
    double mean = 0;
    for (int t = 0; t < 20000; t++) {
        double share[3];
        shares_draw(3, (double[]){0.001, 0, 0.003}, (size_t[]){0, 7, 0}, &r, share);
        cr_assert(share[1] == 0 && fabs(share[0] + share[2] - 1) < 1e-12);
        mean += share[0] / 20000;
    }
    cr_assert_float_eq(mean, 0.25, 4 * sqrt(0.25 * 0.75 / 20000), "%g", mean);
}
