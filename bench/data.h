/* Spectra like those of LIBS, made fast and always the same: a continuum, 150 lines whose strengths differ between
 * origins, specimens and shots, a shift of up to 2 channels, photon and readout noise, whole counts. What they look
 * like matters for compression, for the iterations of a baseline and for the alignment; of diamonds they say nothing.
 */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <stddef.h>
#include <stdint.h>

enum { DATA_ORIGINS = 4 };

/* One shot: row[n_channels]. Specimens are of the origins in turn. */
void data_row(size_t n_channels, uint64_t specimen, uint64_t shot, float *row);

/* 240 to 850 nm, a little closer in the blue. */
void data_axis(size_t n_channels, double *nm);

#endif
