/* Saha equilibrium of a uniform plasma, with mass action for its molecules. */
#include "plasma.h"

#include "constants.h"

#include <math.h>

enum { MAX_ITERATIONS = 200 };

double plasma_partition(int e, int stage, double temperature)
{
    const double *a = element_table[e].ln_u[stage];
    double x = log(fmin(fmax(temperature, 3000.0), 20000.0) / 1e4);
    return exp(a[0] + x * (a[1] + x * (a[2] + x * (a[3] + x * a[4]))));
}

/* Lowering of the first ionisation energy by the plasma, eV (Debye and Hückel). */
static double ionisation_lowering(double temperature, double electrons)
{
    return 1.44e-7 / (6.9 * sqrt(temperature / electrons));
}

/* The Saha ratio times the electron density, without lowering. */
static double saha_product(int e, int stage, double temperature)
{
    double energy = element_table[e].ionisation[stage];
    if (energy <= 0)
        return 0;
    double u = plasma_partition(e, stage + 1, temperature) / plasma_partition(e, stage, temperature);
    return saha_constant * pow(temperature, 1.5) * u * exp(-energy / (boltzmann_ev * temperature));
}

double plasma_saha(int e, int stage, double temperature, double electrons)
{
    double lowered = (stage + 1) * ionisation_lowering(temperature, electrons);
    return saha_product(e, stage, temperature) / electrons * exp(lowered / (boltzmann_ev * temperature));
}

/* What depends on the temperature of a zone only. */
typedef struct thermal {
    double saha[N_ELEMENTS][2];      /* Saha ratios times the electron density */
    double equilibrium[N_MOLECULES]; /* molecules = equilibrium * first atom * second atom */
} thermal;

static void thermal_at(thermal *t, zone *z, double temperature)
{
    z->temperature = temperature;
    for (int e = 0; e < N_ELEMENTS; e++) {
        for (int s = 0; s < N_STAGES; s++)
            z->u[e][s] = plasma_partition(e, s, temperature);
        for (int s = 0; s < 2; s++)
            t->saha[e][s] = saha_product(e, s, temperature);
    }
    for (int m = 0; m < N_MOLECULES; m++)
        t->equilibrium[m] = molecule_equilibrium(m, temperature);
}

/* Neutral atoms of an element of which `total` nuclei are in atoms, ions and molecules: ions in proportion to neutrals
 * (ratio), mixed molecules in proportion (partners), its own twice (own) in proportion to the square. */
static double neutral_atoms(double total, double ratio, double partners, double own)
{
    double b = 1 + ratio + partners;
    return 2 * total / (b + sqrt(b * b + 8 * own * total));
}

/* Neutral atoms of all elements given electrons and nuclei (1/cm3); C, N and O are bound in the same molecules, so
 * they are solved by fixed-point iteration. */
static void solve_densities(zone *z, const thermal *t, const mixture *m, double nuclei)
{
    double first =
        exp(ionisation_lowering(z->temperature, z->electrons) / (boltzmann_ev * z->temperature)) / z->electrons;
    double second = first * first * z->electrons;
    double ratio[N_ELEMENTS];
    for (int e = 0; e < N_ELEMENTS; e++) {
        double r1 = t->saha[e][0] * first, r2 = t->saha[e][1] * second;
        ratio[e] = r1 + r1 * r2;
        z->density[e][0] = nuclei * m->atoms[e] / (1 + ratio[e]);
        z->density[e][1] = r1;
        z->density[e][2] = r1 * r2;
    }
    double c = z->density[EL_C][0], n = z->density[EL_N][0], o = z->density[EL_O][0];
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        double before = c;
        n = neutral_atoms(nuclei * m->atoms[EL_N], ratio[EL_N], t->equilibrium[MOL_CN] * c, t->equilibrium[MOL_N2]);
        o = neutral_atoms(nuclei * m->atoms[EL_O], ratio[EL_O], t->equilibrium[MOL_CO] * c, 0);
        c = neutral_atoms(nuclei * m->atoms[EL_C], ratio[EL_C], t->equilibrium[MOL_CN] * n + t->equilibrium[MOL_CO] * o,
                          t->equilibrium[MOL_C2]);
        if (fabs(c - before) <= 1e-7 * c)
            break;
    }
    z->density[EL_C][0] = c;
    z->density[EL_N][0] = n;
    z->density[EL_O][0] = o;
    for (int e = 0; e < N_ELEMENTS; e++)
        for (int s = 1; s < N_STAGES; s++)
            z->density[e][s] *= z->density[e][0];
    z->molecules[MOL_CN] = t->equilibrium[MOL_CN] * c * n;
    z->molecules[MOL_C2] = t->equilibrium[MOL_C2] * c * c;
    z->molecules[MOL_N2] = t->equilibrium[MOL_N2] * n * n;
    z->molecules[MOL_CO] = t->equilibrium[MOL_CO] * c * o;
}

static double charge_density(const zone *z)
{
    double sum = 0;
    for (int e = 0; e < N_ELEMENTS; e++)
        sum += z->density[e][1] + 2 * z->density[e][2];
    return sum;
}

static double heavy_particle_density(const zone *z)
{
    double sum = 0;
    for (int e = 0; e < N_ELEMENTS; e++)
        sum += z->density[e][0] + z->density[e][1] + z->density[e][2];
    for (int m = 0; m < N_MOLECULES; m++)
        sum += z->molecules[m];
    return sum;
}

void plasma_at_electron_density(zone *z, const mixture *m, double temperature, double electrons)
{
    thermal t;
    thermal_at(&t, z, temperature);
    z->electrons = electrons;
    double nuclei = 2 * electrons;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        solve_densities(z, &t, m, nuclei);
        double step = electrons / charge_density(z);
        nuclei *= step;
        if (fabs(step - 1) < 1e-7)
            break;
    }
    solve_densities(z, &t, m, nuclei);
}

void plasma_at_pressure(zone *z, const mixture *m, double temperature, double pressure)
{
    thermal t;
    thermal_at(&t, z, temperature);
    double all = pressure / (boltzmann_atm * temperature);
    double nuclei = all;
    z->electrons = 1e-3 * all;
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
        solve_densities(z, &t, m, nuclei);
        double electron_step = sqrt(charge_density(z) / z->electrons);
        double nuclei_step = (all - z->electrons) / heavy_particle_density(z);
        z->electrons *= electron_step;
        nuclei *= nuclei_step;
        if (fabs(electron_step - 1) < 1e-7 && fabs(nuclei_step - 1) < 1e-7)
            break;
    }
    solve_densities(z, &t, m, nuclei);
}
