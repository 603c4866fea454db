/* The continuum: free-free and free-bound emission, and the optical depth that follows from it by Kirchhoff's law. */
#include "continuum.h"

#include "constants.h"

#include <math.h>

/* Free-free Gaunt factor and the free-bound factor of Biberman: near 1 in the visible for light elements. */
static const double gaunt = 1.2, biberman = 1.0;

static double photon_over_kt(double nm, double temperature)
{
    return hc_ev_nm / (nm * boltzmann_ev * temperature);
}

double planck(double nm, double temperature)
{
    double m = nm * 1e-9;
    return 2 * planck_si * speed_of_light_si * speed_of_light_si / pow(m, 5) / expm1(photon_over_kt(nm, temperature));
}

/* Unsöld-Kramers in SI units, as Cabannes and Chapelle (1971) write it; singly charged ions only. */
double continuum_emission(const zone *z, double nm)
{
    double ions = 0;
    for (int e = 0; e < N_ELEMENTS; e++)
        ions += z->density[e][1];
    double m = nm * 1e-9, u = photon_over_kt(nm, z->temperature);
    double shape = biberman * -expm1(-u) + gaunt * exp(-u);
    return 1.63e-43 * (z->electrons * 1e6) * (ions * 1e6) / (m * m * sqrt(z->temperature)) * shape;
}

double continuum_depth(const zone *z, double nm)
{
    return continuum_emission(z, nm) * z->length * 1e-2 / planck(nm, z->temperature);
}
