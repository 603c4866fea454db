/* whittaker: the banded solution is that of a dense one and of a sparse solve. */
#include "preprocess/steps.h"

#include "number_table.h"
#include "one_step.h"

#include <stdio.h>

static void run(const axis *a, double lam, const float *row, float *out)
{
    run_step(&whittaker_step, &(step_value){.number = lam}, a, row, out);
}

/* The definition: (I + lam D'D) x = y, built row of D by row of D, in float64. */
static void solve(size_t n, double lam, const float *row, double *x)
{
    double *d = memory_new(3 * n, sizeof *d), *e = d + n, *f = d + 2 * n;
    for (size_t i = 0; i < n; i++) {
        d[i] = 1;
        x[i] = row[i];
    }
    for (size_t i = 0; i + 2 < n; i++) {
        d[i] += lam;
        d[i + 1] += 4 * lam;
        d[i + 2] += lam;
        e[i] -= 2 * lam;
        e[i + 1] -= 2 * lam;
        f[i] += lam;
    }
    for (size_t i = 0; i < n; i++) {
        double part = i + 1 < n ? e[i] / d[i] : 0, part2 = i + 2 < n ? f[i] / d[i] : 0;
        if (i + 1 < n) {
            d[i + 1] -= part * e[i];
            x[i + 1] -= part * x[i];
        }
        if (i + 2 < n) {
            e[i + 1] -= part2 * e[i];
            d[i + 2] -= part2 * f[i];
            x[i + 2] -= part2 * x[i];
        }
    }
    for (size_t i = n; i-- > 0;)
        x[i] = (x[i] - (i + 1 < n ? e[i] * x[i + 1] : 0) - (i + 2 < n ? f[i] * x[i + 2] : 0)) / d[i];
    free(d);
}

static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / 16777216.0 - 0.5;
}

/* kind 0: noise; 1: noise on a ramp; 2: noise on a large constant. */
static void fill(float *row, size_t n, int kind)
{
    uint64_t state = n;
    for (size_t i = 0; i < n; i++)
        row[i] = (float)(noise(&state) + (kind == 1 ? 300.0 * (double)i / (double)n : kind == 2 ? 1000.0 : 0.0));
}

static double worst_error(size_t n, double lam, int kind)
{
    axis a;
    even_axis(&a, n);
    float *row = memory_raw(n, sizeof *row), *out = memory_raw(n, sizeof *out);
    double *x = memory_raw(n, sizeof *x), worst = 0, most = 0;
    fill(row, n, kind);
    run(&a, lam, row, out);
    solve(n, lam, row, x);
    for (size_t i = 0; i < n; i++) {
        worst = fmax(worst, fabs(out[i] - x[i]));
        most = fmax(most, fabs((double)row[i]));
    }
    free(row);
    free(out);
    free(x);
    axis_clear(&a);
    return worst / most;
}

/* Relative to the largest intensity. */
Test(whittaker, is_the_banded_solution_up_to_both_ends)
{
    const size_t n[] = {3, 4, 5, 6, 7, 8, 11, 13, 17, 26, 64, 97, 101, 1000, 1021, 2048, 7919, 8192, 24877, 24878};
    const double lam[] = {0, 0.1, 1, 20, 1e3, 1e4, 1e6};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        for (size_t k = 0; k < sizeof lam / sizeof *lam; k++)
            for (int kind = 0; kind < 3; kind++) {
                double worst = worst_error(n[i], lam[k], kind);
                cr_assert_lt(worst, 1e-6, "n = %zu, lam = %g, kind %d: %g", n[i], lam[k], kind, worst);
            }
}

Test(whittaker, a_straight_line_passes)
{
    enum { n = 200 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        row[i] = 3 + 0.5F * (float)i;
    run(&a, 1e6, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i], row[i], 1e-4);
    axis_clear(&a);
}

Test(whittaker, each_segment_by_itself_short_ones_unchanged_in_place)
{
    enum { n = 52, first = 50 };
    double nm[n];
    float row[n], out[n], alone[first];
    fill(row, n, 0);
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + 0.05 * (double)i + (i >= first ? 10 : 0);
    axis both, one;
    cr_assert_eq(axis_make(&both, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(both.n_segments, 2);
    even_axis(&one, first);
    run(&one, 20, row, alone);
    memcpy(out, row, sizeof row);
    run(&both, 20, out, out);
    cr_assert_eq(memcmp(out, alone, sizeof alone), 0);
    cr_assert_eq(memcmp(out + first, row + first, 2 * sizeof *row), 0);
    cr_assert_gt(fabsf(alone[10] - row[10]), 1e-3);
    axis_clear(&both);
    axis_clear(&one);
}

Test(whittaker, of_a_row_that_is_not_finite_nothing_is_left)
{
    enum { n = 200 };
    axis a;
    even_axis(&a, n);
    float row[n];
    for (size_t at = 0; at < n; at += 37) {
        fill(row, n, 1);
        row[at] = NAN;
        run(&a, 20, row, row);
        for (size_t i = 0; i < n; i++)
            cr_assert(isnan(row[i]), "NaN at %zu", at);
    }
    axis_clear(&a);
}

Test(whittaker, agrees_with_a_sparse_solve)
{
    enum { n = 2048 };
    number_table table = number_table_of("baselines/aceh_1_380nm.csv", ',');
    const double *nm = number_table_column(&table, "wavelength_nm");
    const double *intensity = number_table_column(&table, "intensity");
    const double *smooth[] = {number_table_column(&table, "whittaker_20"),
                              number_table_column(&table, "whittaker_10000")};
    static float row[n], out[n];
    cr_assert_eq(table.n_rows, n);
    for (size_t i = 0; i < n; i++)
        row[i] = (float)intensity[i];
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, row[i]);
    for (size_t k = 0; k < 2; k++) {
        run(&a, k == 0 ? 20 : 1e4, row, out);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(out[i], smooth[k][i], 2e-7 * most, "channel %zu", i);
    }
    axis_clear(&a);
    number_table_free(&table);
}
