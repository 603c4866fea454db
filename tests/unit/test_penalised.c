/* arpls, asls and airpls: the solver against a dense definition, the iteration against pybaselines. */
#include "base/memory.h"
#include "preprocess/penalised_kernel.h"
#include "preprocess/penalised_weights_kernel.h"
#include "preprocess/steps.h"

#include "number_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const step *const steps[] = {&arpls_step, &asls_step, &airpls_step};
enum { n_steps = 3 };

static double noise(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / 16777216.0 - 0.5;
}

/* (W + lam D'D) z = W y by Cholesky, row of D by row of D, in long double. */
static void reference(size_t n, long double lam, const double *w, const double *y, double *z)
{
    long double *d = memory_new(4 * n, sizeof *d), *e = d + n, *f = d + 2 * n, *x = d + 3 * n;
    for (size_t i = 0; i < n; i++) {
        d[i] = w[i];
        x[i] = (long double)w[i] * y[i];
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
        long double one = i + 1 < n ? e[i] / d[i] : 0, two = i + 2 < n ? f[i] / d[i] : 0;
        if (i + 1 < n) {
            d[i + 1] -= one * e[i];
            x[i + 1] -= one * x[i];
        }
        if (i + 2 < n) {
            e[i + 1] -= two * e[i];
            d[i + 2] -= two * f[i];
            x[i + 2] -= two * x[i];
        }
    }
    for (size_t i = n; i-- > 0;) {
        x[i] = (x[i] - (i + 1 < n ? e[i] * x[i + 1] : 0) - (i + 2 < n ? f[i] * x[i + 2] : 0)) / d[i];
        z[i] = (double)x[i];
    }
    free(d);
}

static size_t place(size_t h, size_t i, size_t l)
{
    return i < h ? i * PENALISED_LANES + l : (2 * h - 1 - i) * PENALISED_LANES + PENALISED_ROWS + l;
}

typedef void (*solver)(const penalised_system *s, double lam, penalised_negative *below);

static double worst_error(solver solve, size_t n, double lam, double least_weight)
{
    size_t h = (n + 1) / 2, room = h * PENALISED_LANES;
    float *y = memory_new(3 * room, sizeof *y), *w = y + room, *z = w + room;
    penalised_factor *factors = memory_raw(h, sizeof *factors);
    penalised_system s = {.h = h, .y = y, .w = w, .z = z, .factors = factors};
    penalised_negative below;
    double *row = memory_raw(3 * n, sizeof *row), *weights = row + n, *expected = row + 2 * n, worst = 0;
    uint64_t state = n;
    for (size_t i = 0; i < room; i++) {
        y[i] = (float)(10 + noise(&state));
        w[i] = noise(&state) > 0 ? 1 : (float)least_weight;
    }
    for (size_t l = 0; n % 2 && l < PENALISED_ROWS; l++)
        w[place(h, n, l)] = 0;
    solve(&s, lam, &below);
    for (size_t l = 0; l < PENALISED_ROWS; l++) {
        double n_below = 0, sum = 0, squares = 0;
        for (size_t i = 0; i < n; i++) {
            row[i] = y[place(h, i, l)];
            weights[i] = w[place(h, i, l)];
        }
        reference(n, lam, weights, row, expected);
        for (size_t i = 0; i < 2 * h; i++) {
            double residual = (double)y[place(h, i, l)] - z[place(h, i, l)], low = residual < 0 ? residual : 0;
            worst = fmax(worst, i < n ? fabs(z[place(h, i, l)] - expected[i]) : 0);
            n_below += residual < 0;
            sum += low;
            squares += low * low;
        }
        cr_assert_float_eq(below.n[l], n_below, 1 + 0.001 * (double)n, "n = %zu, lam = %g", n, lam);
        cr_assert_float_eq(below.sum[l], sum, 2e-6 * (double)n);
        cr_assert_float_eq(below.squares[l], squares, 2e-6 * (double)n);
    }
    free(row);
    free(factors);
    free(y);
    return worst;
}

/* The kernels for one width of SIMD vectors. */
typedef struct kernels {
    int bytes;
    solver solve;
    void (*weigh[n_steps])(const penalised_weights *weights, penalised_change *change);
} kernels;

static const kernels widths[] = {
    {16, penalised_solve_16, {penalised_arpls_16, penalised_asls_16, penalised_airpls_16}},
#ifdef SIMD_WIDER
    {32, penalised_solve_32, {penalised_arpls_32, penalised_asls_32, penalised_airpls_32}},
    {64, penalised_solve_64, {penalised_arpls_64, penalised_asls_64, penalised_airpls_64}},
#endif
};

#define EACH_WIDTH(w)                                                                                                  \
    for (const kernels *w = widths; w < widths + sizeof widths / sizeof *widths && w->bytes <= simd_bytes(); w++)

Test(penalised, solves_what_defines_it)
{
    const size_t n[] = {3, 4, 5, 6, 7, 8, 9, 31, 100, 1021, 8192};
    const double lam[] = {1, 1e2, 1e5, 1e6, 1e9}, least[] = {1, 0.01, 1e-18};
    EACH_WIDTH(w)
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        for (size_t k = 0; k < sizeof lam / sizeof *lam; k++)
            for (size_t m = 0; m < sizeof least / sizeof *least; m++) {
                /* with so few channels all weights may be nearly 0 */
                double worst = m == 2 && n[i] < 20 ? 0 : worst_error(w->solve, n[i], lam[k], least[m]);
                /* lam / w is the condition number */
                double rounding = 1e-14 * lam[k] / fmax(least[m], 0.01) / fmin((double)n[i], 100);
                cr_assert_lt(worst, 2e-5 + rounding, "%d bytes, n = %zu, lam = %g, least weight %g: %g", w->bytes, n[i],
                             lam[k], least[m], worst);
            }
}

static double new_weight(size_t rule, double y, double z, double a, double b)
{
    double d = y - z;
    return rule == 0 ? 1 / (1 + exp(fmin(a * (d - b), 40))) : rule == 1 ? (d > 0 ? a : b) : d < 0 ? exp(a * d) : 0;
}

/* Odd numbers of records, too: the weights of the last one are then computed separately. */
Test(penalised, each_lane_has_its_own_weights)
{
    enum { most = 7, lanes = PENALISED_LANES };
    EACH_WIDTH(w)
    for (size_t rule = 0; rule < n_steps; rule++)
        for (size_t n = 1; n <= most; n++) {
            _Alignas(64) float y[most * lanes], z[most * lanes], weight[most * lanes];
            penalised_weights weights = {.n = n, .y = y, .z = z, .w = weight};
            penalised_change found;
            double change[lanes] = {0}, before[lanes] = {0}, expected[most * lanes];
            for (size_t l = 0; l < lanes; l++) {
                weights.keep[l] = l != 3;
                weights.a[l] = (float)(rule == 2 ? -0.1 - 0.01 * (double)l : 0.5 + 0.1 * (double)l);
                weights.b[l] = rule == 2 ? 0 : 0.25F * (float)(l % 5);
            }
            for (size_t i = 0; i < n * lanes; i++) {
                size_t l = i % lanes;
                y[i] = (float)(i * i % 23);
                z[i] = (float)(i * 5 % 17);
                weight[i] = (float)(i % 3) / 3;
                expected[i] = weights.keep[l] * new_weight(rule, y[i], z[i], weights.a[l], weights.b[l]);
                change[l] += (expected[i] - weight[i]) * (expected[i] - weight[i]);
                before[l] += weight[i] * weight[i];
            }
            w->weigh[rule](&weights, &found);
            for (size_t i = 0; i < n * lanes; i++)
                cr_assert_float_eq(weight[i], expected[i], 1e-6 * expected[i] + 1e-17, "%d bytes, rule %zu, number %zu",
                                   w->bytes, rule, i);
            for (size_t l = 0; rule != 2 && l < lanes; l++) {
                cr_assert_float_eq(found.change[l], change[l], 1e-6 * change[l]);
                cr_assert_float_eq(found.before[l], before[l], 1e-6 * before[l]);
            }
        }
}

typedef struct setting {
    const step *step;
    step_value values[4];
} setting;

static setting usual(size_t i, double lam, double max_iter)
{
    setting s = {.step = steps[i], .values = {{.number = lam}, {.number = max_iter}, {.number = 1e-3}}};
    if (steps[i] == &asls_step) {
        s.values[1].number = 1e-2;
        s.values[2].number = max_iter;
        s.values[3].number = 1e-3;
    }
    return s;
}

static void run(setting s, const axis *a, size_t n_rows, float *rows, size_t stride)
{
    void *state;
    cr_assert_eq(s.step->create(&state, s.values, a, NULL, NULL), ADAMAS_OK);
    float *scratch = memory_raw(s.step->scratch(state), sizeof *scratch);
    s.step->apply_rows(state, a, n_rows, rows, stride, scratch);
    free(scratch);
    free(state);
}

/* `gap`: the channel before which a segment ends, 0: there is one. */
static void even_axis(axis *a, size_t n, size_t gap)
{
    double *nm = memory_raw(n, sizeof *nm);
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + 0.05 * (double)i + (gap && i >= gap ? 10 : 0);
    cr_assert_eq(axis_make(a, nm, n, "test", NULL), ADAMAS_OK);
    free(nm);
}

/* A continuum, some lines and noise. */
static void fill(float *row, size_t n, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t i = 0; i < n; i++) {
        double x = (double)i / (double)n, y = 500 + 300 * sin(3 * x + (double)seed) + 10 * noise(&state);
        for (int line = 0; line < 5; line++) {
            double t = ((double)i - (double)n * (0.1 + 0.18 * line)) / 3;
            y += 2000 * exp(-t * t / 2);
        }
        row[i] = (float)y;
    }
}

Test(penalised, a_row_does_not_depend_on_its_company)
{
    enum { n = 203, stride = 208, gap = 150 };
    axis a;
    even_axis(&a, n, gap);
    float *rows = memory_raw(STEP_ROWS * stride, sizeof *rows), *alone = memory_raw(stride, sizeof *alone);
    for (size_t k = 0; k < n_steps; k++) {
        setting s = usual(k, 1e4, 50);
        for (size_t company = 1; company <= STEP_ROWS; company += 5) {
            for (size_t i = 0; i < company; i++)
                fill(rows + i * stride, n, i + 1);
            if (company > 1)
                rows[stride + 60] = NAN;
            run(s, &a, company, rows, stride);
            for (size_t i = 0; i < company; i++) {
                fill(alone, n, i + 1);
                if (i == 1)
                    alone[60] = NAN;
                run(s, &a, 1, alone, stride);
                cr_assert_eq(memcmp(rows + i * stride, alone, n * sizeof *alone), 0, "%s, row %zu of %zu", s.step->name,
                             i, company);
                for (size_t c = 0; c < n; c++)
                    cr_assert_eq(isnan(alone[c]) != 0, i == 1);
            }
        }
    }
    free(rows);
    free(alone);
    axis_clear(&a);
}

Test(penalised, segments_of_two_channels_stay_and_longer_ones_lose_a_line)
{
    for (size_t k = 0; k < n_steps; k++)
        for (size_t n = 1; n <= 9; n++) {
            axis a;
            even_axis(&a, n + 2, n);
            float row[32];
            for (size_t i = 0; i < n + 2; i++)
                row[i] = 5 + 2 * (float)i;
            run(usual(k, 1e6, 50), &a, 1, row, 32);
            for (size_t i = 0; i < n + 2; i++)
                if (i >= n || n < 3)
                    cr_assert_eq(row[i], 5 + 2 * (float)i);
                else
                    cr_assert_float_eq(row[i], 0, 1e-4, "%s, %zu channels: %g", steps[k]->name, n, row[i]);
            axis_clear(&a);
        }
}

Test(penalised, rows_of_zeros_and_constant_rows_become_zeros_and_lam_may_be_huge)
{
    enum { n = 301, stride = 304 };
    axis a;
    even_axis(&a, n, 0);
    for (size_t k = 0; k < n_steps; k++)
        for (double lam = 1; lam <= 1e12; lam *= 1e3) {
            float *rows = memory_new(3 * stride, sizeof *rows);
            for (size_t i = 0; i < n; i++)
                rows[stride + i] = 1000;
            fill(rows + 2 * stride, n, 3);
            run(usual(k, lam, 50), &a, 3, rows, stride);
            for (size_t i = 0; i < n; i++) {
                cr_assert_eq(rows[i], 0);
                cr_assert_float_eq(rows[stride + i], 0, 1e-2, "%s, lam = %g: %g", steps[k]->name, lam,
                                   rows[stride + i]);
                cr_assert(isfinite(rows[2 * stride + i]));
            }
            free(rows);
        }
    axis_clear(&a);
}

/* pybaselines 1.2.1; arpls with 50 iterations, the others until convergence. */
Test(penalised, baselines_are_those_of_pybaselines)
{
    enum { n = 2048 };
    number_table table = number_table_of("baselines/aceh_1_380nm.csv", ',');
    const double *nm = number_table_column(&table, "wavelength_nm");
    const double *intensity = number_table_column(&table, "intensity");
    static float row[n];
    cr_assert_eq(table.n_rows, n);
    for (size_t i = 0; i < n; i++)
        row[i] = (float)intensity[i];
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    float most = 0, *out = memory_raw(n, sizeof *out);
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, row[i]);
    for (size_t k = 0; k < n_steps; k++) {
        double worst = 0;
        const double *expected = number_table_column(&table, steps[k]->name);
        memcpy(out, row, sizeof row);
        run(usual(k, k == 0 ? 1e5 : 1e6, 50), &a, 1, out, n);
        for (size_t i = 0; i < n; i++)
            worst = fmax(worst, fabs(row[i] - out[i] - expected[i]) / most);
        cr_assert_lt(worst, 1e-6, "%s: %g", steps[k]->name, worst);
    }
    free(out);
    axis_clear(&a);
    number_table_free(&table);
}
