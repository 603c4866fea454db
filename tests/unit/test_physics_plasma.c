/* Saha, Boltzmann, neutrality and mass action, against closed forms. */
#include "constants.h"
#include "lines.h"
#include "plasma.h"

#include <criterion/criterion.h>
#include <math.h>

static mixture carbon_in_air(void)
{
    mixture m = {{0}};
    m.atoms[EL_C] = 0.7;
    m.atoms[EL_N] = 0.24;
    m.atoms[EL_O] = 0.06 - 2e-5;
    m.atoms[EL_MG] = 1e-5;
    m.atoms[EL_FE] = 1e-5;
    return m;
}

/* Slope of ln(depth / (gf lambda^2 (1 - exp(-hc / lambda k T)))) over the lower level's energy, which is -1 / kT. */
Test(physics_plasma, boltzmann_slope_returns_the_temperature)
{
    mixture m = carbon_in_air();
    zone z = {.length = 0.1};
    plasma_at_electron_density(&z, &m, 9876.0, 1e17);
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (size_t i = 0; i < line_count; i++) {
        const line *l = &line_table[i];
        if (l->element != EL_FE || l->stage != 1)
            continue;
        double photon = hc_ev_nm / l->nm / (boltzmann_ev * 9876.0);
        double y = log(line_depth(l, &z) / (l->ga * pow(l->nm, 4) * (1 - exp(-photon)))), x = l->lower;
        n++;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    cr_assert_gt(n, 20);
    double slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    cr_assert_float_eq(-1 / (slope * boltzmann_ev), 9876.0, 0.1);
}

/* Mg II / Mg I at 10,000 K and 1e17 per cm3. U(Mg I) = exp(0.534771) and U(Mg II) = exp(0.710213) at 10,000 K. */
Test(physics_plasma, saha_ratio_of_magnesium_is_the_closed_form)
{
    double lowered = 1.44e-7 / (6.9 * sqrt(1e4 / 1e17));
    double expected =
        4.8293e15 * 1e6 / 1e17 * exp(0.710213 - 0.534771) * exp(-(7.64624 - lowered) / (8.617333e-5 * 1e4));
    cr_assert_float_eq(plasma_saha(EL_MG, 0, 1e4, 1e17) / expected, 1, 1e-5);
    mixture m = carbon_in_air();
    zone z;
    plasma_at_electron_density(&z, &m, 1e4, 1e17);
    cr_assert_float_eq(z.density[EL_MG][1] / z.density[EL_MG][0] / expected, 1, 1e-5);
}

Test(physics_plasma, both_ways_of_making_a_zone_are_neutral_and_agree)
{
    mixture m = carbon_in_air();
    zone a, b;
    plasma_at_pressure(&a, &m, 8000.0, 1.0);
    plasma_at_electron_density(&b, &m, 8000.0, a.electrons);
    double charge = 0, particles = a.electrons;
    for (int e = 0; e < N_ELEMENTS; e++) {
        charge += a.density[e][1] + 2 * a.density[e][2];
        particles += a.density[e][0] + a.density[e][1] + a.density[e][2];
    }
    for (int k = 0; k < N_MOLECULES; k++)
        particles += a.molecules[k];
    cr_assert_float_eq(charge / a.electrons, 1, 1e-5);
    cr_assert_float_eq(particles * boltzmann_atm * 8000.0, 1, 1e-5);
    cr_assert_float_eq(b.density[EL_C][0] / a.density[EL_C][0], 1, 1e-4);
}

Test(physics_plasma, molecules_obey_mass_action_and_use_up_the_atoms)
{
    mixture m = carbon_in_air();
    zone z;
    plasma_at_pressure(&z, &m, 4500.0, 1.0);
    double cn = molecule_equilibrium(MOL_CN, 4500.0) * z.density[EL_C][0] * z.density[EL_N][0];
    cr_assert_float_eq(z.molecules[MOL_CN] / cn, 1, 1e-6);
    double nitrogen = z.density[EL_N][0] + z.density[EL_N][1] + z.molecules[MOL_CN] + 2 * z.molecules[MOL_N2];
    double oxygen = z.density[EL_O][0] + z.density[EL_O][1] + z.molecules[MOL_CO];
    cr_assert_float_eq(nitrogen / oxygen, 0.24 / (0.06 - 2e-5), 1e-3);
}

/* H: U = 2, and 1 for the proton; Ca II at 10,000 K: exp(1.26446). */
Test(physics_plasma, partition_functions)
{
    cr_assert_float_eq(plasma_partition(EL_H, 0, 8000.0), 2.0, 2e-3);
    cr_assert_float_eq(plasma_partition(EL_H, 1, 8000.0), 1.0, 1e-12);
    cr_assert_float_eq(plasma_partition(EL_CA, 1, 1e4), 3.5412, 1e-3);
    cr_assert_float_eq(plasma_partition(EL_CA, 1, 2000.0), plasma_partition(EL_CA, 1, 3000.0), 1e-12);
}
