/* Small triangular systems: factors, solutions and inverses against multiplication. */
#include "base/triangle.h"

#include <criterion/criterion.h>
#include <math.h>

/* L of small integers, whose products are exact. */
static const double factor[9] = {2, 0, 0, 1, 3, 0, -1, 2, 4};

static void square(const double *lower, double *out)
{
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                out[3 * i + j] += lower[3 * i + k] * lower[3 * j + k];
}

Test(triangle, the_factor_of_a_square)
{
    double a[9] = {0};
    square(factor, a);
    a[1] = a[2] = a[5] = NAN; /* not read */
    cr_assert(triangle_cholesky(3, a));
    cr_assert_arr_eq(a, factor, sizeof a);
    cr_assert_float_eq(triangle_log_determinant(3, a), log(24), 1e-15);
}

Test(triangle, what_is_not_positive_definite_is_refused)
{
    double singular[4] = {1, 0, 1, 1}, negative[1] = {-1}, no_number[1] = {NAN};
    cr_assert_not(triangle_cholesky(2, singular));
    cr_assert_not(triangle_cholesky(1, negative));
    cr_assert_not(triangle_cholesky(1, no_number));
}

Test(triangle, solving_undoes_multiplying)
{
    const double x[3] = {1, -2, 3};
    double y[3], z[3] = {5, 5, 5};
    triangle_multiply(3, factor, x, y);
    cr_assert_arr_eq(y, ((double[]){2, -5, 7}), sizeof y);
    triangle_solve(3, factor, y);
    cr_assert_arr_eq(y, x, sizeof y);
    triangle_add_transposed(3, factor, 10, x, z); /* L^T x = (-3, 0, 12) */
    cr_assert_arr_eq(z, ((double[]){-25, 5, 125}), sizeof z);
    double back[3] = {-3, 0, 12};
    triangle_solve_transposed(3, factor, back);
    cr_assert_arr_eq(back, x, sizeof back);
}

Test(triangle, the_inverse_times_the_factor_is_one)
{
    double inverse[9], one[9];
    triangle_invert(3, factor, inverse);
    triangle_product(3, inverse, factor, one);
    for (int i = 0; i < 9; i++)
        cr_assert_float_eq(one[i], i % 4 == 0, 1e-15, "%d: %g", i, one[i]);
}
