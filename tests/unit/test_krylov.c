/* Block Krylov principal components: agree with a full decomposition, or it is said that they do not. */
#include "reduce/krylov.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n = 900, m = 950, wanted = 12 };

/* The Gram matrix of n random rows of m, row i scaled by scale(i). */
static double *gram(double (*scale)(size_t))
{
    random_stream random = {.seed = 7};
    double *x = memory_raw(n, m * sizeof *x), *a = memory_new(n, n * sizeof *a);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < m; c++)
            x[i * m + c] = scale(i) * ((double)(random_bits(&random) >> 11) * 0x1p-53 - 0.5);
    linalg_outer(n, n, m, x, m, x, m, a, n);
    free(x);
    return a;
}

static double falling(size_t i)
{
    return 1 + 60 / (1 + (double)i);
}

/* Pairs of nearly equal values, well above the rest. */
static double paired(size_t i)
{
    return i < 20 ? 30 - (double)(i / 2) : 1;
}

static adamas_status largest(size_t some, const double *a, double *value, double *vector, int *converged)
{
    work w;
    cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
    adamas_status status = krylov_largest(n, some, a, value, vector, converged, &w, NULL);
    work_end(&w);
    return status;
}

/* Against LAPACK's full decomposition: values to 1e-12, vectors to 1e-6 (the gaps here are a hundredth and more). */
static void agrees(double (*scale)(size_t))
{
    int converged;
    double *a = gram(scale), value[wanted], expected[wanted];
    double *vector = memory_raw(wanted, n * sizeof *vector), *full = memory_raw(wanted, n * sizeof *full);
    cr_assert_eq(largest(wanted, a, value, vector, &converged), ADAMAS_OK);
    cr_assert(converged);
    cr_assert_eq(linalg_eigen(n, wanted, a, expected, full, NULL, NULL), ADAMAS_OK);
    for (size_t k = 0; k < wanted; k++) {
        double dot = 0, length = 0;
        for (size_t c = 0; c < n; c++) {
            dot += vector[k * n + c] * full[k * n + c];
            length += vector[k * n + c] * vector[k * n + c];
        }
        cr_expect_float_eq(value[k], expected[k], 1e-12 * expected[0], "value %zu", k);
        cr_expect_float_eq(length, 1, 1e-10, "length of vector %zu", k);
        cr_expect_float_eq(fabs(dot), 1, 1e-6, "vector %zu", k);
    }
    free(a);
    free(vector);
    free(full);
}

Test(krylov, agrees_with_a_full_decomposition)
{
    agrees(falling);
}

Test(krylov, agrees_where_eigenvalues_are_close)
{
    agrees(paired);
}

static adamas_status multiply(void *context, const double *in, double *out, adamas_error *error)
{
    (void)error;
    linalg_symmetric(KRYLOV_WIDTH, n, in, context, out);
    return ADAMAS_OK;
}

/* With a goal for the shortfall the sum of the values is within it, whatever the error of each of them; and it is not
 * exact, or the goal would have saved nothing. */
Test(krylov, keeps_to_a_shortfall)
{
    for (double share = 1e-3; share > 1e-7; share /= 10) {
        double *a = gram(falling), value[wanted], expected[wanted], total = 0, short_of = 0;
        double *vector = memory_raw(wanted, n * sizeof *vector);
        for (size_t i = 0; i < n; i++)
            total += a[i * n + i];
        const krylov_goal goal = {.shortfall = share * total, .check_every = 1};
        int converged;
        work w;
        cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
        cr_assert_eq(krylov_find(n, wanted, multiply, a, &goal, value, vector, &converged, &w, NULL), ADAMAS_OK);
        work_end(&w);
        cr_assert(converged);
        cr_assert_eq(linalg_eigen(n, wanted, a, expected, vector, NULL, NULL), ADAMAS_OK);
        for (size_t k = 0; k < wanted; k++)
            short_of += expected[k] - value[k];
        cr_expect_lt(short_of, goal.shortfall, "%g of %g", short_of, goal.shortfall);
        cr_expect_gt(short_of, 1e-14 * total, "%g of %g", short_of, goal.shortfall);
        free(a);
        free(vector);
    }
}

Test(krylov, says_so_where_it_does_not_serve)
{
    int converged = 1;
    double *a = gram(paired), value[n];
    double *vector = memory_raw(n, n * sizeof *vector);
    cr_assert_eq(largest(n / 2, a, value, vector, &converged), ADAMAS_OK);
    cr_expect_not(converged, "half of all eigenvalues are no few");
    converged = 1;
    memset(a, 0, n * n * sizeof *a);
    cr_assert_eq(largest(wanted, a, value, vector, &converged), ADAMAS_OK);
    cr_expect_not(converged, "a matrix of zeros has no space to grow");
    free(a);
    free(vector);
}
