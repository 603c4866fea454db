/* gaussian: agrees with SciPy; segments are smoothed one by one. */
#include "preprocess/steps.h"

#include "one_step.h"

static void run(const axis *a, double sigma, const float *row, float *out)
{
    run_step(&gaussian_step, &(step_value){.number = sigma}, a, row, out);
}

/* By SciPy 1.10.1; at sigma 5 the kernel is longer than the row on both sides. */
Test(gaussian, agrees_with_scipy)
{
    enum { n = 12 };
    static const float digits[n] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
    static const double sigma[] = {1, 5, 0.1};
    static const double expected[][n] = {
        {2.4576341196, 2.3370390665, 2.5652296194, 3.1399615382, 4.7704722442, 5.7026513128, 4.9863018199, 4.7808775566,
         4.6274796953, 4.4186128935, 5.4077075364, 6.8060325976},
        {3.6310013316, 3.6824455262, 3.7807517819, 3.9177102825, 4.0818423701, 4.2604283949, 4.4405540185, 4.6099128186,
         4.7580869353, 4.8766645568, 4.9591385522, 5.0014634315},
        {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8},
    };
    axis a;
    even_axis(&a, n);
    for (size_t s = 0; s < 3; s++) {
        float out[n];
        run(&a, sigma[s], digits, out);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(out[i], expected[s][i], 1e-6, "sigma %g, channel %zu: %.9g", sigma[s], i,
                               (double)out[i]);
    }
    axis_clear(&a);
}

/* Two Gaussian filters in sequence are one whose sigma is the root of the sum of their squares. */
Test(gaussian, of_a_line_widens_it)
{
    enum { n = 801 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        row[i] = (float)(100 * exp(-((double)i - 400) * ((double)i - 400) / 18));
    run(&a, 4, row, out);
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        cr_assert_float_eq(out[i], 60 * exp(-((double)i - 400) * ((double)i - 400) / 50), 0.02, "channel %zu", i);
        total += out[i] - row[i];
    }
    cr_assert_float_eq(total, 0, 1e-3);
    axis_clear(&a);
}

Test(gaussian, a_flat_row_stays_also_where_the_kernel_is_longer)
{
    for (size_t n = 2; n < 100; n++) {
        axis a;
        even_axis(&a, n);
        float row[100], out[100];
        for (size_t i = 0; i < n; i++)
            row[i] = 1000;
        run(&a, 7, row, out);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(out[i], 1000, 2e-4, "channel %zu of %zu: %.9g", i, n, (double)out[i]);
        axis_clear(&a);
    }
}

Test(gaussian, each_segment_by_itself_and_in_place)
{
    check_segments(&gaussian_step, &(step_value){.number = 2});
}

Test(gaussian, nan_leaves_nothing)
{
    enum { n = 20 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        row[i] = i == 7 ? NAN : 1;
    run(&a, 2, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(out[i]));
    axis_clear(&a);
}
