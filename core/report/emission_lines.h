/* Names for what shines: strong emission lines and band heads in LIBS spectra, of any specimen. */
#ifndef REPORT_EMISSION_LINES_H
#define REPORT_EMISSION_LINES_H

#include <stddef.h>

typedef struct emission_line {
    const char *species; /* an element, or a molecule */
    int stage;           /* 1 neutral, 2 singly ionised; 0 for the head of a molecule's band */
    double air_nm;       /* wavelength in air */
    int rank;            /* 1 is the species and stage's strongest here; the order, no measure */
} emission_line;

/* The whole table, by rising wavelength. */
const emission_line *emission_lines(size_t *n);

/* The line nearest to a wavelength in nm (in air, else in vacuum) and within `tolerance` nm of it, else NULL. Of two as
 * near, the shorter wavelength. */
const emission_line *emission_line_near(double nm, int in_air, double tolerance);

/* "Mg II 279.55", or "CN 388.34" for a band: the wavelength is that of the table, in air. */
void emission_line_name(char out[32], const emission_line *line);

/* Standard air. Below 200 nm wavelengths are those of vacuum by custom, and in the table too: there both are equal. */
double vacuum_of_air(double air_nm);
double air_of_vacuum(double vacuum_nm);

#endif
