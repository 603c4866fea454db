/* Spectra that resemble those of LIBS, reproducible and quick to make: a continuum, 150 lines whose strengths differ
 * between origins, specimens and shots, a shift of up to 2 channels, photon and readout noise, whole counts. Their
 * shape matters for compression, for the number of iterations of a baseline and for alignment. They are no model of
 * diamonds.
 */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <stddef.h>
#include <stdint.h>

enum { DATA_ORIGINS = 4 };

/* Writes one shot to row[n_channels]. Specimen i is of origin i modulo DATA_ORIGINS. */
void data_row(size_t n_channels, uint64_t specimen, uint64_t shot, float *row);

/* Writes the wavelength axis to nm[n_channels]: 240 to 850 nm, channels slightly closer at the short end. */
void data_axis(size_t n_channels, double *nm);

#endif
