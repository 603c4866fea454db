/* Screening within a specimen: planted outliers, saturated and damaged shots are found, and no others. */
#include "dataset/screening.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n_channels = 2048, n_shots = 20 };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(2 * M_PI * uniform(state));
}

/* Shots of one specimen: the same lines, a total that varies by 5 %, noise. */
static float *simulate(uint64_t seed)
{
    float *rows = memory_new((size_t)n_shots * n_channels, sizeof *rows);
    cr_assert_not_null(rows);
    for (size_t s = 0; s < n_shots; s++) {
        double scale = 1 + 0.05 * normal(&seed);
        uint64_t lines = 5;
        float *row = rows + s * n_channels;
        for (size_t i = 0; i < n_channels; i++)
            row[i] = (float)(200 * scale + 10 * normal(&seed));
        for (size_t k = 0; k < 100; k++) {
            size_t at = 10 + (size_t)(uniform(&lines) * (n_channels - 20));
            double height = 5000 * pow(uniform(&lines), 4) * scale;
            for (size_t i = at - 8; i < at + 9; i++) {
                double d = ((double)i - (double)at) / 1.5;
                row[i] += (float)(height * exp(-d * d / 2));
            }
        }
    }
    return rows;
}

static void screen(const float *rows, double full_scale, uint8_t *fate)
{
    double total[n_shots], correlation[n_shots];
    const float *used[n_shots];
    float median[n_channels];
    size_t n_used = 0;
    for (size_t i = 0; i < n_shots; i++) {
        fate[i] = screen_shot(&total[i], rows + i * n_channels, n_channels, full_scale);
        if (fate[i] == ADAMAS_SHOT_USED)
            used[n_used++] = rows + i * n_channels;
    }
    cr_assert_gt(n_used, 0);
    screen_median(median, used, n_used, n_channels);
    sums_moments moments = sums_moments_of(median, n_channels);
    for (size_t i = 0; i < n_shots; i++)
        correlation[i] = fate[i] ? NAN : screen_correlation(rows + i * n_channels, median, &moments, n_channels);
    cr_assert_eq(screen_outliers(fate, n_shots, total, correlation, NULL), ADAMAS_OK);
}

Test(screen, planted_shots_are_found_and_no_other)
{
    float *rows = simulate(1);
    rows[3 * n_channels + 77] = NAN;
    rows[4 * n_channels] = INFINITY;
    for (size_t i = 0; i < n_channels; i++) {
        rows[6 * n_channels + i] *= 0.3F;
        rows[7 * n_channels + i] *= 2;
        rows[8 * n_channels + i] = rows[9 * n_channels + (i + 700) % n_channels];
        rows[11 * n_channels + i] = fminf(rows[11 * n_channels + i], 800);
        rows[12 * n_channels + i] = 0;
    }
    uint8_t fate[n_shots], expected[n_shots] = {0};
    expected[3] = expected[4] = ADAMAS_SHOT_NOT_FINITE;
    expected[6] = expected[7] = expected[8] = expected[12] = ADAMAS_SHOT_OUTLIER;
    expected[11] = ADAMAS_SHOT_SATURATED;
    screen(rows, NAN, fate);
    for (size_t i = 0; i < n_shots; i++)
        cr_assert_eq(fate[i], expected[i], "shot %zu: %d", i, fate[i]);
    free(rows);
}

/* Gaussian noise and a total that varies by 5 %: at most 2 % of clean shots are set aside (0.3 % here). */
Test(screen, clean_shots_stay)
{
    size_t aside = 0, n_sets = 50;
    for (size_t set = 0; set < n_sets; set++) {
        float *rows = simulate(100 + set);
        uint8_t fate[n_shots];
        screen(rows, NAN, fate);
        for (size_t i = 0; i < n_shots; i++)
            aside += fate[i] != ADAMAS_SHOT_USED;
        free(rows);
    }
    cr_assert_leq(aside, n_sets * n_shots / 50, "%zu of %zu", aside, n_sets * n_shots);
}

Test(screen, saturation_is_a_share_of_channels)
{
    float row[n_channels];
    double total;
    for (size_t i = 0; i < n_channels; i++)
        row[i] = (float)(i % 7);
    for (size_t i = 0; i < 4; i++)
        row[100 + i] = 65535;
    cr_assert_eq(screen_shot(&total, row, n_channels, 65535), ADAMAS_SHOT_USED);
    cr_assert_eq(screen_shot(&total, row, n_channels, NAN), ADAMAS_SHOT_USED);
    row[104] = 65535;
    cr_assert_eq(screen_shot(&total, row, n_channels, 65535), ADAMAS_SHOT_SATURATED);
    cr_assert_eq(screen_shot(&total, row, n_channels, NAN), ADAMAS_SHOT_SATURATED);
    cr_assert_eq(screen_shot(&total, row, n_channels, 70000), ADAMAS_SHOT_USED);
    row[102] = 65534;
    cr_assert_eq(screen_shot(&total, row, n_channels, NAN), ADAMAS_SHOT_USED);
    cr_assert_float_eq(screen_saturated_share, 0.002, 1e-15);
}

/* A row at full scale everywhere is saturated; one that is dark everywhere, or below 0, is not. */
Test(screen, a_flat_shot_above_0_is_saturated)
{
    float row[n_channels];
    double total;
    for (size_t i = 0; i < n_channels; i++)
        row[i] = 65535;
    cr_assert_eq(screen_shot(&total, row, n_channels, NAN), ADAMAS_SHOT_SATURATED);
    cr_assert_eq(screen_shot(&total, row, n_channels, 65535), ADAMAS_SHOT_SATURATED);
    cr_assert_eq(screen_shot(&total, row, n_channels, 65536), ADAMAS_SHOT_USED);
    static const float dark[] = {0, -3};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < n_channels; i++)
            row[i] = dark[k];
        cr_assert_eq(screen_shot(&total, row, n_channels, NAN), ADAMAS_SHOT_USED);
    }
}

Test(screen, log_total)
{
    const float rows[][3] = {{1, 2, 4}, {1, -3, 1}, {0, 0, 0}, {3e38F, 3e38F, 3e38F}};
    double total;
    cr_assert_eq(screen_shot(&total, rows[0], 3, 100), ADAMAS_SHOT_USED);
    cr_assert_float_eq(total, log(7), 1e-15);
    cr_assert_eq(screen_shot(&total, rows[1], 3, 100), ADAMAS_SHOT_USED);
    cr_assert_eq(total, -INFINITY);
    cr_assert_eq(screen_shot(&total, rows[2], 3, NAN), ADAMAS_SHOT_USED);
    cr_assert_eq(total, -INFINITY);
    cr_assert_eq(screen_shot(&total, rows[3], 3, 3.4e38), ADAMAS_SHOT_USED);
    cr_assert(isfinite(total));
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Any number of rows, with many equal values in some channels and none in others; a block of channels and part of
 * one. */
Test(screen, median_is_that_of_sorted_columns)
{
    enum { n_columns = 37 };
    uint64_t state = 9;
    static float rows[screen_max_median_rows * n_columns], median[n_columns], column[screen_max_median_rows];
    const float *row[screen_max_median_rows];
    for (size_t i = 0; i < screen_max_median_rows; i++)
        row[i] = rows + i * n_columns;
    for (size_t n = 1; n <= screen_max_median_rows; n++) {
        for (size_t i = 0; i < n_columns * n; i++)
            rows[i] = (float)(i % 2 ? (int)(20 * uniform(&state)) : normal(&state));
        screen_median(median, row, n, n_columns);
        for (size_t c = 0; c < n_columns; c++) {
            for (size_t i = 0; i < n; i++)
                column[i] = rows[n_columns * i + c];
            qsort(column, n, sizeof *column, by_size);
            double middle = (double)column[(n - 1) / 2] / 2 + (double)column[n / 2] / 2;
            cr_assert_eq(median[c], (float)middle, "%zu rows, channel %zu", n, c);
        }
    }
}

static double correlate(const float *row, const float *median, size_t n)
{
    sums_moments moments = sums_moments_of(median, n);
    return screen_correlation(row, median, &moments, n);
}

Test(screen, correlation)
{
    const float a[] = {1, 2, 3, 4}, b[] = {1, 3, 2, 4}, flat[] = {5, 5, 5, 5};
    cr_assert_float_eq(correlate(a, b, 4), atanh(0.8), 1e-14);
    cr_assert_eq(correlate(a, flat, 4), 0);
    cr_assert_eq(correlate(flat, a, 4), 0);
    cr_assert(isfinite(correlate(a, a, 4)));
}

Test(screen, few_or_equal_shots_are_never_outliers)
{
    uint8_t fate[] = {0, 0, 0, ADAMAS_SHOT_SATURATED};
    const double total[] = {1, 1, 9, 1}, correlation[] = {3, 3, -3, 3};
    cr_assert_eq(screen_outliers(fate, 4, total, correlation, NULL), ADAMAS_OK);
    cr_assert(fate[2] == 0 && fate[3] == ADAMAS_SHOT_SATURATED);
    fate[3] = 0;
    cr_assert_eq(screen_outliers(fate, 4, total, correlation, NULL), ADAMAS_OK);
    cr_assert(fate[2] == ADAMAS_SHOT_OUTLIER && fate[3] == 0);
    uint8_t equal[] = {0, 0, 0, 0, 0};
    const double same[] = {1, 1, 1 + 1e-7, 1, 1}, alike[] = {5, 5, 5, 5 - 1e-3, 5};
    cr_assert_eq(screen_outliers(equal, 5, same, alike, NULL), ADAMAS_OK);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(equal[i], ADAMAS_SHOT_USED);
}

/* A high correlation is no outlier; a total of 0 or less is one, unless most shots have such a total. */
Test(screen, sides)
{
    const double none = -INFINITY;
    uint8_t fate[6] = {0};
    const double total[] = {1, 1, 1, 1, none, 1}, correlation[] = {2, 2, 2, 2, 2, 8};
    cr_assert_eq(screen_outliers(fate, 6, total, correlation, NULL), ADAMAS_OK);
    cr_assert(fate[4] == ADAMAS_SHOT_OUTLIER && fate[5] == ADAMAS_SHOT_USED && fate[0] == ADAMAS_SHOT_USED);
    uint8_t dark[5] = {0};
    const double mostly[] = {none, none, none, 1, 2}, same[] = {0, 0, 0, 0, 0};
    cr_assert_eq(screen_outliers(dark, 5, mostly, same, NULL), ADAMAS_OK);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(dark[i], ADAMAS_SHOT_USED);
}
