/* pca: both routes and any blocks, threads and files give the same components, which are those of cases computed by
 * hand. */
#include "reduce/pca.h"

#include "base/memory.h"
#include "reduce/pca_file.h"
#include "reduce/projection.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0 - 0.5;
}

/* Lines of decreasing strength on a level of 100, and noise. */
static float *simulate(size_t n, size_t p)
{
    float *rows = memory_raw(n, p * sizeof *rows);
    cr_assert_not_null(rows);
    uint64_t state = 3;
    for (size_t r = 0; r < n; r++) {
        double strength[4];
        for (size_t k = 0; k < 4; k++)
            strength[k] = 40 * uniform(&state) / (double)(1 + k);
        for (size_t c = 0; c < p; c++)
            rows[r * p + c] = (float)(100 + strength[c % 4] * (double)(c % 7) + uniform(&state));
    }
    return rows;
}

/* max_rows determines which of the two Gram matrices is used. */
static pca fit(const float *rows, size_t n, size_t p, size_t max_rows, size_t block, size_t components, int threads)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    work w;
    pca_accumulator *sum;
    pca out;
    adamas_error error = {0};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_make(&sum, max_rows, p, NULL), ADAMAS_OK);
    for (size_t r = 0; r < n; r += block)
        cr_assert_eq(pca_accumulator_add(sum, n - r < block ? n - r : block, rows + r * p, &w, NULL), ADAMAS_OK);
    cr_assert_eq(pca_fit(&out, sum, components, &w, &error), ADAMAS_OK, "%s", error.message);
    pca_accumulator_free(sum);
    work_end(&w);
    return out;
}

static void same_bits(const pca *a, const pca *b)
{
    cr_assert(a->n_channels == b->n_channels && a->n_components == b->n_components && a->n_rows == b->n_rows);
    cr_assert_arr_eq(a->mean, b->mean, a->n_channels * sizeof *a->mean);
    cr_assert_arr_eq(a->components, b->components, a->n_components * a->n_channels * sizeof *a->components);
    cr_assert_arr_eq(a->variance, b->variance, a->n_components * sizeof *a->variance);
    cr_assert_arr_eq(&a->total_variance, &b->total_variance, sizeof a->total_variance);
}

static void orthonormal(const pca *m)
{
    for (size_t k = 0; k < m->n_components; k++)
        for (size_t l = 0; l <= k; l++) {
            double dot = 0;
            for (size_t c = 0; c < m->n_channels; c++)
                dot += (double)m->components[k * m->n_channels + c] * m->components[l * m->n_channels + c];
            cr_assert_float_eq(dot, k == l, 1e-6, "%zu, %zu: %g", k, l, dot);
        }
}

static void largest_is_positive(const pca *m)
{
    for (size_t k = 0; k < m->n_components; k++) {
        float largest = 0;
        for (size_t c = 0; c < m->n_channels; c++)
            if (fabsf(m->components[k * m->n_channels + c]) > fabsf(largest))
                largest = m->components[k * m->n_channels + c];
        cr_assert_gt(largest, 0);
    }
}

/* The same rows by the p x p matrix (max_rows above the number of channels) and by the n x n one, at sizes around that
 * of a tile. */
Test(pca, both_routes_agree)
{
    enum { n = 300, p = 530, few = 8 };
    float *rows = simulate(n, p);
    pca by_rows = fit(rows, n, p, n, n, few, 1), by_channels = fit(rows, n, p, p + 1, n, few, 1);
    cr_assert(by_rows.n_components == few && by_channels.n_components == few);
    cr_assert_float_eq(by_rows.total_variance, by_channels.total_variance, 1e-9 * by_rows.total_variance);
    for (size_t k = 0; k < few; k++)
        cr_assert_float_eq(by_rows.variance[k], by_channels.variance[k], 1e-9 * by_rows.variance[k]);
    for (size_t i = 0; i < 4 * p; i++) /* after the four lines the components are noise, but still the same */
        cr_assert_float_eq(by_rows.components[i], by_channels.components[i], 2e-7);
    for (size_t i = 4 * p; i < few * p; i++)
        cr_assert_float_eq(by_rows.components[i], by_channels.components[i], 1e-5);
    orthonormal(&by_rows);
    orthonormal(&by_channels);
    largest_is_positive(&by_rows);
    largest_is_positive(&by_channels);
    cr_assert_arr_eq(by_rows.mean, by_channels.mean, p * sizeof(double));
    pca_clear(&by_rows);
    pca_clear(&by_channels);
    free(rows);
}

Test(pca, blocks_and_threads_change_no_bit)
{
    enum { n = 600, p = 300, few = 6 };
    const size_t blocks[] = {1, 7, 256, 257, n};
    float *rows = simulate(n, p);
    for (int by_rows = 0; by_rows <= 1; by_rows++) {
        size_t used = by_rows ? 290 : n;
        pca first = fit(rows, used, p, used, used, few, 1);
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
            for (int threads = 1; threads <= 2; threads++) {
                pca other = fit(rows, used, p, used, blocks[b], few, threads);
                same_bits(&first, &other);
                pca_clear(&other);
            }
        pca_clear(&first);
    }
    free(rows);
}

static int hadamard(size_t i, size_t j)
{
    return __builtin_popcountll(i & j) % 2 ? -1 : 1;
}

/* Rows 50 + 40 h1[r] H1 + 8 h2[r] H2 + h3[r] H3, the h columns and H rows of Hadamard matrices, so that all is exact:
 * the components are H/sqrt(p), the variances a^2 p n / (n - 1). */
static void exact_case(size_t n, size_t p)
{
    const size_t of_row[] = {1, 6, 5}, of_channel[] = {3, 9, 14};
    const double strength[] = {40, 8, 1};
    float *rows = memory_new(n, p * sizeof *rows);
    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < p; c++) {
            double x = 50;
            for (size_t k = 0; k < 3; k++)
                x += strength[k] * hadamard(r, of_row[k]) * hadamard(c, of_channel[k]);
            rows[r * p + c] = (float)x;
        }
    pca m = fit(rows, n, p, n, 5, 10, 2);
    cr_assert_eq(m.n_components, 3, "%zu components", m.n_components);
    cr_assert_eq(m.n_rows, n);
    double total = 0;
    for (size_t k = 0; k < 3; k++) {
        double variance = strength[k] * strength[k] * (double)(p * n) / (double)(n - 1);
        total += variance;
        cr_assert_float_eq(m.variance[k], variance, 1e-10 * variance);
        for (size_t c = 0; c < p; c++)
            cr_assert_float_eq(fabsf(m.components[k * p + c]), 1 / sqrt((double)p), 1e-7);
        for (size_t c = 1; c < p; c++) /* all signs kept, or all changed */
            cr_assert_eq(m.components[k * p + c] > 0,
                         (hadamard(c, of_channel[k]) == hadamard(0, of_channel[k])) == (m.components[k * p] > 0));
    }
    cr_assert_float_eq(m.total_variance, total, 1e-10 * total);
    for (size_t c = 0; c < p; c++)
        cr_assert_float_eq(m.mean[c], 50, 1e-12);
    orthonormal(&m);
    pca_clear(&m);
    free(rows);
}

Test(pca, exact_case)
{
    exact_case(16, 64);
    exact_case(64, 16);
    exact_case(512, 16);
    exact_case(16, 1024);
    exact_case(1024, 640);
    exact_case(1024, 1024); /* a Krylov space of rank 3 does not converge: the exact decomposition of centred rows */
}

/* The largest entry of a component is negative for one of two orders of the rows: the sign of the whole component is
 * changed. */
Test(pca, a_component_is_turned_as_a_whole)
{
    for (int turned = 0; turned <= 1; turned++)
        for (int by_channels = 0; by_channels <= 1; by_channels++) {
            float rows[] = {-1, 3, 2, 1, -3, -2}, swapped[] = {1, -3, -2, -1, 3, 2};
            pca m = fit(turned ? swapped : rows, 2, 3, by_channels ? 4 : 2, 2, 3, 1);
            cr_assert_eq(m.n_components, 1);
            cr_assert_float_eq(m.components[0], -1 / sqrt(14), 1e-7);
            cr_assert_float_eq(m.components[1], 3 / sqrt(14), 1e-7);
            cr_assert_float_eq(m.components[2], 2 / sqrt(14), 1e-7);
            cr_assert_float_eq(m.variance[0], 28, 1e-12);
            pca_clear(&m);
        }
}

static void refuses(size_t n, const float *rows, size_t max_rows, const char *message)
{
    work w;
    pca_accumulator *sum;
    pca out;
    adamas_error error = {0};
    cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_make(&sum, max_rows, 3, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_add(sum, n, rows, &w, NULL), ADAMAS_OK);
    cr_assert_eq(pca_fit(&out, sum, 2, &w, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, message);
    cr_assert(!out.mean && !out.components && !out.variance);
    pca_accumulator_free(sum);
    work_end(&w);
}

Test(pca, refusals)
{
    const float same[] = {0.1F, 7, 1e5F, 0.1F, 7, 1e5F, 0.1F, 7, 1e5F};
    for (size_t max_rows = 3; max_rows <= 9; max_rows += 6) {
        refuses(0, same, max_rows, "principal components need at least 2 spectra, 0 found");
        refuses(1, same, max_rows, "principal components need at least 2 spectra, 1 found");
        refuses(3, same, max_rows, "all training spectra are the same: there are no principal components");
    }
    work w;
    pca_accumulator *sum;
    adamas_error error = {0};
    cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_make(&sum, 2, 3, NULL), ADAMAS_OK);
    cr_assert_eq(pca_accumulator_add(sum, 3, same, &w, &error), ADAMAS_E_ARGUMENT);
    pca_accumulator_free(sum);
    pca_accumulator_free(NULL);
    work_end(&w);
}

/* A row has the same scores alone, at any place of a full panel, and together with a row that is not finite. */
Test(pca, scores_do_not_depend_on_company)
{
    enum { n = 64, p = 777, few = 13, fewer = 5 };
    float *rows = simulate(n, p), *panel = memory_raw(PCA_MAX_ROWS, p * sizeof *panel);
    pca m = fit(rows, n, p, n, n, few, 1);
    float *scratch = memory_raw(pca_scratch(&m), sizeof *scratch);
    double alone[few], all[PCA_MAX_ROWS * few], cut[PCA_MAX_ROWS * fewer];
    for (size_t at = 0; at < PCA_MAX_ROWS; at++) {
        memcpy(panel, rows, PCA_MAX_ROWS * p * sizeof *panel);
        memcpy(panel + at * p, rows + 40 * p, p * sizeof *panel);
        panel[(at + 1) % PCA_MAX_ROWS * p + 3] = NAN;
        pca_scores(&m, few, 1, rows + 40 * p, alone, scratch);
        pca_scores(&m, few, PCA_MAX_ROWS, panel, all, scratch);
        cr_assert_arr_eq(all + at * few, alone, few * sizeof *alone, "place %zu", at);
        pca_scores(&m, fewer, at + 1, panel, cut, scratch);
        cr_assert_arr_eq(cut + at * fewer, alone, fewer * sizeof *alone);
    }
    for (size_t k = 0; k < few; k++) {
        double score = 0;
        for (size_t c = 0; c < p; c++)
            score += (rows[40 * p + c] - m.mean[c]) * m.components[k * p + c];
        cr_assert_float_eq(alone[k], score, 1e-5 * sqrt(m.variance[0]));
    }
    pca_clear(&m);
    free(scratch);
    free(panel);
    free(rows);
}

/* Components fitted to scores on all components without some rows, and transformed back, are those of the remaining
 * rows. */
Test(pca, expands)
{
    enum { n = 60, p = 500, fewer = 45, few = 6 };
    float *rows = simulate(n, p), *scratch, coordinates[n * n];
    pca span = fit(rows, n, p, n, n, n, 1), direct = fit(rows, fewer, p, fewer, fewer, few, 1);
    double *scores = memory_raw(PCA_MAX_ROWS, n * sizeof *scores);
    scratch = memory_raw(pca_scratch(&span), sizeof *scratch);
    for (size_t r = 0; r < n; r++) {
        pca_scores(&span, span.n_components, 1, rows + r * p, scores, scratch);
        for (size_t a = 0; a < span.n_components; a++)
            coordinates[r * span.n_components + a] = (float)scores[a];
        cr_assert_lt(pca_residual(&span, rows + r * p, scores), 1e-6 * span.total_variance,
                     "all rows lie in their span");
    }
    pca turned, narrow = fit(coordinates, fewer, span.n_components, fewer, fewer, few, 1);
    cr_assert_eq(pca_expand(&turned, &narrow, &span, NULL), ADAMAS_OK);
    cr_assert(turned.n_channels == p && turned.n_components == few && turned.n_rows == fewer);
    cr_assert_float_eq(turned.total_variance, direct.total_variance, 1e-6 * direct.total_variance);
    for (size_t c = 0; c < p; c++)
        cr_assert_float_eq(turned.mean[c], direct.mean[c], 1e-5);
    orthonormal(&turned);
    for (size_t k = 0; k < 4; k++) { /* the four lines; further components are noise */
        double dot = 0;
        for (size_t c = 0; c < p; c++)
            dot += (double)turned.components[k * p + c] * direct.components[k * p + c];
        cr_assert_float_eq(dot, 1, 1e-6, "component %zu, of the same sign", k);
        cr_assert_float_eq(turned.variance[k], direct.variance[k], 1e-6 * direct.variance[k]);
        double wide;
        pca_scores(&narrow, k + 1, 1, coordinates, scores, scratch);
        projection_scores(1, p, rows, turned.mean, 1, turned.components + k * p, &wide, scratch);
        cr_assert_float_eq(wide, scores[k], 1e-4 * sqrt(direct.variance[k]));
    }
    pca_clear(&span);
    pca_clear(&narrow);
    pca_clear(&direct);
    pca_clear(&turned);
    free(scores);
    free(scratch);
    free(rows);
}

/* The residual of a row at a known distance from the plane of the components. */
Test(pca, residual)
{
    float rows[] = {1, 0, 0, 0, -1, 0, 0, 0, 0, 2, 0, 0, 0, -2, 0, 0}, off[] = {3, 4, 5, -12};
    pca m = fit(rows, 4, 4, 4, 4, 2, 1);
    float *scratch = memory_raw(pca_scratch(&m), sizeof *scratch);
    double scores[2];
    pca_scores(&m, 2, 1, off, scores, scratch);
    cr_assert_float_eq(pca_residual(&m, off, scores), 169, 1e-4);
    pca_scores(&m, 2, 1, rows, scores, scratch);
    cr_assert_float_eq(pca_residual(&m, rows, scores), 0, 1e-6);
    free(scratch);
    pca_clear(&m);
}

/* Many rows, the last of them alone in its panel, by the block Lanczos method in float32, against a full decomposition
 * of their Gram matrix (max_rows above the number of channels): the captured variance to 1e-6 of the total, components
 * to an error that depends on their gaps. */
Test(pca, many_rows_by_passes)
{
    enum { n = 1100, p = 1030, few = 9 };
    float *rows = simulate(n, p);
    pca by_passes = fit(rows, 1025, p, 1030, 64, few, 1), exact = fit(rows, 1025, p, p + 1, 64, few, 1);
    double captured = 0, best = 0;
    cr_assert_eq(by_passes.n_components, few);
    cr_assert_float_eq(by_passes.total_variance, exact.total_variance, 1e-9 * exact.total_variance);
    for (size_t k = 0; k < few; k++) {
        captured += by_passes.variance[k];
        best += exact.variance[k];
    }
    cr_assert_float_eq(captured, best, 1e-6 * exact.total_variance);
    cr_assert(memcmp(by_passes.variance, exact.variance, sizeof(double)) != 0, "two routes, or this compares nothing");
    for (size_t k = 0; k < 4; k++) {
        double dot = 0;
        for (size_t c = 0; c < p; c++)
            dot += (double)by_passes.components[k * p + c] * exact.components[k * p + c];
        cr_assert_float_eq(fabs(dot), 1, 1e-6, "component %zu", k);
    }
    orthonormal(&by_passes);
    largest_is_positive(&by_passes);
    pca two = fit(rows, 1025, p, 1030, 7, few, 2);
    same_bits(&by_passes, &two);
    pca_clear(&by_passes);
    pca_clear(&exact);
    pca_clear(&two);
    free(rows);
}

/* The p x p matrix of many channels, its tiles summed in float32, against the n x n one. */
Test(pca, many_channels)
{
    enum { n = 700, p = 2100, few = 6 };
    float *rows = simulate(n, p);
    pca exact = fit(rows, n, p, n, n, few, 1), summed = fit(rows, n, p, p + 1, 7, few, 1);
    double captured = 0, best = 0;
    cr_assert_float_eq(summed.total_variance, exact.total_variance, 1e-6 * exact.total_variance);
    for (size_t k = 0; k < few; k++) {
        captured += summed.variance[k];
        best += exact.variance[k];
    }
    cr_assert_float_eq(captured, best, 1e-6 * exact.total_variance);
    for (size_t i = 0; i < 4 * p; i++)
        cr_assert_float_eq(summed.components[i], exact.components[i], 1e-6);
    orthonormal(&summed);
    pca two = fit(rows, n, p, p + 1, n, few, 2);
    same_bits(&summed, &two);
    pca_clear(&exact);
    pca_clear(&summed);
    pca_clear(&two);
    free(rows);
}

Test(pca, comes_back_from_a_file)
{
    enum { n = 40, p = 300, few = 7 };
    folder_begin();
    const char *path = in_folder("pca.h5");
    float *rows = simulate(n, p);
    pca m = fit(rows, n, p, n, n, few, 1), back;
    store *s;
    cr_assert_eq(store_create(&s, path, NULL), ADAMAS_OK);
    cr_assert_eq(pca_save(&m, s, "/pca", NULL), ADAMAS_OK);
    cr_assert_eq(store_commit(s, NULL), ADAMAS_OK);
    cr_assert_eq(store_open(&s, path, NULL), ADAMAS_OK);
    cr_assert_eq(pca_load(&back, s, "/pca", NULL), ADAMAS_OK);
    same_bits(&m, &back);
    pca none;
    cr_assert_eq(pca_load(&none, s, "/other", NULL), ADAMAS_E_FORMAT);
    cr_assert_null(none.components);
    store_close(s);
    pca_clear(&m);
    pca_clear(&back);
    free(rows);
    folder_end();
}
