/* Profiles, famous lines, and light through two zones. */
#include "continuum.h"
#include "lines.h"
#include "transfer.h"
#include "voigt.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* scipy.special.wofz(complex(x, y)).real, SciPy 1.10.1. */
Test(physics_lines, voigt_is_that_of_scipy)
{
    static const double known[][3] = {
        {0, 0.01, 9.8881546105e-01}, {0, 1, 4.2758357616e-01},    {0.5, 0.1, 7.1758774216e-01},
        {1, 0.5, 3.5490033287e-01},  {2, 0.05, 2.9580488530e-02}, {3, 1, 6.5317777289e-02},
        {5, 0.2, 4.8070373360e-03},  {4, 4, 7.1570433426e-02},    {10, 0.5, 2.8569536993e-03},
        {20, 2, 2.8033131249e-03},   {50, 0.1, 2.2581047001e-05},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        cr_assert_float_eq(voigt_w(known[i][0], known[i][1]) / known[i][2], 1, 1e-4, "x %g, y %g", known[i][0],
                           known[i][1]);
}

Test(physics_lines, voigt_has_unit_area_and_the_widths_of_its_limits)
{
    double area = 0;
    for (int i = -200000; i <= 200000; i++)
        area += voigt_profile(i * 1e-3, 0.1, 0.05) * 1e-3;
    cr_assert_float_eq(area, 1, 2e-4);
    cr_assert_float_eq(voigt_profile(0.05, 0.1, 1e-9) / voigt_profile(0, 0.1, 1e-9), 0.5, 1e-4);
    cr_assert_float_eq(voigt_profile(0.05, 1e-5, 0.1) / voigt_profile(0, 1e-5, 0.1), 0.5, 1e-4);
}

Test(physics_lines, a_run_of_places_gives_what_each_gives)
{
    enum { N = 4001 };
    double *at = malloc(N * sizeof *at);
    float *sum = calloc(N, sizeof *sum);
    cr_assert(at && sum);
    for (int i = 0; i < N; i++)
        at[i] = 400 + (i - 2000) * 5e-4;
    voigt_add(N, at, 400.0, 0.7, 0.006, 0.02, sum);
    for (int i = 0; i < N; i++)
        cr_assert_float_eq(sum[i] / (0.7 * voigt_profile(at[i] - 400, 0.006, 0.02)), 1, 2e-4, "at %g", at[i]);
    free(at);
    free(sum);
}

/* NIST Atomic Spectra Database, wavelengths in air. */
Test(physics_lines, famous_lines_are_where_nist_has_them)
{
    static const struct {
        int element, stage;
        double nm;
    } famous[] = {
        {EL_C, 1, 247.856},  {EL_CA, 2, 393.366}, {EL_CA, 2, 396.847}, {EL_MG, 2, 279.553}, {EL_MG, 2, 280.270},
        {EL_MG, 1, 285.213}, {EL_H, 1, 656.279},  {EL_O, 1, 777.194},  {EL_O, 1, 777.417},  {EL_O, 1, 777.539},
        {EL_N, 1, 746.831},  {EL_N, 1, 868.028},  {EL_NA, 1, 588.995}, {EL_NA, 1, 589.592}, {EL_K, 1, 766.490},
        {EL_AL, 1, 396.152}, {EL_SI, 1, 288.158}, {EL_FE, 2, 259.940}, {EL_BA, 2, 455.403}, {EL_SR, 2, 407.771},
        {EL_AR, 1, 763.511}, {EL_AR, 1, 811.531}, {EL_CA, 1, 422.673}, {EL_LI, 1, 670.776}, {EL_TI, 2, 334.940},
    };
    for (size_t i = 0; i < sizeof famous / sizeof famous[0]; i++) {
        double nearest = 1e9;
        for (size_t k = 0; k < line_count; k++)
            if (line_table[k].element == famous[i].element && line_table[k].stage == famous[i].stage)
                nearest = fmin(nearest, fabs(line_table[k].nm - famous[i].nm));
        cr_assert_lt(nearest, 0.02, "%s %d %.3f nm", element_table[famous[i].element].symbol, famous[i].stage,
                     famous[i].nm);
    }
}

/* The levels' energies give the wavelength a second time: no row of the table is mistyped. */
Test(physics_lines, wavelengths_agree_with_the_levels)
{
    for (size_t i = 0; i < line_count; i++) {
        const line *l = &line_table[i];
        double nm = air_of_wavenumber((l->upper - l->lower) * 8065.543937);
        cr_assert_float_eq(nm, l->nm, 0.06, "%s %d %.4f nm: levels give %.4f", element_table[l->element].symbol,
                           l->stage, l->nm, nm);
    }
}

/* Doppler width of Ca at 10,000 K, and the Stark width of Ca II 393.4 nm, which the table holds, at twice 1e17. */
Test(physics_lines, widths)
{
    for (size_t i = 0; i < line_count; i++)
        if (line_table[i].element == EL_CA && fabs(line_table[i].nm - 393.366) < 0.01) {
            cr_assert_float_eq(line_doppler(&line_table[i], 1e4), 7.16e-7 * 393.366 * sqrt(1e4 / 40.078), 1e-6);
            cr_assert_float_eq(line_stark(&line_table[i], 2e17), 0.042, 1e-9);
            return;
        }
    cr_assert_fail("Ca II 393.366 nm is not in the table");
}

/* 2 h c^2 / lambda^5 / (exp(hc / lambda k T) - 1) at 500 nm and 5,772 K is 2.62e13 W / (m2 sr m). */
Test(physics_lines, planck_of_the_sun)
{
    cr_assert_float_eq(planck(500, 5772) / 2.6236e13, 1, 1e-3);
}

Test(physics_lines, a_thick_line_saturates_at_planck_and_a_thin_one_does_not)
{
    mixture m = {{0}};
    m.atoms[EL_C] = 0.99;
    m.atoms[EL_CA] = 0.01;
    zone z = {.length = 10};
    plasma_at_electron_density(&z, &m, 1e4, 1e17);
    grid g;
    cr_assert(grid_make(&g));
    float *tau = calloc(g.n, sizeof *tau), *black = malloc(g.n * sizeof *black), *out = malloc(g.n * sizeof *out);
    float *none = calloc(g.n, sizeof *none);
    cr_assert(tau && black && out && none);
    for (size_t i = 0; i < g.n; i++)
        black[i] = (float)(planck(g.nm[i], 1e4) * 1e-13);
    lines_add(&g, &z, tau);
    transfer_two_zones(g.n, black, tau, black, none, out);
    size_t calcium = grid_find(&g, 393.3656), nothing = grid_find(&g, 455.0);
    cr_assert_gt(tau[calcium], 100);
    cr_assert_float_eq(out[calcium] / black[calcium], 1, 1e-6);
    cr_assert_lt(out[nothing] / black[nothing], 0.5);
    free(tau);
    free(black);
    free(out);
    free(none);
    grid_clear(&g);
}

/* A cool shell's own light and what it takes from the core's, against the formula in double precision. */
Test(physics_lines, two_zones)
{
    static const float tau[] = {0, 1e-4F, 0.03F, 0.7F, 2, 11, 90, 1e6F};
    enum { N = sizeof tau / sizeof tau[0] };
    for (int i = 0; i < N; i++)
        for (int k = 0; k < N; k++) {
            float hot = 5, cool = 0.5F, out;
            transfer_two_zones(1, &hot, &tau[i], &cool, &tau[k], &out);
            double expected = 5 * -expm1(-tau[i]) * exp(-tau[k]) + 0.5 * -expm1(-tau[k]);
            cr_assert_float_eq(out, expected, 2e-6, "tau %g and %g", tau[i], tau[k]);
        }
}
