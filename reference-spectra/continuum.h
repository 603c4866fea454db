/* The continuum: free-free and free-bound transitions of electrons in the field of ions. */
#ifndef CONTINUUM_H
#define CONTINUUM_H

#include "plasma.h"

/* Spectral radiance of a black body, W / (m2 sr m). */
double planck(double nm, double temperature);

/* Emission of free-free and free-bound transitions, W / (m3 sr m). */
double continuum_emission(const zone *z, double nm);

/* Optical depth of the continuum through a zone. */
double continuum_depth(const zone *z, double nm);

#endif
