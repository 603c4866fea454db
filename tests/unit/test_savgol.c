/* savgol: agrees with SciPy, reproduces polynomials, keeps segments apart. */
#include "preprocess/steps.h"

#include "number_table.h"
#include "one_step.h"

#include <stdio.h>

static adamas_status create(void **state, const axis *a, double window, double order, double deriv, adamas_error *error)
{
    const step_value values[] = {{.number = window}, {.number = order}, {.number = deriv}};
    return savgol_step.create(state, values, a, NULL, error);
}

static void run(const axis *a, double window, double order, double deriv, const float *row, float *out)
{
    run_step(&savgol_step, (const step_value[]){{.number = window}, {.number = order}, {.number = deriv}}, a, row, out);
}

enum { n_digits = 12 };

static const float digits[n_digits] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};

static void expect(double window, double order, double deriv, const double *expected)
{
    axis a;
    even_axis(&a, n_digits);
    float out[n_digits];
    run(&a, window, order, deriv, digits, out);
    for (size_t i = 0; i < n_digits; i++)
        cr_assert_float_eq(out[i], expected[i], 2e-6 * (1 + fabs(expected[i])), "channel %zu: %.9g", i, (double)out[i]);
    axis_clear(&a);
}

/* By SciPy 1.10.1. */
Test(savgol, agrees_with_scipy)
{
    expect(5, 2, 0,
           (const double[]){2.8571428571, 1.9714285714, 1.9428571429, 2.7142857143, 5.3428571429, 6.1714285714,
                            5.2571428571, 4.2857142857, 4.9142857143, 3.6857142857, 4.9428571429, 7.9142857143});
    expect(7, 4, 1,
           (const double[]){3.0353535354, -1.5555555556, -0.5404040404, 2.4444444444, 0.873015873, 0.5515873016,
                            -0.8650793651, -0.9047619048, 0.1944444444, -1.3358585859, 0.6944444444, 10.0126262626});
    expect(7, 3, 2,
           (const double[]){4.8571428571, 3.1904761905, 1.5238095238, -0.1428571429, -0.3571428571, -0.2857142857,
                            -0.7857142857, 0.119047619, 0.9047619048, 0.7380952381, 0.5714285714, 0.4047619048});
}

static double power(double x, size_t exponent)
{
    double result = 1;
    for (size_t k = 0; k < exponent; k++)
        result *= x;
    return result;
}

/* A polynomial of the fitted order is unchanged, and its derivatives are exact, up to the ends. */
Test(savgol, a_polynomial_is_what_is_found)
{
    enum { n = 300 };
    static const size_t windows[] = {5, 11, 31, 101, 299};
    axis a;
    even_axis(&a, n);
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++)
        for (size_t order = 0; order < 5; order++)
            for (size_t deriv = 0; deriv <= order; deriv++) {
                float row[n], out[n];
                double factor = 1, least = windows[w] < 11 ? 1e-3 : 2e-5;
                for (size_t k = 0; k < deriv; k++)
                    factor *= (double)(order - k) / 150;
                for (size_t i = 0; i < n; i++)
                    row[i] = (float)power(((double)i - 150) / 150, order);
                run(&a, (double)windows[w], (double)order, (double)deriv, row, out);
                for (size_t i = 0; i < n; i++) {
                    double expected = factor * power(((double)i - 150) / 150, order - deriv);
                    double place = power((double)(windows[w] / 2), deriv);
                    cr_assert_float_eq(out[i] * place, expected * place, least, "window %zu, order %zu, deriv %zu: %zu",
                                       windows[w], order, deriv, i);
                }
            }
    axis_clear(&a);
}

Test(savgol, a_window_as_long_as_the_segment)
{
    axis a;
    even_axis(&a, 11);
    float out[11];
    run(&a, 11, 0, 0, digits, out);
    for (size_t i = 0; i < 11; i++)
        cr_assert_float_eq(out[i], 4, 1e-6);
    run(&a, 1, 0, 0, digits, out);
    cr_assert_eq(memcmp(out, digits, sizeof out), 0);
    axis_clear(&a);
}

/* With as many terms as channels the row is unchanged. */
Test(savgol, an_interpolation_changes_nothing)
{
    axis a;
    even_axis(&a, n_digits);
    float out[n_digits];
    run(&a, 11, 10, 0, digits, out);
    for (size_t i = 0; i < n_digits; i++)
        cr_assert_float_eq(out[i], digits[i], 1e-5);
    axis_clear(&a);
}

/* Lengths around multiples of a block of SIMD vectors, against the direct sum. */
Test(savgol, any_length)
{
    for (size_t n = 7; n < 150; n++) {
        axis a;
        even_axis(&a, n);
        float row[150], out[150];
        for (size_t i = 0; i < n; i++)
            row[i] = (float)sin((double)(i * i));
        run(&a, 7, 2, 1, row, out);
        for (size_t i = 3; i < n - 3; i++) {
            double sum = 0;
            for (int k = -3; k <= 3; k++)
                sum += k / 28.0 * row[i + (size_t)k];
            cr_assert_float_eq(out[i], sum, 2e-7, "channel %zu of %zu", i, n);
        }
        axis_clear(&a);
    }
}

Test(savgol, each_segment_by_itself_and_in_place)
{
    check_segments(&savgol_step, (const step_value[]){{.number = 11}, {.number = 2}, {.number = 0}});
}

Test(savgol, numbers_too_large_and_nan_leave_nothing)
{
    enum { n = 20 };
    axis a;
    even_axis(&a, n);
    float row[n], out[n];
    for (size_t i = 0; i < n; i++)
        row[i] = i % 2 ? -3e38F : 3e38F;
    run(&a, 5, 2, 0, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(out[i]));
    for (size_t i = 0; i < n; i++)
        row[i] = i == 7 ? NAN : 1;
    run(&a, 5, 2, 0, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(out[i]));
    axis_clear(&a);
}

static void refuses(const axis *a, double window, double order, double deriv, adamas_status code, const char *message)
{
    void *state = &state;
    adamas_error error = {0};
    cr_assert_eq(create(&state, a, window, order, deriv, &error), code);
    cr_assert_null(state);
    cr_assert_str_eq(error.message, message);
}

Test(savgol, what_cannot_be_fitted_is_refused)
{
    const double nm[] = {300, 301, 302, 303, 304, 305, 306, 350, 351, 352};
    axis a;
    cr_assert_eq(axis_make(&a, nm, 10, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a.n_segments, 2);
    refuses(&a, 4, 2, 0, ADAMAS_E_METHOD, "savgol: window_length is 4, an odd number expected");
    refuses(&a, 3, 3, 0, ADAMAS_E_METHOD, "savgol: polyorder is 3, a number below window_length (3) expected");
    refuses(&a, 3, 1, 2, ADAMAS_E_METHOD, "savgol: deriv is 2, a number up to polyorder (1) expected");
    refuses(&a, 5, 2, 0, ADAMAS_E_AXIS,
            "savgol: the detector segment 350-352 nm has 3 channels, at least window_length (5) expected");
    void *state;
    cr_assert_eq(create(&state, &a, 3, 2, 0, NULL), ADAMAS_OK);
    savgol_step.destroy(state);
    savgol_step.destroy(NULL);
    axis_clear(&a);
}

Test(savgol, agrees_with_scipy_on_a_real_spectrum)
{
    enum { n = 2048 };
    number_table table = number_table_of("baselines/aceh_1_380nm.csv", ',');
    const double *nm = number_table_column(&table, "wavelength_nm");
    const double *intensity = number_table_column(&table, "intensity");
    const double *smooth = number_table_column(&table, "savgol_11_2");
    const double *slope = number_table_column(&table, "savgol_11_2_d1");
    static float row[n], out[n];
    cr_assert_eq(table.n_rows, n);
    for (size_t i = 0; i < n; i++)
        row[i] = (float)intensity[i];
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a.n_segments, 1);
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, row[i]);
    run(&a, 11, 2, 0, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i], smooth[i], 1.5e-7 * most, "channel %zu: %g", i, out[i] - smooth[i]);
    run(&a, 11, 2, 1, row, out);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(out[i], slope[i], 1e-7 * most, "channel %zu: %g", i, out[i] - slope[i]);
    axis_clear(&a);
    number_table_free(&table);
}
