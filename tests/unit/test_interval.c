/* Binomial intervals: the quantiles of the beta distribution, exact at the ends. */
#include "evidence/interval.h"

#include <criterion/criterion.h>
#include <math.h>

/* Numbers of scipy.stats.beta.ppf: the quantiles of Beta(k, n - k + 1) and Beta(k + 1, n - k). */
Test(interval, the_quantiles_of_the_beta_distribution)
{
    static const struct {
        size_t k, n;
        double confidence, low, high;
    } known[] = {{57, 60, 0.95, 0.8607567532789272, 0.9895676703556517},
                 {57, 60, 0.99, 0.828814610958795, 0.9942892756256915},
                 {0, 10, 0.95, 0, 0.3084971078187608},
                 {10, 10, 0.95, 0.6915028921812392, 1},
                 {1, 1, 0.95, 0.025, 1},
                 {3, 7, 0.95, 0.09898827844250786, 0.8159484323599169},
                 {1, 20, 0.95, 0.0012650894979498038, 0.24873276277202777},
                 {500, 1000, 0.95, 0.46854917297179216, 0.5314508270282079}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double low, high;
        interval_clopper_pearson(known[i].k, known[i].n, known[i].confidence, &low, &high);
        cr_assert_float_eq(low, known[i].low, 1e-10, "%zu/%zu: %.16g", known[i].k, known[i].n, low);
        cr_assert_float_eq(high, known[i].high, 1e-10, "%zu/%zu: %.16g", known[i].k, known[i].n, high);
    }
}

Test(interval, ends_are_exact_and_nothing_says_nothing)
{
    double low, high;
    interval_clopper_pearson(0, 10, 0.95, &low, &high);
    cr_assert_eq(low, 0);
    interval_clopper_pearson(10, 10, 0.95, &low, &high);
    cr_assert_eq(high, 1);
    interval_clopper_pearson(0, 0, 0.95, &low, &high);
    cr_assert(low == 0 && high == 1);
}

/* What is a success may be turned round. */
Test(interval, is_symmetric)
{
    for (size_t n = 1; n < 40; n += 3)
        for (size_t k = 0; k <= n; k++) {
            double low, high, other_low, other_high;
            interval_clopper_pearson(k, n, 0.95, &low, &high);
            interval_clopper_pearson(n - k, n, 0.95, &other_low, &other_high);
            cr_assert_float_eq(low, 1 - other_high, 1e-12);
            cr_assert_float_eq(high, 1 - other_low, 1e-12);
            cr_assert(low < (double)k / (double)n || k == 0);
            cr_assert(high > (double)k / (double)n || k == n);
        }
}
