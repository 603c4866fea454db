/* Summaries of Markov chains: R-hat and effective numbers are those that NumPy computes. */
#include "evidence/chains.h"

#include <criterion/criterion.h>
#include <math.h>

enum { n_chains = 3, n_draws = 101 };

/* Three autoregressive chains that start together and drift apart. */
static void write_chains(double *value, size_t stride)
{
    for (int c = 0; c < n_chains; c++) {
        double x = 0;
        for (int t = 0; t < n_draws; t++) {
            x = 0.95 * x + sin(12.9898 * (7 * t * t % 101 + 1) + 78.233 * (7 * c + 4));
            value[(size_t)(c * n_draws + t) * stride] = x + 0.1 * c;
        }
    }
}

static chains_summary summarise(size_t chains, size_t draws, const double *value, size_t stride)
{
    chains_summary s;
    adamas_error error;
    cr_assert_eq(chains_summarise(&s, chains, draws, value, stride, &error), ADAMAS_OK);
    return s;
}

/* The formulas of Vehtari et al. (2021), sections 3.1 and 3.2, in NumPy; numpy.quantile. An odd number of draws leaves
 * the middle one out of the halves. */
Test(chains, slow_chains_as_numpy_judges_them)
{
    static double value[2 * n_chains * n_draws];
    for (size_t stride = 1; stride <= 2; stride++) {
        write_chains(value, stride);
        chains_summary s = summarise(n_chains, n_draws, value, stride);
        cr_assert_float_eq(s.mean, -0.4299055121902619, 1e-12, "%.16g", s.mean);
        cr_assert_float_eq(s.low, -3.808319780762752, 1e-12);
        cr_assert_float_eq(s.high, 3.860215495405602, 1e-12);
        cr_assert_float_eq(s.r_hat, 1.5086710834808077, 1e-12, "%.16g", s.r_hat);
        cr_assert_float_eq(s.effective, 5.700453396206095, 1e-10, "%.16g", s.effective);
    }
}

Test(chains, all_draws_equal)
{
    double value[16];
    for (int i = 0; i < 16; i++)
        value[i] = 0.1;
    chains_summary s = summarise(2, 8, value, 1);
    cr_assert_eq(s.mean, 0.1);
    cr_assert_eq(s.r_hat, 1);
    cr_assert_eq(s.effective, 16);
    for (int i = 8; i < 16; i++)
        value[i] = 1;
    s = summarise(2, 8, value, 1);
    cr_assert_eq(s.r_hat, INFINITY);
    cr_assert_eq(s.effective, 4);
}

/* Draws that swing about their mean say more of it than independent ones, but the estimate is held. */
Test(chains, antithetic_draws)
{
    double value[400];
    for (int i = 0; i < 400; i++)
        value[i] = (i % 2 ? 1 : -1) + 0.01 * sin(i);
    cr_assert_float_eq(summarise(2, 200, value, 1).effective, 400 * log10(400), 1e-9);
}
