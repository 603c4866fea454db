/* snv, area, minmax, sqrt, log1p and standard: definitions in float64, exactness, and rows that cannot be
 * normalised. */
#include "preprocess/steps.h"

#include "base/memory.h"

#include "number_table.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const step *const all[] = {&snv_step, &area_step, &minmax_step, &sqrt_step, &log1p_step};

static void make(axis *a, const double *nm, size_t n)
{
    cr_assert_eq(axis_make(a, nm, n, "test", NULL), ADAMAS_OK);
}

static void all_nan(const float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(out[i]), "channel %zu: %g", i, (double)out[i]);
}

Test(snv, mean_0_and_standard_deviation_1)
{
    const double nm[] = {300, 301, 302, 303};
    const float row[] = {2, 4, 4, 6};
    float out[4];
    axis a;
    make(&a, nm, 4);
    snv_step.apply(NULL, &a, row, out, NULL);
    cr_assert_float_eq(out[0], -sqrt(2), 1e-6);
    cr_assert_float_eq(out[1], 0, 1e-6);
    cr_assert_float_eq(out[3], sqrt(2), 1e-6);
    axis_clear(&a);
}

/* Rows of all kinds against float64: noise on a level a million times as high, a first quarter unlike the rest, one
 * very strong line, squares beyond the range of float32. */
Test(snv, is_as_exact_as_float32)
{
    enum { most = 5000 };
    static double nm[most];
    static float row[most], out[most];
    for (size_t i = 0; i < most; i++)
        nm[i] = 300 + (double)i;
    for (size_t n = 2; n <= most; n += n < 80 ? 1 : 492)
        for (int kind = 0; kind < 6; kind++) {
            double mean = 0, variance = 0, size = kind == 4 ? 1e25 : kind == 5 ? 1e-25 : 1;
            for (size_t i = 0; i < n; i++) {
                double x = sin((double)(i * i)) + (kind == 1 ? 1e6 : 0) + (kind == 2 && i >= n / 4 ? 1e4 : 0);
                row[i] = (float)(size * (x + (kind == 3 && i == n / 2 ? 1e7 : 0)));
                mean += row[i] / (double)n;
            }
            for (size_t i = 0; i < n; i++)
                variance += (row[i] - mean) * (row[i] - mean) / (double)n;
            axis a;
            make(&a, nm, n);
            snv_step.apply(NULL, &a, row, out, NULL);
            for (size_t i = 0; i < n; i++) {
                double expected = (row[i] - mean) / sqrt(variance);
                cr_assert_float_eq(out[i], expected, 1e-6 * fmax(fabs(expected), 1), "kind %d, channel %zu of %zu: %g",
                                   kind, i, n, expected);
            }
            axis_clear(&a);
        }
}

Test(snv, a_row_without_variance_leaves_nothing)
{
    enum { n = 1001 };
    double nm[n];
    float row[n], out[n];
    for (size_t i = 0; i < n; i++) {
        nm[i] = 300 + (double)i;
        row[i] = 0.1F;
    }
    axis a;
    make(&a, nm, n);
    snv_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, n);
    memset(row, 0, sizeof row);
    snv_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, n);
    row[7] = 1e-30F;
    snv_step.apply(NULL, &a, row, out, NULL);
    cr_assert_float_eq(out[7], sqrt(n - 1.0), 1e-3);
    axis_clear(&a);
}

Test(area, is_the_integral_over_nm_within_segments)
{
    const double nm[] = {300, 301, 303, 350, 351};
    const float row[] = {1, 3, 5, 100, 50};
    float out[5];
    axis a;
    make(&a, nm, 5);
    cr_assert_eq(a.n_segments, 2);
    area_step.apply(NULL, &a, row, out, NULL);
    for (size_t i = 0; i < 5; i++)
        cr_assert_float_eq(out[i], row[i] / (2 + 8 + 75), 1e-7);
    axis_clear(&a);
}

Test(area, nothing_to_divide_by_leaves_nothing)
{
    const double nm[] = {300, 301, 302};
    const float rows[][3] = {{0, 0, 0}, {1, -3, 1}, {-1, -1, -1}};
    axis a;
    make(&a, nm, 3);
    for (size_t i = 0; i < 3; i++) {
        float out[3];
        area_step.apply(NULL, &a, rows[i], out, NULL);
        all_nan(out, 3);
    }
    axis_clear(&a);
}

Test(sqrt, keeps_the_sign)
{
    const double nm[] = {300, 301, 302};
    float row[] = {9, -4, 0};
    axis a;
    make(&a, nm, 3);
    sqrt_step.apply(NULL, &a, row, row, NULL);
    cr_assert_eq(row[0], 3);
    cr_assert_eq(row[1], -2);
    cr_assert_eq(row[2], 0);
    axis_clear(&a);
}

Test(minmax, lowest_0_and_highest_1)
{
    enum { n = 150 };
    double nm[n];
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + (double)i;
    axis a;
    make(&a, nm, n);
    for (size_t at = 0; at < n; at++) {
        for (size_t i = 0; i < n; i++)
            row[i] = (float)(100 + 50 * sin((double)(i * i)));
        row[at] = 400;
        row[(at + 77) % n] = -100;
        minmax_step.apply(NULL, &a, row, out, NULL);
        cr_assert(out[at] == 1 && out[(at + 77) % n] == 0, "channel %zu", at);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(out[i], (row[i] + 100.0) / 500, 1e-7, "channel %zu", i);
    }
    row[7] = NAN;
    minmax_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, n);
    for (size_t i = 0; i < n; i++)
        row[i] = 0.1F;
    minmax_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, n);
    axis_clear(&a);
}

/* Over all float32 numbers, one in some hundreds, both signs. */
Test(log1p, agrees_with_the_library_s_to_2e_7)
{
    enum { n = 4096 };
    double nm[n];
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + (double)i;
    axis a;
    make(&a, nm, n);
    for (uint32_t bits = 0; bits < 0x7f800000 - 509 * n; bits += 509 * n) {
        for (uint32_t i = 0; i < n; i++) {
            uint32_t place = bits + 509 * i;
            memcpy(&row[i], &place, sizeof place);
            row[i] = i % 2 ? -row[i] : row[i];
        }
        log1p_step.apply(NULL, &a, row, out, NULL);
        for (size_t i = 0; i < n; i++) {
            double expected = copysign(log1p(fabs((double)row[i])), row[i]);
            if (!(fabs(out[i] - expected) <= 2e-7 * fabs(expected)))
                cr_assert_fail("%.9g: %.9g for %.9g", (double)row[i], (double)out[i], expected);
        }
    }
    axis_clear(&a);
}

Test(log1p, ends_of_the_range)
{
    const double nm[] = {300, 301, 302, 303};
    float row[] = {0, -0.0F, FLT_MAX, -FLT_MAX}, out[4];
    axis a;
    make(&a, nm, 4);
    log1p_step.apply(NULL, &a, row, out, NULL);
    cr_assert(out[0] == 0 && out[1] == 0 && out[3] == -out[2]);
    cr_assert_float_eq(out[2], 88.722839, 1e-5);
    row[1] = INFINITY;
    log1p_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, 4);
    row[1] = NAN;
    log1p_step.apply(NULL, &a, row, out, NULL);
    all_nan(out, 4);
    axis_clear(&a);
}

/* With an offset the gain plays no part (a power of two changes no bit), and signs are kept. */
Test(log1p, relative_to_the_mean)
{
    const double nm[] = {300, 301, 302, 303};
    const step_value offset = {.number = 0.5};
    float row[] = {2, -4, 0, 10}, out[4], scaled[4];
    void *state;
    axis a;
    make(&a, nm, 4);
    cr_assert_eq(log1p_step.create(&state, &offset, &a, NULL, NULL), ADAMAS_OK);
    log1p_step.apply(state, &a, row, out, NULL);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_float_eq(out[i], copysign(log1p(fabs(row[i]) / 2), row[i]), 1e-6);
        row[i] *= 1024;
    }
    log1p_step.apply(state, &a, row, scaled, NULL);
    cr_assert_arr_eq(out, scaled, sizeof out);
    memset(row, 0, sizeof row);
    log1p_step.apply(state, &a, row, out, NULL);
    all_nan(out, 4);
    free(state);
    axis_clear(&a);
}

Test(normalise, extreme_rows_are_finite_or_all_nan_also_in_place)
{
    const double nm[] = {300, 301, 302, 303};
    const float rows[][4] = {{3e38F, -3e38F, 3e38F, 3e38F}, {1e-45F, 0, 0, 0}, {3e38F, 3e38F, -3e38F, -2.9e38F}};
    axis a;
    make(&a, nm, 4);
    for (size_t s = 0; s < sizeof all / sizeof *all; s++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            float row[4];
            memcpy(row, rows[r], sizeof row);
            all[s]->apply(NULL, &a, row, row, NULL);
            int finite = 0, nan = 0;
            for (size_t i = 0; i < 4; i++) {
                finite += isfinite(row[i]) != 0;
                nan += isnan(row[i]) != 0;
            }
            cr_assert(finite == 4 || nan == 4, "%s, row %zu", all[s]->name, r);
        }
    axis_clear(&a);
}

enum { n_line = 401 };

/* Steps grow from 0.008 to 0.012 nm. */
static void line_axis(axis *a)
{
    double nm[n_line];
    for (size_t i = 0; i < n_line; i++)
        nm[i] = 246 + 0.008 * (double)i + 5e-6 * (double)(i * i);
    make(a, nm, n_line);
}

static const step_value carbon[] = {{.number = 247.856}, {.number = 0.2}};

Test(standard, the_net_area_of_a_line_becomes_1)
{
    axis a;
    line_axis(&a);
    float row[n_line], out[n_line];
    double sigma = 0.03, area = 50 * sigma * sqrt(2 * M_PI);
    for (size_t i = 0; i < n_line; i++) {
        double d = (a.nm[i] - 247.856) / sigma;
        row[i] = (float)(50 * exp(-d * d / 2) + 100 + 30 * (a.nm[i] - 247));
    }
    void *state;
    cr_assert_eq(standard_step.create(&state, carbon, &a, NULL, NULL), ADAMAS_OK);
    standard_step.apply(state, &a, row, out, NULL);
    for (size_t i = 0; i < n_line; i++)
        cr_assert_float_eq(out[i] * area, row[i], 1e-4 * row[i], "channel %zu: %g", i, out[i] * area - row[i]);
    for (size_t i = 0; i < n_line; i++)
        row[i] = -row[i];
    standard_step.apply(state, &a, row, out, NULL);
    all_nan(out, n_line);
    memset(row, 0, sizeof row);
    standard_step.apply(state, &a, row, out, NULL);
    all_nan(out, n_line);
    free(state);
    axis_clear(&a);
}

Test(standard, an_axis_without_the_line_is_refused)
{
    axis a;
    line_axis(&a);
    adamas_error error;
    void *state = &a;
    const step_value outside[] = {{.number = 249.9}, {.number = 0.2}};
    cr_assert_eq(standard_step.create(&state, outside, &a, NULL, &error), ADAMAS_E_AXIS);
    cr_assert_null(state);
    cr_assert_not_null(strstr(error.message, "nm are needed, in one detector segment; the axis is "), "%s",
                       error.message);
    const step_value narrow[] = {{.number = 247.855}, {.number = 0.004}};
    cr_assert_eq(standard_step.create(&state, narrow, &a, NULL, &error), ADAMAS_E_AXIS);
    cr_assert_not_null(strstr(error.message, "with channels in the line and in both flanks"), "%s", error.message);
    axis_clear(&a);
}

Test(standard, a_line_at_a_gap_is_refused)
{
    double nm[40];
    for (size_t i = 0; i < 40; i++)
        nm[i] = 247 + 0.04 * (double)i + (i >= 22 ? 1 : 0);
    axis a;
    make(&a, nm, 40);
    cr_assert_eq(a.n_segments, 2);
    void *state;
    cr_assert_eq(standard_step.create(&state, carbon, &a, NULL, NULL), ADAMAS_E_AXIS);
    axis_clear(&a);
}

Test(snv, agrees_with_another_program)
{
    enum { n = 2048 };
    number_table table = number_table_of("baselines/aceh_1_380nm.csv", ',');
    const double *nm = number_table_column(&table, "wavelength_nm");
    const double *intensity = number_table_column(&table, "intensity");
    const double *expected = number_table_column(&table, "snv");
    static float row[n], out[n];
    cr_assert_eq(table.n_rows, n);
    for (size_t i = 0; i < n; i++)
        row[i] = (float)intensity[i];
    axis a;
    make(&a, nm, n);
    snv_step.apply(NULL, &a, row, out, NULL);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i], expected[i], 1e-7 * (1 + fabs(expected[i])), "channel %zu", i);
    axis_clear(&a);
    number_table_free(&table);
}
