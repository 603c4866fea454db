/* msc: is least squares against the reference; rows that have nothing in common with it are left without values. */
#include "preprocess/steps.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n = 1000 };

static axis a;
static float reference[n], row[n], out[n];
static void *state;

static void begin(void)
{
    double nm[n];
    for (size_t i = 0; i < n; i++) {
        nm[i] = 300 + (double)i;
        reference[i] = (float)(50 + 40 * sin((double)(i * i)));
    }
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(msc_step.create(&state, NULL, &a, reference, NULL), ADAMAS_OK);
}

static void end(void)
{
    free(state);
    axis_clear(&a);
}

TestSuite(msc, .init = begin, .fini = end);

static void all_nan(void)
{
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(out[i]), "channel %zu: %g", i, (double)out[i]);
}

Test(msc, a_straight_line_of_the_reference_becomes_it)
{
    static const double a_and_b[][2] = {{0, 1}, {-700, 3}, {2e4, 0.05}, {0, 1e-30}, {1e10, 1e6}};
    for (size_t k = 0; k < sizeof a_and_b / sizeof *a_and_b; k++) {
        for (size_t i = 0; i < n; i++)
            row[i] = (float)(a_and_b[k][0] + a_and_b[k][1] * reference[i]);
        msc_step.apply(state, &a, row, out, NULL);
        double least = 1e-5 + 2e-7 * fabs(a_and_b[k][0] / a_and_b[k][1]);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(out[i], reference[i], least, "line %zu, channel %zu: %g", k, i, (double)out[i]);
    }
}

/* Against least squares by its normal equations, also in place. */
Test(msc, is_least_squares)
{
    double r = 0, x = 0, rr = 0, rx = 0;
    for (size_t i = 0; i < n; i++) {
        row[i] = (float)(3 + 0.7 * reference[i] + 10 * sin((double)(7 * i)));
        r += reference[i];
        x += row[i];
        rr += (double)reference[i] * reference[i];
        rx += (double)reference[i] * row[i];
    }
    double slope = (n * rx - r * x) / (n * rr - r * r), offset = (x - slope * r) / n;
    memcpy(out, row, sizeof row);
    msc_step.apply(state, &a, out, out, NULL);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i], (row[i] - offset) / slope, 2e-5, "channel %zu", i);
}

Test(msc, what_has_nothing_in_common_leaves_nothing)
{
    for (size_t i = 0; i < n; i++)
        row[i] = -reference[i];
    msc_step.apply(state, &a, row, out, NULL);
    all_nan();
    for (size_t i = 0; i < n; i++)
        row[i] = 0.1F;
    msc_step.apply(state, &a, row, out, NULL);
    all_nan();
    memset(row, 0, sizeof row);
    msc_step.apply(state, &a, row, out, NULL);
    all_nan();
    memcpy(row, reference, sizeof row);
    row[5] = NAN;
    msc_step.apply(state, &a, row, out, NULL);
    all_nan();
}

Test(msc, extreme_rows_are_finite_or_all_nan)
{
    for (size_t i = 0; i < n; i++)
        row[i] = reference[i] > 60 ? 3e38F : -3e38F;
    msc_step.apply(state, &a, row, out, NULL);
    for (size_t i = 0; i < n; i++)
        cr_assert(isfinite(out[i]));
    memset(row, 0, sizeof row);
    row[0] = 3e38F;
    msc_step.apply(state, &a, row, out, NULL);
    for (size_t i = 1; i < n; i++)
        cr_assert_eq(isnan(out[i]), isnan(out[0]));
}

Test(msc, a_flat_reference_is_refused)
{
    adamas_error error;
    void *none = &none;
    float flat[n];
    for (size_t i = 0; i < n; i++)
        flat[i] = 0.1F;
    cr_assert_eq(msc_step.create(&none, NULL, &a, flat, &error), ADAMAS_E_DATA);
    cr_assert_null(none);
    cr_assert_str_eq(error.message, "msc: the mean of the training spectra is the same in all channels");
}
