/* Empirical bounds of likelihood ratios (ELUB): those that other programs find, and those of perfect data. */
#include "evidence/lr_bounds.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

static const double ln10 = 2.302585092994046;

static void assert_bounds(size_t n_ss, const double *lr_ss, size_t n_ds, const double *lr_ds, double low, double high)
{
    double ss[1000] = {0}, ds[1000] = {0}, found_low, found_high;
    for (size_t i = 0; i < n_ss; i++)
        ss[i] = log(lr_ss[i]);
    for (size_t i = 0; i < n_ds; i++)
        ds[i] = log(lr_ds[i]);
    cr_assert_eq(lr_bounds_find(&found_low, &found_high, n_ss, ss, NULL, n_ds, ds, NULL, NULL), ADAMAS_OK);
    cr_assert_float_eq(pow(10, found_low), low, 5e-8, "lower bound %.10g", pow(10, found_low));
    cr_assert_float_eq(pow(10, found_high), high, 5e-8, "upper bound %.10g", pow(10, found_high));
}

/* Values of the Netherlands Forensic Institute's lir. */
Test(lr_bounds, as_others_find_it)
{
    const double lr[] = {.01, .1, 1, 10, 100};
    assert_bounds(3, lr + 2, 2, lr, 0.3801894, 1.4791084);
    assert_bounds(2, lr + 3, 3, lr, 0.6760830, 2.6302680);
    double ss[100], ds[1000];
    for (size_t i = 0; i < 100; i++)
        ss[i] = i < 90 ? 1000 : .101;
    for (size_t i = 0; i < 1000; i++)
        ds[i] = i < 990 ? .101 : 1000;
    assert_bounds(100, ss, 1000, ds, 0.1122018, 79.4328235);
}

/* Bounds of cases that say nothing, that mislead, or that are not there: LR = 1. */
Test(lr_bounds, nothing_is_carried_by_nothing)
{
    const double ones[] = {1, 1, 1}, high[] = {5, 6}, low[] = {.2, .1};
    assert_bounds(3, ones, 3, ones, 1, 1);
    assert_bounds(2, low, 2, high, 1, 1);
    assert_bounds(0, NULL, 2, low, 1, 1);
    assert_bounds(2, high, 0, NULL, 1, 1);
    assert_bounds(0, NULL, 0, NULL, 1, 1);
}

/* Perfect cases of N = 99 units: EU = 1/100 + theta/100 crosses theta at 1/99 and 1 at 99, in steps of 0.01. */
Test(lr_bounds, what_perfect_cases_carry)
{
    double ss[99], ds[99], low, high;
    for (size_t i = 0; i < 99; i++) {
        ss[i] = INFINITY;
        ds[i] = -INFINITY;
    }
    cr_assert_eq(lr_bounds_find(&low, &high, 99, ss, NULL, 99, ds, NULL, NULL), ADAMAS_OK);
    cr_assert_float_eq(low, -1.99, 1e-12);
    cr_assert_float_eq(high, 1.99, 1e-12);
}

/* Many specimens of few localities carry no more than one specimen of each would. */
Test(lr_bounds, units_count_and_not_cases)
{
    enum { units = 12, each = 40 };
    double ss[units], ds[units], all_ss[units * each], all_ds[units * each], weight[units * each];
    random_stream r = {.seed = 41};
    for (size_t u = 0; u < units; u++) {
        ss[u] = 3 * ln10 * (random_uniform(&r) - 0.2);
        ds[u] = 3 * ln10 * (random_uniform(&r) - 0.8);
        for (size_t k = 0; k < each; k++) {
            all_ss[u * each + k] = ss[u];
            all_ds[u * each + k] = ds[u];
            weight[u * each + k] = 1.0 / each;
        }
    }
    double low, high, low_of_all, high_of_all, low_of_cases, high_of_cases;
    lr_bounds_find(&low, &high, units, ss, NULL, units, ds, NULL, NULL);
    lr_bounds_find(&low_of_all, &high_of_all, units * each, all_ss, weight, units * each, all_ds, weight, NULL);
    lr_bounds_find(&low_of_cases, &high_of_cases, units * each, all_ss, NULL, units * each, all_ds, NULL, NULL);
    cr_assert(low < 0 && high > 0 && high <= log10(units + 1));
    cr_assert_float_eq(low_of_all, low, 1e-12);
    cr_assert_float_eq(high_of_all, high, 1e-12);
    cr_assert(low_of_cases < low && high_of_cases > high);
}

Test(lr_bounds, refuses_what_is_no_number)
{
    const double one[] = {1}, not_a_number[] = {NAN}, negative[] = {-1}, infinite[] = {INFINITY};
    double low, high;
    adamas_error error;
    cr_assert_eq(lr_bounds_find(&low, &high, 1, not_a_number, NULL, 1, one, NULL, &error), ADAMAS_E_DATA);
    cr_assert_eq(lr_bounds_find(&low, &high, 1, one, NULL, 1, not_a_number, NULL, &error), ADAMAS_E_DATA);
    cr_assert_eq(lr_bounds_find(&low, &high, 1, one, negative, 1, one, NULL, &error), ADAMAS_E_DATA);
    cr_assert_eq(lr_bounds_find(&low, &high, 1, one, NULL, 1, one, infinite, &error), ADAMAS_E_DATA);
    cr_assert(low == 0 && high == 0);
}
