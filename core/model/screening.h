/* The shots of a spectra set by specimen, and which of them are of use. */
#ifndef MODEL_SCREENING_H
#define MODEL_SCREENING_H

#include "io/spectra.h"

/* ADAMAS_E_ARGUMENT where a set's specimens are not known. */
adamas_status screening_check(const adamas_spectra *set, adamas_error *error);

/* Rows of a set by specimen: first[specimens + 1], shot[n_shots] (a specimen's rows, rising). The set's specimens are
 * known. */
void screening_group(const adamas_spectra *set, size_t *first, size_t *shot);

/* Judges all shots (preprocess/screen.h): fate[n_shots], beside shot[]. */
adamas_status screening_run(const adamas_spectra *set, const size_t *first, const size_t *shot, uint8_t *fate, work *w,
                            adamas_error *error);

/* The same for a caller: fate[n_shots] in the order of the set's rows. */
adamas_status screening_of_rows(const adamas_spectra *set, uint8_t *fate, work *w, adamas_error *error);

/* Counts at which the set's detector saturates; NaN where it is not told. */
double screening_full_scale(const adamas_spectra *set);

/* Reads rows of a set, neighbours at one stroke, to out[n, stride]. */
adamas_status screening_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
                             adamas_error *error);

#endif
