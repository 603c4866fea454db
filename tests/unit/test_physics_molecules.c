/* Band heads, cross-sections and mass action of CN and C2. */
#include "molecules.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* A head is where the P branch turns back: its longest wavelength. */
static double head(int which, int upper_v, int lower_v)
{
    const molecule *m = &molecule_table[which];
    const state *up = &m->states[m->bands->upper], *low = &m->states[m->bands->lower];
    double longest = 0;
    for (int n = 0; n < 80; n++)
        longest =
            fmax(longest, air_of_wavenumber(molecule_level(up, upper_v, n) - molecule_level(low, lower_v, n + 1)));
    return longest;
}

/* Pearse and Gaydon (1976), The Identification of Molecular Spectra: CN violet and C2 Swan. */
Test(physics_molecules, heads)
{
    static const struct {
        int which, upper_v, lower_v;
        double nm;
    } known[] = {
        {MOL_CN, 0, 0, 388.34}, {MOL_CN, 1, 1, 387.14}, {MOL_CN, 2, 2, 386.19},
        {MOL_CN, 1, 0, 359.04}, {MOL_CN, 0, 1, 421.60}, {MOL_C2, 0, 0, 516.52},
        {MOL_C2, 1, 1, 512.93}, {MOL_C2, 1, 0, 473.71}, {MOL_C2, 0, 1, 563.55},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        cr_assert_float_eq(head(known[i].which, known[i].upper_v, known[i].lower_v), known[i].nm, 0.05, "%.2f nm: %.3f",
                           known[i].nm, head(known[i].which, known[i].upper_v, known[i].lower_v));
}

/* The drawn cross-sections have their strongest point within 0.1 nm before the 0-0 head, and next to nothing after it.
 */
static void check_drawn(int which, double temperature, double nm)
{
    grid g;
    band_table t;
    cr_assert(grid_make(&g));
    cr_assert(band_table_make(&t, which, &g));
    float *area = calloc(g.n, sizeof *area);
    cr_assert_not_null(area);
    band_table_add(&t, temperature, 1e18, area);
    size_t best = 0;
    for (size_t i = 0; i < g.n; i++)
        if (area[i] > area[best])
            best = i;
    cr_assert_float_eq(g.nm[best], nm - 0.05, 0.05, "%.3f nm", g.nm[best]);
    cr_assert_lt(area[grid_find(&g, nm + 0.1)], 0.02 * area[best]);
    free(area);
    band_table_clear(&t);
    grid_clear(&g);
}

Test(physics_molecules, drawn_bands_end_at_their_heads)
{
    check_drawn(MOL_CN, 7000, head(MOL_CN, 0, 0));
    check_drawn(MOL_C2, 5000, head(MOL_C2, 0, 0));
}

/* Sum over all lines of the cross-section at one temperature, from the lifetime alone: f of the band system is about
 * 1.4992e-14 lambda^2 A, and the integral over wavelength 8.8526e-13 lambda^2 f (cm). CN B-X, nearly all in 0-0. */
Test(physics_molecules, cross_section_of_cn_follows_from_its_lifetime)
{
    grid g;
    band_table t;
    cr_assert(grid_make(&g));
    cr_assert(band_table_make(&t, MOL_CN, &g));
    float *area = calloc(g.n, sizeof *area);
    cr_assert_not_null(area);
    band_table_add(&t, 3000, 1, area);
    double sum = 0;
    for (size_t i = 0; i < g.n; i++)
        sum += (double)area[i] * g.step[i] * 1e-7;
    double f = 1.4992e-14 * 385 * 385 / 65e-9;
    cr_assert_float_eq(sum / (8.8526e-13 * 385e-7 * 385e-7 * f), 1, 0.15);
    free(area);
    band_table_clear(&t);
    grid_clear(&g);
}

/* At low temperature a molecule binds all, at high none: CN's constant falls, and equals one at the known energies. */
Test(physics_molecules, dissociation_rises_with_temperature)
{
    double cold = molecule_equilibrium(MOL_CN, 4000), hot = molecule_equilibrium(MOL_CN, 8000);
    double slope = log(cold / hot) / (1 / (8.617333e-5 * 4000) - 1 / (8.617333e-5 * 8000));
    cr_assert_float_eq(slope, 7.72, 0.4);
}
