#include "emission.h"

#include "continuum.h"
#include "lines.h"
#include "transfer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Assumed, and chosen so that the spectra look as published ones of diamond and graphite do: how far the core has
 * cooled when the late light comes, and the shells' temperature, both as shares (argon carries heat away more slowly);
 * how much more light the late plasma gives, being larger and lasting longer; the zones' lengths (cm). */
static const double late_share[] = {[GAS_AIR] = 0.62, [GAS_ARGON] = 0.72};
static const double shell_share[] = {[GAS_AIR] = 0.55, [GAS_ARGON] = 0.70};
static const double light[] = {0.35, 9.0};
static const double length[N_ZONES] = {0.35, 0.004, 0.10, 0.004};
static const double pressure = 1.0; /* atm, of all but the early core */

int emitter_make(emitter *out)
{
    emitter e = {0};
    int ok = grid_make(&e.points);
    for (int m = 0; ok && m < N_BAND_MOLECULES; m++)
        ok = band_table_make(&e.bands[m], m, &e.points);
    if (!ok)
        emitter_clear(&e);
    *out = e;
    return ok;
}

void emitter_clear(emitter *e)
{
    for (int m = 0; m < N_BAND_MOLECULES; m++)
        band_table_clear(&e->bands[m]);
    grid_clear(&e->points);
}

int scratch_make(scratch *out, const emitter *e)
{
    size_t n = e->points.n;
    float *block = calloc(5 * n, sizeof *block);
    *out = (scratch){block, block ? block + n : block, block ? block + 2 * n : block, block ? block + 3 * n : block,
                     block ? block + 4 * n : block};
    return block != NULL;
}

void scratch_clear(scratch *s)
{
    free(s->tau1);
    *s = (scratch){0};
}

void plume_zones(zone zones[N_ZONES], const plume *p)
{
    double late = p->temperature * late_share[p->gas], shell = shell_share[p->gas];
    plasma_of_electrons(&zones[EARLY_CORE], &p->early, p->temperature, p->electrons);
    plasma_of_pressure(&zones[EARLY_SHELL], &p->early, p->temperature * shell, pressure);
    plasma_of_pressure(&zones[LATE_CORE], &p->late, late, pressure);
    plasma_of_pressure(&zones[LATE_SHELL], &p->late, late * shell, pressure);
    for (int i = 0; i < N_ZONES; i++)
        zones[i].length = length[i] * cbrt(p->mass);
}

/* Optical depth and black-body photons of a zone at the grid's points. */
static void zone_depth(const emitter *e, const zone *z, float *tau, float *black)
{
    double depth[N_KNOTS], photons[N_KNOTS];
    for (int k = 0; k < N_KNOTS; k++) {
        double nm = knot_first + k * knot_step;
        depth[k] = continuum_depth(z, nm);
        photons[k] = planck(nm, z->temperature) * nm * 1e-15;
    }
    grid_spread(&e->points, depth, tau);
    grid_spread(&e->points, photons, black);
    for (int m = 0; m < N_BAND_MOLECULES; m++)
        band_table_add(&e->bands[m], z->temperature, z->molecules[m] * z->length, tau);
    lines_add(&e->points, z, tau);
}

void emission_of(const emitter *e, const plume *p, scratch *s, float *photons)
{
    zone zones[N_ZONES];
    plume_zones(zones, p);
    size_t n = e->points.n;
    memset(photons, 0, n * sizeof *photons);
    for (int stage = 0; stage < 2; stage++) {
        zone_depth(e, &zones[2 * stage], s->tau1, s->black1);
        zone_depth(e, &zones[2 * stage + 1], s->tau2, s->black2);
        transfer_two_zones(n, s->black1, s->tau1, s->black2, s->tau2, s->part);
        float bright = (float)(light[stage] * pow(p->mass, 2.0 / 3.0));
        for (size_t i = 0; i < n; i++)
            photons[i] += bright * s->part[i];
    }
}
