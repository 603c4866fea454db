/* The shots of a spectra set by specimen, and which of them are of use. */
#ifndef DATASET_SCREENING_H
#define DATASET_SCREENING_H

#include "store/spectra.h"

/* ADAMAS_E_ARGUMENT where a set's specimens are not known. */
adamas_status dataset_check_specimens(const adamas_spectra *set, adamas_error *error);

/* Rows of a set by specimen: first[specimens + 1], shot[n_shots] (a specimen's rows, rising). The set's specimens are
 * known. */
void dataset_group_shots(const adamas_spectra *set, size_t *first, size_t *shot);

/* What the screening of one specimen after the other wants; for up to most_shots of them at a time, and medians of so
 * many channels. */
typedef struct screening_workspace {
    float *median;
    double *log_total, *correlation;
} screening_workspace;
adamas_status screening_workspace_make(screening_workspace *room, size_t most_shots, size_t channels,
                                       adamas_error *error);
void screening_workspace_clear(screening_workspace *room);

/* Judges a specimen's n shots, whose raw rows are at hand (preprocess/screen.h): fate[n]. */
adamas_status screening_specimen(uint8_t *fate, size_t n, const float *const *rows, size_t channels, double full_scale,
                                 screening_workspace *room, adamas_error *error);

/* The same for more shots than can be held: they are read from the set's rows shot[n] as often as it takes, to
 * rows[screen_max_median_rows, channels]. */
adamas_status screening_large(uint8_t *fate, size_t n, const adamas_spectra *set, const size_t *shot, double full_scale,
                              float *rows, screening_workspace *room, adamas_error *error);

/* Counts at which the set's detector saturates; NaN where it is not told. */
double screening_full_scale(const adamas_spectra *set);

/* Reads rows of a set, neighbours at one stroke, to out[n, stride]. */
adamas_status row_reader_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
                              adamas_error *error);

#endif
