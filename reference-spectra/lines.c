/* Widths and optical depths of atomic lines. */
#include "lines.h"

#include "constants.h"
#include "voigt.h"

#include <math.h>

/* Lines of a smaller optical depth at the centre are left out, and wings are cut off at it: about 0.1 of 65,535 counts
 * at the brightest wavelength of the hot zone. */
static const double min_depth = 2e-6;
static const double max_wing = 30.0; /* nm */

double line_doppler(const line *l, double temperature)
{
    return 7.16e-7 * l->nm * sqrt(temperature / element_table[l->element].mass);
}

/* Semi-empirical estimate: 1e-8 f n^5 per electron and second, n the upper level's effective quantum number. */
static double stark_estimate(const line *l)
{
    double depth = fmax(element_table[l->element].ionisation[l->stage - 1] - l->upper, 0.3);
    double n = l->stage * sqrt(13.6057 / depth);
    double f = l->stage == 1 ? 5.0 : 2.5;
    double cm = l->nm * 1e-7;
    return 1e-8 * f * pow(n, 5) * 1e17 * cm * cm / (2 * pi * speed_of_light_cm) * 1e7;
}

/* Hydrogen: Gigosos, González and Cardeñoso (2003), H alpha and H beta. */
static double stark_hydrogen(const line *l, double electrons)
{
    if (l->nm > 600)
        return 0.549 * pow(electrons / 1e17, 0.67965);
    return 4.8 * pow(electrons / 1e17, 0.68116);
}

double line_stark(const line *l, double electrons)
{
    if (l->element == EL_H)
        return stark_hydrogen(l, electrons);
    return (l->stark > 0 ? l->stark : stark_estimate(l)) * electrons / 1e17;
}

double gf_from_ga(double nm, double ga)
{
    return 1.4992e-14 * nm * nm * ga; /* 1.4992e-16 for angstroms */
}

double line_depth(const line *l, const zone *z)
{
    int stage = l->stage - 1;
    double n = z->density[l->element][stage] / z->u[l->element][stage];
    if (!(n > 0))
        return 0;
    double kt = boltzmann_ev * z->temperature, cm = l->nm * 1e-7;
    double boltzmann = exp(-l->lower / kt) - exp(-(l->lower + hc_ev_nm / l->nm) / kt);
    return pi_electron_radius_cm * cm * cm * gf_from_ga(l->nm, l->ga) * n * boltzmann * z->length * 1e7;
}

static double wing_end(double depth, double gauss, double lorentz)
{
    double wing = sqrt(depth * lorentz / (2 * pi * min_depth));
    return fmin(fmax(wing, 3 * gauss), max_wing);
}

static void add_line(const grid *g, size_t centre, double nm, double depth, double gauss, double lorentz, float *tau)
{
    double end = wing_end(depth, gauss, lorentz);
    size_t first = centre, last = centre;
    while (first > 0 && nm - g->nm[first - 1] <= end)
        first--;
    while (last + 1 < g->n && g->nm[last + 1] - nm <= end)
        last++;
    voigt_add(last + 1 - first, g->nm + first, nm, depth, gauss, lorentz, tau + first);
}

void lines_add(const grid *g, const zone *z, float *tau)
{
    for (size_t i = 0; i < line_count; i++) {
        const line *l = &line_table[i];
        double depth = line_depth(l, z);
        double gauss = line_doppler(l, z->temperature), lorentz = line_stark(l, z->electrons);
        if (depth > min_depth * (gauss + lorentz))
            add_line(g, g->centre[i], l->nm, depth, gauss, lorentz, tau);
    }
}
