/* Atomic lines: widths and optical depths. */
#ifndef LINES_H
#define LINES_H

#include "plasma.h"

typedef struct line {
    unsigned char element;
    unsigned char stage; /* 1: neutral, 2: singly charged, as spectroscopists count */
    double nm;           /* in air */
    double ga;           /* g_k A_ki, 1/s */
    double lower, upper; /* eV */
    double stark;        /* full width, nm, at 1e17 electrons per cm3; 0 if not known */
} line;

extern const line line_table[];
extern const size_t line_count;

/* Full widths at half maximum, nm. */
double line_doppler(const line *l, double temperature);
double line_stark(const line *l, double electrons);

/* The weighted oscillator strength gf of absorption, from the wavelength (nm) and gA of emission (1/s). */
double gf_from_ga(double nm, double ga);

/* Optical depth of a line integrated over wavelength, in nm. */
double line_depth(const line *l, const zone *z);

/* Adds the optical depths of all lines in a zone to tau[grid]. */
void lines_add(const grid *g, const zone *z, float *tau);

#endif
