/* Projections: scores and residuals against sums in float64, the same in any company of rows. */
#include "base/memory.h"
#include "base/random.h"
#include "reduce/projection.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers of rows, channels and vectors around the sizes of tiles and blocks. */
enum { n_sizes = 8 };
static const size_t sizes[n_sizes][3] = {{1, 1, 1},     {3, 7, 2},    {4, 8, 3},      {5, 240, 4},
                                         {17, 241, 13}, {31, 479, 6}, {32, 1000, 50}, {32, 2111, 101}};

typedef struct problem {
    size_t n, p, m;
    float *rows, *vector, *weight, *scratch;
    double *mean;
} problem;

static float *numbers(size_t n, random_stream *random, double level, double spread)
{
    float *x = memory_raw(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(level + spread * (random_uniform(random) - 0.5));
    return x;
}

/* Rows on a level a hundred times their differences. */
static problem make(const size_t size[3])
{
    random_stream random = {.seed = 5};
    problem q = {.n = size[0], .p = size[1], .m = size[2]};
    q.rows = numbers(q.n * q.p, &random, 100, 2);
    q.vector = numbers(q.m * q.p, &random, 0.01, 2);
    q.weight = numbers(q.n * q.m, &random, 0, 2);
    q.scratch = memory_raw(projection_scratch(q.m), sizeof *q.scratch);
    q.mean = memory_raw(q.p, sizeof *q.mean);
    for (size_t c = 0; c < q.p; c++)
        q.mean[c] = 100 + 0.1 * (random_uniform(&random) - 0.5);
    return q;
}

static void unmake(problem *q)
{
    free(q->rows);
    free(q->vector);
    free(q->weight);
    free(q->scratch);
    free(q->mean);
}

static double centred(const problem *q, size_t r, size_t c)
{
    return q->rows[r * q->p + c] - q->mean[c];
}

/* Against float64, to a few rounding errors of the sum of the terms' magnitudes. */
static void products_are_right(const problem *q, const double *product)
{
    for (size_t r = 0; r < q->n; r++)
        for (size_t k = 0; k < q->m; k++) {
            double sum = 0, size = 0;
            for (size_t c = 0; c < q->p; c++) {
                double term = centred(q, r, c) * q->vector[k * q->p + c];
                sum += term;
                size += fabs(term);
            }
            cr_assert_float_eq(product[r * q->m + k], sum, 4 * 0x1p-24 * size, "row %zu, vector %zu", r, k);
        }
}

Test(projection, scores)
{
    for (size_t i = 0; i < n_sizes; i++) {
        problem q = make(sizes[i]);
        double *score = memory_raw(q.n * q.m, sizeof *score);
        projection_scores(q.n, q.p, q.rows, q.mean, q.m, q.vector, score, q.scratch);
        products_are_right(&q, score);
        free(score);
        unmake(&q);
    }
}

/* Rows [n, p] to blocks of channels, each with all rows of a panel of `rows` rows. */
static float *stretched(size_t n, size_t p, size_t rows, const float *from)
{
    float *to = memory_new((p + PROJECTION_CHANNELS) * rows, sizeof *to);
    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < p; c++) {
            size_t first = c / PROJECTION_CHANNELS * PROJECTION_CHANNELS;
            to[first * rows + r * PROJECTION_CHANNELS + c - first] = from[r * p + c];
        }
    return to;
}

static void sums_are_right(const problem *q, const float *sum)
{
    for (size_t k = 0; k < q->m; k++)
        for (size_t c = 0; c < q->p; c++) {
            double expected = q->vector[k * q->p + c], size = fabs(expected);
            size_t first = c / PROJECTION_CHANNELS * PROJECTION_CHANNELS;
            for (size_t r = 0; r < q->n; r++) {
                expected += q->weight[r * q->m + k] * centred(q, r, c);
                size += fabs(q->weight[r * q->m + k] * centred(q, r, c));
            }
            cr_assert_float_eq(sum[first * q->m + k * PROJECTION_CHANNELS + c - first], expected, 8 * 0x1p-24 * size,
                               "vector %zu, channel %zu", k, c);
        }
}

Test(projection, forth_and_back)
{
    for (size_t i = 0; i < n_sizes; i++) {
        problem q = make(sizes[i]);
        double *product = memory_raw(q.n * q.m, sizeof *product), squares = 0;
        float *panel = stretched(q.n, q.p, PROJECTION_ROWS, q.rows), *sum = stretched(q.m, q.p, q.m, q.vector);
        for (size_t r = 0; r < q.n; r++)
            for (size_t c = 0; c < q.p; c++)
                squares += centred(&q, r, c) * centred(&q, r, c);
        double found = projection_centre(q.n, q.p, q.mean, panel);
        cr_assert_float_eq(found, squares, 1e-13 * squares);
        projection_multiply(q.n, q.p, panel, q.m, sum, product, q.scratch);
        products_are_right(&q, product);
        projection_multiply_transposed(q.n, q.p, panel, q.m, q.weight, sum);
        sums_are_right(&q, sum);
        free(product);
        free(panel);
        free(sum);
        unmake(&q);
    }
}

/* The offset of a row in the second panel, and in its second block. */
Test(projection, places)
{
    size_t p = PROJECTION_CHANNELS + 5;
    cr_assert_eq(projection_panel_floats(p), 2 * PROJECTION_CHANNELS * PROJECTION_ROWS);
    cr_assert_eq(projection_offset(p, PROJECTION_ROWS + 3, PROJECTION_CHANNELS),
                 projection_panel_floats(p) + (PROJECTION_ROWS + 3) * PROJECTION_CHANNELS);
}

/* The products of a row are the same to the bit alone and together with others, with few vectors and with many. */
Test(projection, company_changes_no_bit)
{
    problem q = make(sizes[n_sizes - 1]);
    double *all = memory_raw(q.n * q.m, sizeof *all), *alone = memory_raw(q.m, sizeof *alone);
    projection_scores(q.n, q.p, q.rows, q.mean, q.m, q.vector, all, q.scratch);
    for (size_t r = 0; r < q.n; r++)
        for (size_t m = 1; m <= q.m; m += 20) {
            projection_scores(1, q.p, q.rows + r * q.p, q.mean, m, q.vector, alone, q.scratch);
            cr_assert_arr_eq(alone, all + r * q.m, m * sizeof *alone, "row %zu, %zu vectors", r, m);
        }
    free(all);
    free(alone);
    unmake(&q);
}

Test(projection, squares)
{
    for (size_t i = 0; i < n_sizes; i++) {
        problem q = make(sizes[i]);
        double sum = 0;
        for (size_t c = 0; c < q.p; c++)
            sum += centred(&q, 0, c) * centred(&q, 0, c);
        cr_assert_float_eq(projection_squares(q.p, q.rows, q.mean), sum, 1e-13 * sum);
        unmake(&q);
    }
}
