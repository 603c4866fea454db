/* Names of the strong emission lines and band heads in LIBS spectra of any specimen. */
#ifndef REPORT_EMISSION_LINES_H
#define REPORT_EMISSION_LINES_H

#include "report/emission_lines_table.h"

/* The whole table, by rising wavelength. */
const emission_line *emission_lines(size_t *n);

/* The line nearest to a wavelength in nm (in air, else in vacuum) and within `tolerance` nm of it, else NULL. Of two as
 * near, the shorter wavelength. */
const emission_line *emission_line_near(double nm, int in_air, double tolerance);

/* "Mg II 279.55", or "CN 388.34" for a band: the wavelength is that of the table, in air. */
void emission_line_name(char out[32], const emission_line *line);

/* The wavelength in standard air. Below 200 nm it is by custom that in vacuum, also in the table. */
double air_of_vacuum(double vacuum_nm);

#endif
