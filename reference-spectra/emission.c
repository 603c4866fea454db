/* The spectrum of one shot: two plasmas, early and late, each a hot core seen through a cool shell. */
#include "emission.h"

#include "continuum.h"
#include "lines.h"
#include "transfer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Assumed, and chosen so that the spectra resemble published ones of diamond and graphite: the temperature of the late
 * core relative to the early one, and of a shell relative to its core (argon conducts less heat than air); the
 * brightness of the early and of the late plasma, which is larger and lasts longer; the lengths of the zones (cm). */
static const double late_temperature_ratio[] = {[GAS_AIR] = 0.62, [GAS_ARGON] = 0.72};
static const double shell_temperature_ratio[] = {[GAS_AIR] = 0.55, [GAS_ARGON] = 0.70};
static const double brightness[] = {0.35, 9.0};
static const double zone_length[N_ZONES] = {0.35, 0.004, 0.10, 0.004};
static const double pressure = 1.0; /* atm, of all but the early core */

int emission_model_make(emission_model *out)
{
    emission_model e = {0};
    int ok = grid_make(&e.wavelengths);
    for (int m = 0; ok && m < N_BAND_MOLECULES; m++)
        ok = band_table_make(&e.bands[m], m, &e.wavelengths);
    if (!ok)
        emission_model_clear(&e);
    *out = e;
    return ok;
}

void emission_model_clear(emission_model *e)
{
    for (int m = 0; m < N_BAND_MOLECULES; m++)
        band_table_clear(&e->bands[m]);
    grid_clear(&e->wavelengths);
}

int workspace_make(workspace *out, const emission_model *e)
{
    size_t n = e->wavelengths.n;
    float *block = calloc(5 * n, sizeof *block);
    *out = (workspace){block, block ? block + n : block, block ? block + 2 * n : block, block ? block + 3 * n : block,
                       block ? block + 4 * n : block};
    return block != NULL;
}

void workspace_clear(workspace *s)
{
    free(s->tau1);
    *s = (workspace){0};
}

void plume_zones(zone zones[N_ZONES], const plume *p)
{
    double late = p->temperature * late_temperature_ratio[p->gas], shell = shell_temperature_ratio[p->gas];
    plasma_at_electron_density(&zones[EARLY_CORE], &p->early, p->temperature, p->electrons);
    plasma_at_pressure(&zones[EARLY_SHELL], &p->early, p->temperature * shell, pressure);
    plasma_at_pressure(&zones[LATE_CORE], &p->late, late, pressure);
    plasma_at_pressure(&zones[LATE_SHELL], &p->late, late * shell, pressure);
    for (int i = 0; i < N_ZONES; i++)
        zones[i].length = zone_length[i] * cbrt(p->mass);
}

/* Optical depth and black-body photons of a zone at the grid's points. */
static void zone_depth(const emission_model *e, const zone *z, float *tau, float *black)
{
    double depth[N_KNOTS], photons[N_KNOTS];
    for (int k = 0; k < N_KNOTS; k++) {
        double nm = knot_first + k * knot_step;
        depth[k] = continuum_depth(z, nm);
        photons[k] = planck(nm, z->temperature) * nm * 1e-15;
    }
    grid_interpolate(&e->wavelengths, depth, tau);
    grid_interpolate(&e->wavelengths, photons, black);
    for (int m = 0; m < N_BAND_MOLECULES; m++)
        band_table_add(&e->bands[m], z->temperature, z->molecules[m] * z->length, tau);
    lines_add(&e->wavelengths, z, tau);
}

void emission_spectrum(const emission_model *e, const plume *p, workspace *s, float *photons)
{
    zone zones[N_ZONES];
    plume_zones(zones, p);
    size_t n = e->wavelengths.n;
    memset(photons, 0, n * sizeof *photons);
    for (int stage = 0; stage < 2; stage++) {
        zone_depth(e, &zones[2 * stage], s->tau1, s->black1);
        zone_depth(e, &zones[2 * stage + 1], s->tau2, s->black2);
        transfer_two_zones(n, s->black1, s->tau1, s->black2, s->tau2, s->radiance);
        float bright = (float)(brightness[stage] * pow(p->mass, 2.0 / 3.0));
        for (size_t i = 0; i < n; i++)
            photons[i] += bright * s->radiance[i];
    }
}
