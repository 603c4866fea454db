/* Random numbers: known answers of the generator, and moments of the distributions. */
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

/* Philox 2x64-10 of Random123's file of known answers: counter, key, first word of the result. */
Test(random, known_answers)
{
    random_stream zero = {0};
    cr_assert_eq(random_bits(&zero), 0xca00a0459843d731u);
    cr_assert_eq(zero.next, 1);
    random_stream ones = {.seed = UINT64_MAX, .stream = UINT64_MAX, .next = UINT64_MAX};
    cr_assert_eq(random_bits(&ones), 0x65b021d60cd8310fu);
    random_stream pi = {.seed = 0xa4093822299f31d0u, .stream = 0x13198a2e03707344u, .next = 0x243f6a8885a308d3u};
    cr_assert_eq(random_bits(&pi), 0x0a5e742c2997341cu);
}

/* The k-th number does not depend on the numbers drawn before it; seeds and streams differ. */
Test(random, a_function_of_seed_stream_and_place)
{
    random_stream a = {.seed = 5, .stream = 7}, other_seed = {.seed = 6, .stream = 7}, other = {.seed = 5, .stream = 8};
    for (uint64_t k = 0; k < 100; k++) {
        random_stream there = {.seed = 5, .stream = 7, .next = k};
        uint64_t bits = random_bits(&a);
        cr_assert_eq(bits, random_bits(&there));
        cr_assert_neq(bits, random_bits(&other_seed));
        cr_assert_neq(bits, random_bits(&other));
    }
}

/* Chi-square of 60000 draws: 33.1 is exceeded by chance once in 10^6 for 4 degrees of freedom, 40.5 for 7. */
static double chi_square(size_t n)
{
    enum { draws = 60000 };
    size_t count[8] = {0};
    random_stream r = {.seed = 11, .stream = n};
    for (size_t i = 0; i < draws; i++) {
        size_t x = random_below(&r, n);
        cr_assert_lt(x, n);
        count[x]++;
    }
    double sum = 0, expected = (double)draws / (double)n;
    for (size_t k = 0; k < n; k++)
        sum += ((double)count[k] - expected) * ((double)count[k] - expected) / expected;
    return sum;
}

Test(random, below_is_even)
{
    cr_assert_lt(chi_square(5), 33.1);
    cr_assert_lt(chi_square(8), 40.5);
    random_stream r = {.seed = 1};
    for (size_t i = 0; i < 20; i++)
        cr_assert_eq(random_below(&r, 1), 0);
}

/* Of n = 3/4 of 2^64 a plain remainder would give the lower third twice as often as it should: 1/2 instead of 1/3. */
Test(random, below_has_no_bias)
{
    const size_t n = (size_t)3 << 62;
    size_t low = 0, draws = 20000;
    random_stream r = {.seed = 3};
    for (size_t i = 0; i < draws; i++) {
        size_t x = random_below(&r, n);
        cr_assert_lt(x, n);
        low += x < n / 3;
    }
    cr_assert_float_eq((double)low / (double)draws, 1.0 / 3, 0.02);
    cr_assert_gt(r.next, draws + draws / 4);
}

Test(random, shuffle_is_a_permutation_that_the_seed_settles)
{
    enum { n = 50 };
    size_t first[n], again[n], other[n], seen[n] = {0}, moved = 0, differ = 0;
    for (size_t i = 0; i < n; i++)
        first[i] = again[i] = other[i] = i;
    random_shuffle(&(random_stream){.seed = 4}, n, first);
    random_shuffle(&(random_stream){.seed = 4}, n, again);
    random_shuffle(&(random_stream){.seed = 5}, n, other);
    for (size_t i = 0; i < n; i++) {
        cr_assert_lt(first[i], n);
        seen[first[i]]++;
        moved += first[i] != i;
        differ += first[i] != other[i];
        cr_assert_eq(first[i], again[i]);
    }
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(seen[i], 1);
    cr_assert(moved > n / 2 && differ > n / 2);
    random_shuffle(&(random_stream){.seed = 4}, 0, first);
    random_shuffle(&(random_stream){.seed = 4}, 1, first);
}

/* Each of the 6 orders of 3 items comes equally often: 41 is exceeded once in 10^7 for 5 degrees of freedom. */
Test(random, shuffle_has_no_favourites)
{
    enum { draws = 12000 };
    size_t count[27] = {0};
    random_stream r = {.seed = 9};
    for (size_t i = 0; i < draws; i++) {
        size_t items[] = {0, 1, 2};
        random_shuffle(&r, 3, items);
        count[items[0] * 9 + items[1] * 3 + items[2]]++;
    }
    double sum = 0, orders = 0;
    for (size_t k = 0; k < 27; k++)
        if (count[k]) {
            orders++;
            sum += ((double)count[k] - draws / 6.0) * ((double)count[k] - draws / 6.0) / (draws / 6.0);
        }
    cr_assert_eq(orders, 6);
    cr_assert_lt(sum, 41);
}

enum { moment_draws = 100000 };

/* The mean of a sample lies within 5 standard errors of its expectation, given the variance of one draw. */
static void assert_mean(const char *what, double sum, double mean, double variance)
{
    double found = sum / moment_draws, error = sqrt(variance / moment_draws);
    cr_assert(fabs(found - mean) < 5 * error, "%s: %g, expected %g, standard error %g", what, found, mean, error);
}

/* E u = 1/2, E u^2 = 1/3, E ln u = -1; variances 1/12, 4/45, 1. */
Test(random, uniform_is_open_and_even)
{
    random_stream r = {.seed = 21};
    double sum = 0, squares = 0, logs = 0;
    for (size_t i = 0; i < moment_draws; i++) {
        double u = random_uniform(&r);
        cr_assert(u > 0 && u < 1);
        sum += u;
        squares += u * u;
        logs += log(u);
    }
    assert_mean("mean", sum, 0.5, 1.0 / 12);
    assert_mean("square", squares, 1.0 / 3, 4.0 / 45);
    assert_mean("log", logs, -1, 1);
    cr_assert_eq(r.next, moment_draws);
}

/* Moments 0, 1, 0, 3 with variances 1, 2, 15, 96; and the share beyond 1.96 is 0.05. */
Test(random, normal_has_its_moments)
{
    random_stream r = {.seed = 22};
    double sum[4] = {0}, beyond = 0;
    for (size_t i = 0; i < moment_draws; i++) {
        double x = random_normal(&r);
        sum[0] += x;
        sum[1] += x * x;
        sum[2] += x * x * x;
        sum[3] += x * x * x * x;
        beyond += fabs(x) > 1.959963984540054;
    }
    assert_mean("mean", sum[0], 0, 1);
    assert_mean("variance", sum[1], 1, 2);
    assert_mean("third", sum[2], 0, 15);
    assert_mean("fourth", sum[3], 3, 96);
    assert_mean("beyond 1.96", beyond, 0.05, 0.05 * 0.95);
}

/* E x^k = a (a+1) ... (a+k-1); a variance is the moment of twice the order less the square. */
static double gamma_moment(double shape, int order)
{
    double moment = 1;
    for (int k = 0; k < order; k++)
        moment *= shape + k;
    return moment;
}

static void assert_gamma(double shape, double digamma, double trigamma)
{
    random_stream r = {.seed = 23, .stream = (uint64_t)(100 * shape)};
    double sum[3] = {0}, logs = 0;
    for (size_t i = 0; i < moment_draws; i++) {
        double x = random_gamma(&r, shape);
        cr_assert_gt(x, 0);
        sum[0] += x;
        sum[1] += x * x;
        sum[2] += x * x * x;
        logs += log(x);
    }
    for (int k = 1; k <= 3; k++) {
        double moment = gamma_moment(shape, k);
        assert_mean("gamma moment", sum[k - 1], moment, gamma_moment(shape, 2 * k) - moment * moment);
    }
    assert_mean("gamma log", logs, digamma, trigamma);
}

/* Digamma and trigamma by SciPy: the log moment is what a wrong boost of small shapes gets wrong. */
Test(random, gamma_has_its_moments)
{
    assert_gamma(0.3, -3.502524222200133, 12.245364546107734);
    assert_gamma(1, -0.5772156649015329, 1.6449340668482266);
    assert_gamma(2.5, 0.7031566406452432, 0.4903577561002349);
    assert_gamma(40, 3.6763273740348428, 0.025315103841291032);
}
