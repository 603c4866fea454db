/* snip: agrees with pybaselines and with a case by hand, is never negative, keeps segments apart. */
#include "preprocess/steps.h"

#include "number_table.h"
#include "one_step.h"

#include <stdio.h>

static void run(const axis *a, double half_window, const float *row, float *out)
{
    run_step(&snip_step, &(step_value){.number = half_window}, a, row, out);
}

Test(snip, parameters)
{
    cr_assert_str_eq(snip_step.parameters[0].name, "max_half_window");
    cr_assert_eq(snip_step.parameters[0].fallback, 40);
    cr_assert(snip_step.parameters[0].whole);
}

Test(snip, a_straight_baseline_is_taken_off_up_to_the_ends_and_lines_stay)
{
    enum { n = 501 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++) {
        double d = ((double)i - 250) / 1.5;
        row[i] = (float)(1000 - 2 * (double)i + 500 * exp(-d * d / 2));
    }
    run(&a, 20, row, out);
    for (size_t i = 0; i < n; i++) {
        double d = ((double)i - 250) / 1.5;
        cr_assert_float_eq(out[i], 500 * exp(-d * d / 2), 2e-2, "channel %zu: %g", i, (double)out[i]);
    }
    axis_clear(&a);
}

/* Windows 2, then 1, by hand; at channels 1 and 5 the window is 1 both times. */
Test(snip, a_case_done_by_hand)
{
    enum { n = 7 };
    axis a;
    even_axis(&a, n);
    const float row[n] = {1, 4, 2, 9, 3, 2, 5};
    /* w = 2: 1, 1.5, 2, 3, 3, 2, 5 (channel 1: (1+2)/2; 3: (4+2)/2); w = 1: 1, 1.5, 2, 2.5, 2.5, 2, 5. */
    const float baseline[n] = {1, 1.5F, 2, 2.5F, 2.5F, 2, 5};
    float out[n];
    run(&a, 2, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(out[i], row[i] - baseline[i], "channel %zu: %g", i, (double)out[i]);
    axis_clear(&a);
}

Test(snip, never_negative_not_even_at_a_steep_end)
{
    enum { n = 300 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        row[i] = (float)(5000 * exp(-(double)i / 10) + 10 + 3 * sin((double)(i * i)));
    run(&a, 40, row, out);
    for (size_t i = 0; i < n; i++) {
        cr_assert_geq(out[i], 0);
        cr_assert_geq(row[i] - out[i], 6.9);
    }
    axis_clear(&a);
}

Test(snip, each_segment_by_itself_and_in_place)
{
    check_segments(&snip_step, &(step_value){.number = 40});
}

Test(snip, short_segments_and_wide_windows)
{
    for (size_t n = 2; n < 6; n++) {
        axis a;
        even_axis(&a, n);
        const float row[] = {5, 9, 5, 7, 5};
        float out[5];
        run(&a, 1000, row, out);
        for (size_t i = 0; i < n; i++)
            cr_assert(out[i] >= 0 && out[i] <= row[i] - 5, "channel %zu of %zu: %g", i, n, (double)out[i]);
        if (n == 5)
            cr_assert_eq(out[1], 4);
        axis_clear(&a);
    }
}

/* The row ends at the end of its memory. */
Test(snip, segments_of_one_and_two_channels_at_the_end)
{
    enum { n = 23 };
    double nm[n];
    float *row = malloc(n * sizeof *row);
    for (size_t i = 0; i < n; i++) {
        nm[i] = i < 20 ? 300 + (double)i : i == 20 ? 250 : 180 + (double)i;
        row[i] = (float)(100 + i * i % 7);
    }
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a.n_segments, 3);
    run(&a, 40, row, row);
    for (size_t i = 20; i < n; i++)
        cr_assert_eq(row[i], 0, "channel %zu: %g", i, (double)row[i]);
    axis_clear(&a);
    free(row);
}

/* The straight line through y[w], at places from `first` on. */
static void go_on(const float *y, size_t w, double first, float least, float *out)
{
    double middle = (double)(w - 1) / 2, sum = 0, moment = 0, spread = 0;
    for (size_t i = 0; i < w; i++) {
        sum += y[i];
        moment += ((double)i - middle) * y[i];
        spread += ((double)i - middle) * ((double)i - middle);
    }
    for (size_t i = 0; i < w; i++) {
        double slope = spread > 0 ? moment / spread : 0;
        out[i] = fmaxf((float)(sum / (double)w + slope * (first + (double)i - middle)), least);
    }
}

static void plainly(size_t n, size_t w, const float *row, float *out)
{
    w = w < (n - 1) / 2 ? w : (n - 1) / 2;
    size_t all = n + 2 * w;
    float *y = memory_raw(all, sizeof *y), *before = memory_raw(all, sizeof *y), least = row[0];
    for (size_t i = 0; i < n; i++)
        least = fminf(least, row[i]);
    memcpy(y + w, row, n * sizeof *row);
    go_on(row, w, -(double)w, least, y);
    go_on(row + n - w, w, (double)w, least, y + w + n);
    for (; w > 0; w--) {
        memcpy(before, y, all * sizeof *y);
        for (size_t i = w; i < all - w; i++)
            y[i] = fminf(before[i], 0.5f * before[i - w] + 0.5f * before[i + w]);
    }
    for (size_t i = 0; i < n; i++)
        out[i] = row[i] - y[(all - n) / 2 + i];
    free(y);
    free(before);
}

/* Rows and windows of all proportions. */
Test(snip, bit_for_bit_as_pass_after_pass)
{
    enum { most = 24001, long_for_wide_windows = 5000 };
    static const size_t lengths[] = {2, 3, 4, 17, 100, 1023, 1024, 1025, 1279, 2100, 5000, 9500, 13001, most};
    static const size_t windows[] = {1, 2, 15, 16, 17, 40, 49, 64, 150, 1300, 100000};
    static float row[most], out[most], expected[most];
    for (size_t i = 0; i < most; i++)
        row[i] = (float)(500 + 300 * sin(0.003 * (double)i) + (double)(i * i % 97) + (i % 61 == 7 ? 900 : 0));
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        axis a;
        even_axis(&a, lengths[k]);
        for (size_t j = 0; j < sizeof windows / sizeof *windows; j++) {
            if (a.n > long_for_wide_windows && windows[j] > 1000)
                continue;
            run(&a, (double)windows[j], row, out);
            plainly(a.n, windows[j], row, expected);
            cr_assert_eq(memcmp(out, expected, a.n * sizeof *out), 0, "%zu channels, window %zu", a.n, windows[j]);
        }
        axis_clear(&a);
    }
}

Test(snip, numbers_too_large_leave_nothing)
{
    axis a;
    even_axis(&a, 3);
    const float row[] = {-3e38F, 3e38F, -3e38F};
    float out[3];
    run(&a, 1, row, out);
    for (size_t i = 0; i < 3; i++)
        cr_assert(isnan(out[i]));
    axis_clear(&a);
}

/* Both extrapolate the ends by straight lines; that of pybaselines falls to -16,900 at the right end, ours is limited
 * to the lowest channel, and the windows propagate the difference 265 channels into the row. */
Test(snip, agrees_with_pybaselines_inside_of_the_ends)
{
    enum { n = 2048, inside = 288 };
    number_table table = number_table_of("baselines/aceh_1_380nm.csv", ',');
    const double *nm = number_table_column(&table, "wavelength_nm");
    const double *intensity = number_table_column(&table, "intensity");
    const double *baseline = number_table_column(&table, "snip_40");
    static float row[n], out[n];
    cr_assert_eq(table.n_rows, n);
    for (size_t i = 0; i < n; i++)
        row[i] = (float)intensity[i];
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    run(&a, 40, row, out);
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, row[i]);
    for (size_t i = inside; i < n - inside; i++)
        cr_assert_float_eq(row[i] - out[i], baseline[i], 1e-6 * most, "channel %zu", i);
    for (size_t i = 80; i < inside; i++)
        cr_assert_float_eq(row[i] - out[i], baseline[i], 2e-4 * most, "channel %zu from the left", i);
    for (size_t i = n - inside; i < n - 80; i++)
        cr_assert_float_eq(row[i] - out[i], baseline[i], 0.02 * most, "channel %zu", i);
    axis_clear(&a);
    number_table_free(&table);
}
