/* Accuracy, log loss and confusion, against sums by hand. */
#include "evidence/metrics.h"

#include <criterion/criterion.h>
#include <math.h>

/* Six specimens of three origins: one is not judged, one has a tie (the first counts), one is wrong. */
Test(metrics, by_hand)
{
    const size_t truth[] = {0, 0, 0, 1, 1, 2};
    const double p[][3] = {{0.7, 0.2, 0.1}, {0.4, 0.4, 0.2},   {0.1, 0.8, 0.1},
                           {0.4, 0.4, 0.2}, {0.05, 0.9, 0.05}, {NAN, NAN, NAN}};
    double log_p[6][3], confusion[9];
    for (size_t i = 0; i < 6; i++)
        for (size_t o = 0; o < 3; o++)
            log_p[i][o] = log(p[i][o]);
    metrics m;
    metrics_find(&m, confusion, 6, 3, truth, &log_p[0][0]);
    const double expected[] = {2, 1, 0, 1, 1, 0, 0, 0, 0};
    for (size_t i = 0; i < 9; i++)
        cr_assert_eq(confusion[i], expected[i], "entry %zu: %g", i, confusion[i]);
    cr_assert(m.n == 5 && m.right == 3);
    cr_assert_float_eq(m.accuracy, 0.6, 1e-15);
    cr_assert_float_eq(m.balanced_accuracy, (2.0 / 3 + 1.0 / 2) / 2, 1e-15);
    cr_assert_float_eq(m.log_loss, -log(0.7 * 0.4 * 0.1 * 0.4 * 0.9) / 5, 1e-14);
    cr_assert_float_eq(m.accuracy_low, 0.14663279963467313, 1e-10); /* Clopper-Pearson of 3 in 5 */
    cr_assert_float_eq(m.accuracy_high, 0.9472550494736831, 1e-10);
}

Test(metrics, nobody_judged)
{
    const size_t truth[] = {0, 1};
    const double log_p[] = {NAN, NAN, NAN, NAN};
    double confusion[4] = {9, 9, 9, 9};
    metrics m;
    metrics_find(&m, confusion, 2, 2, truth, log_p);
    cr_assert_eq(m.n, 0);
    cr_assert(isnan(m.accuracy) && isnan(m.balanced_accuracy) && isnan(m.log_loss));
    cr_assert(m.accuracy_low == 0 && m.accuracy_high == 1);
    for (size_t i = 0; i < 4; i++)
        cr_assert_eq(confusion[i], 0);
}

/* A true origin of probability 0 costs infinitely much, and is counted as wrong. */
Test(metrics, no_probability_at_all)
{
    const size_t truth[] = {1, 0};
    const double log_p[] = {0, -INFINITY, log(0.9), log(0.1)};
    double confusion[4];
    metrics m;
    metrics_find(&m, confusion, 2, 2, truth, log_p);
    cr_assert(m.n == 2 && m.right == 1);
    cr_assert_eq(m.log_loss, INFINITY);
    cr_assert_float_eq(m.balanced_accuracy, 0.5, 1e-15);
}
