#include "base/banded.h"
#include "base/banded_kernel.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdalign.h>

enum { most = 40 };

/* A x of the matrix with these diagonals. */
static void multiply(size_t n, const double *d, const double *e, const double *f, const double *x, double *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = d[i] * x[i];
        out[i] += i >= 1 ? e[i - 1] * x[i - 1] : 0;
        out[i] += i >= 2 ? f[i - 2] * x[i - 2] : 0;
        out[i] += i + 1 < n ? e[i] * x[i + 1] : 0;
        out[i] += i + 2 < n ? f[i] * x[i + 2] : 0;
    }
}

/* The same matrix, and for each row another solution: to the rounding of float32. */
Test(banded, solves_what_it_was_multiplied_from)
{
    enum { stride = 48 };
    for (size_t n = 1; n <= most; n++)
        for (size_t n_rows = 1; n_rows <= BANDED_ROWS; n_rows++) {
            double d[most], e[most] = {0}, f[most] = {0}, x[BANDED_ROWS][most], b[most];
            float rows[BANDED_ROWS * stride];
            alignas(64) float work[BANDED_ROWS * most];
            for (size_t i = 0; i < n; i++) {
                d[i] = 7 + sin((double)i);
                e[i] = -2 + cos(3.0 * (double)i);
                f[i] = 0.5 * sin(2.0 * (double)i);
            }
            for (size_t k = 0; k < n_rows; k++) {
                for (size_t i = 0; i < n; i++)
                    x[k][i] = cos((double)(i * i + k));
                multiply(n, d, e, f, x[k], b);
                for (size_t i = 0; i < n; i++)
                    rows[k * stride + i] = (float)b[i];
            }
            cr_assert_eq(banded_factor(n, d, e, f), 1);
            banded_solve(n, d, e, f, n_rows, rows, stride, work);
            for (size_t k = 0; k < n_rows; k++)
                for (size_t i = 0; i < n; i++)
                    cr_assert_float_eq(rows[k * stride + i], x[k][i], 5e-7, "n = %zu, row %zu, channel %zu", n, k, i);
        }
}

/* Every width that this processor has: those that fuse products and sums to the bit, the narrowest to the rounding of
 * what is stored. Rows that are not asked for stay. */
Test(banded, the_width_of_vectors_changes_nothing)
{
#ifdef SIMD_WIDER
    enum { n = 2001 };
    static double d[n], e[n], f[n];
    static float rows[3][BANDED_ROWS * n];
    alignas(64) static float work[BANDED_ROWS * n];
    for (size_t i = 0; i < n; i++) {
        d[i] = 7 + sin((double)i);
        e[i] = i + 1 < n ? -2 + cos(3.0 * (double)i) : 0;
        f[i] = i + 2 < n ? 0.5 * sin(2.0 * (double)i) : 0;
    }
    cr_assert_eq(banded_factor(n, d, e, f), 1);
    for (size_t n_rows = 1; n_rows <= BANDED_ROWS; n_rows++) {
        for (size_t i = 0; i < BANDED_ROWS * n; i++)
            rows[0][i] = rows[1][i] = rows[2][i] = (float)(i * i % 113);
        banded_kernel_16(n, d, e, f, n_rows, rows[0], n, work);
        if (simd_bytes() >= 32)
            banded_kernel_32(n, d, e, f, n_rows, rows[1], n, work);
        if (simd_bytes() >= 64)
            banded_kernel_64(n, d, e, f, n_rows, rows[2], n, work);
        cr_assert(simd_bytes() < 64 || memcmp(rows[1], rows[2], sizeof rows[1]) == 0, "%zu rows", n_rows);
        for (size_t i = 0; i < BANDED_ROWS * n; i++) {
            cr_assert(simd_bytes() < 32 || fabsf(rows[1][i] - rows[0][i]) <= 5e-6, "%zu rows", n_rows);
            cr_assert(i < n_rows * n || rows[0][i] == (float)(i * i % 113), "%zu rows", n_rows);
        }
    }
#else
    cr_skip_test("there is one width here");
#endif
}

/* (2 -1 1; -1 6 -2; 1 -2 2) (1, 2, 3)' = (3, 5, 3)'. */
Test(banded, a_system_solved_by_hand)
{
    double d[] = {2, 6, 2}, e[] = {-1, -2, 0}, f[] = {1, 0, 0};
    float row[] = {3, 5, 3};
    alignas(64) float work[3 * BANDED_ROWS];
    cr_assert_eq(banded_factor(3, d, e, f), 1);
    banded_solve(3, d, e, f, 1, row, 3, work);
    for (size_t i = 0; i < 3; i++)
        cr_assert_float_eq(row[i], (float)(i + 1), 1e-6);
}

Test(banded, a_matrix_that_is_not_positive_definite_is_refused)
{
    double d[] = {1, 1, 1}, e[] = {2, 0, 0}, f[] = {0, 0, 0};
    cr_assert_eq(banded_factor(3, d, e, f), 0);
    double nan = NAN;
    cr_assert_eq(banded_factor(1, &nan, e, f), 0);
}
