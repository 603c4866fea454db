#include "base/banded.h"

#include <criterion/criterion.h>
#include <math.h>

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

Test(banded, solves_what_it_was_multiplied_from)
{
    for (size_t n = 1; n <= most; n++) {
        double d[most], e[most], f[most], x[most], b[most];
        for (size_t i = 0; i < n; i++) {
            d[i] = 7 + sin((double)i);
            e[i] = -2 + cos(3.0 * (double)i);
            f[i] = 0.5 * sin(2.0 * (double)i);
            x[i] = cos((double)(i * i));
        }
        multiply(n, d, e, f, x, b);
        cr_assert_eq(banded_factor(n, d, e, f), 1);
        banded_solve(n, d, e, f, b);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(b[i], x[i], 1e-14, "n = %zu, channel %zu", n, i);
    }
}

/* (2 -1 1; -1 6 -2; 1 -2 2) (1, 2, 3)' = (3, 5, 3)'. */
Test(banded, a_system_solved_by_hand)
{
    double d[] = {2, 6, 2}, e[] = {-1, -2}, f[] = {1}, b[] = {3, 5, 3};
    cr_assert_eq(banded_factor(3, d, e, f), 1);
    banded_solve(3, d, e, f, b);
    for (size_t i = 0; i < 3; i++)
        cr_assert_float_eq(b[i], (double)(i + 1), 1e-14);
}

Test(banded, a_matrix_that_is_not_positive_definite_is_refused)
{
    double d[] = {1, 1, 1}, e[] = {2, 0}, f[] = {0};
    cr_assert_eq(banded_factor(3, d, e, f), 0);
    double nan[] = {NAN};
    cr_assert_eq(banded_factor(1, nan, NULL, NULL), 0);
}
