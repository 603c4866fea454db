/* despike: marks what the formula marks, replaces it by the mean of unmarked
 * neighbours, and leaves the rest. */
#include "preprocess/steps.h"

#include "one_step.h"

static void run(const axis *a, double threshold, double m, const float *row, float *out)
{
    run_step(&despike_step, (const step_value[]){{.number = threshold}, {.number = m}}, a, row, out);
}

Test(despike, there_is_no_default_threshold)
{
    cr_assert_str_eq(despike_step.parameters[0].name, "threshold");
    cr_assert(despike_step.parameters[0].required);
    cr_assert_str_eq(despike_step.parameters[1].name, "m");
    cr_assert_eq(despike_step.parameters[1].fallback, 3);
}

/* Differences 1 2 -1 2 94 -91 1 -2 1: median 1, distances 0 1 2 1 93 92 0 3 0, MAD 1: channels 5 and 6 are marked, by
 * z = 62.7 and 62.1. Within 2 of 5 channels 3, 4 and 7 are not marked, within 2 of 6 channels 4, 7 and 8. */
Test(despike, a_case_done_by_hand)
{
    enum { n = 10 };
    static const float row[n] = {10, 11, 13, 12, 14, 108, 17, 18, 16, 17};
    axis a;
    even_axis(&a, n);
    float out[n];
    run(&a, 62.5, 2, row, out);
    cr_assert_float_eq(out[5], 61 / 4.0, 1e-5, "%g", (double)out[5]);
    cr_assert_eq(out[6], row[6]);
    run(&a, 62, 2, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i],
                           i == 5   ? 44 / 3.0
                           : i == 6 ? 48 / 3.0
                                    : row[i],
                           1e-5, "channel %zu: %g", i, (double)out[i]);
    run(&a, 63, 2, row, out);
    cr_assert_eq(memcmp(out, row, sizeof out), 0);
    axis_clear(&a);
}

/* The first channel has no difference; a channel whose neighbours are all marked is not replaced. */
Test(despike, ends_and_nothing_unmarked)
{
    enum { n = 12 };
    static const float row[n] = {1, 2, 3, 5, 6, 7, 9, 10, 12, 1000, 3000, 7000};
    axis a;
    even_axis(&a, n);
    float out[n];
    run(&a, 100, 1, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(out[i], i == 9 ? 12 : row[i], "channel %zu: %g", i, (double)out[i]);
    axis_clear(&a);
}

/* As the head comment of despike.c says: at the paper's threshold a line clearly above the noise is removed, at a high
 * one it is kept. */
Test(despike, a_low_threshold_cuts_lines)
{
    enum { n = 2000 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++) {
        double d = (double)i - 1000;
        row[i] = (float)(100 + sin((double)(i * i)) + 500 * exp(-d * d / 2));
    }
    run(&a, 7, 3, row, out);
    cr_assert_lt(out[1000], 110, "%g", (double)out[1000]);
    run(&a, 1000, 3, row, out);
    cr_assert_eq(memcmp(out, row, sizeof out), 0);
    row[300] += 5000;
    run(&a, 1000, 3, row, out);
    cr_assert_lt(fabsf(out[300] - 100), 1.5);
    cr_assert_lt(fabsf(out[301] - 100), 1.5);
    cr_assert_eq(memcmp(out + 302, row + 302, (n - 302) * sizeof *out), 0);
    axis_clear(&a);
}

/* The medians, against sorting; rows of both signs, even and odd numbers of differences. */
static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double sorted_median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_size);
    return (x[(n - 1) / 2] + x[n / 2]) / 2;
}

Test(despike, marks_what_the_formula_marks)
{
    enum { most = 60 };
    size_t marked = 0;
    for (size_t n = 10; n < most; n++) {
        axis a;
        even_axis(&a, n);
        float row[most], out[most];
        double difference[most], sorted[most];
        for (size_t i = 0; i < n; i++) {
            double x = sin(12.9898 * (double)(i * n + i * i));
            row[i] = (float)(x * x * x * x * x * 100 - 3 * (double)i);
        }
        for (size_t i = 1; i < n; i++)
            sorted[i - 1] = difference[i - 1] = row[i] - row[i - 1];
        double median = sorted_median(sorted, n - 1);
        for (size_t i = 1; i < n; i++)
            sorted[i - 1] = fabs(difference[i - 1] - median);
        double mad = sorted_median(sorted, n - 1);
        run(&a, 1.5, 3, row, out);
        for (size_t i = 1; i < n; i++) {
            double z = 0.6745 * fabs(difference[i - 1] - median) / mad;
            if (fabs(z - 1.5) > 1e-4)
                cr_assert_eq(out[i] != row[i], z > 1.5, "channel %zu of %zu: z %g", i, n, z);
            marked += z > 1.5;
        }
        axis_clear(&a);
    }
    cr_assert(marked > 50, "%zu", marked);
}

Test(despike, each_segment_by_itself_and_in_place)
{
    check_segments(&despike_step, (const step_value[]){{.number = 7}, {.number = 3}});
}

Test(despike, rows_that_tell_nothing_stay_finite)
{
    static const float rows[][6] = {{3e38F, -3e38F, 3e38F, -3e38F, 3e38F, 3e38F}, {1, 1, 1, 1, 50, 1}, {0}};
    for (size_t r = 0; r < 3; r++)
        for (size_t n = 2; n <= 6; n++) {
            axis a;
            even_axis(&a, n);
            float out[6];
            run(&a, 3.5, 3, rows[r], out);
            for (size_t i = 0; i < n; i++)
                cr_assert(isfinite(out[i]), "row %zu, channel %zu of %zu", r, i, n);
            axis_clear(&a);
        }
    axis a;
    even_axis(&a, 6);
    float out[6];
    run(&a, 3.5, 3, (const float[]){1, 2, NAN, 4, 5, 7}, out);
    for (size_t i = 0; i < 6; i++)
        cr_assert(isnan(out[i]));
    axis_clear(&a);
}
