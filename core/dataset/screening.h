/* Screening: which shots of a specimen are of use. */
#ifndef DATASET_SCREENING_H
#define DATASET_SCREENING_H

#include "store/spectra.h"

/* For screening specimens one after the other: of up to max_shots shots and so many channels each. */
typedef struct screening_workspace {
    float *median;
    double *log_total, *correlation;
} screening_workspace;
adamas_status screening_workspace_make(screening_workspace *workspace, size_t max_shots, size_t channels,
                                       adamas_error *error);
void screening_workspace_clear(screening_workspace *workspace);

/* Screens the n raw rows of a specimen (preprocess/screen.h): flag[n]. */
adamas_status screening_specimen(uint8_t *flag, size_t n, const float *const *rows, size_t channels, double full_scale,
                                 screening_workspace *workspace, adamas_error *error);

/* The same for more shots than are held in memory: the rows shot[n] of the set are read as often as needed, to
 * rows[screen_max_median_rows, channels]. */
adamas_status screening_large(uint8_t *flag, size_t n, const adamas_spectra *set, const size_t *shot, double full_scale,
                              float *rows, screening_workspace *workspace, adamas_error *error);

/* Counts at which the set's detector saturates; NaN if the set does not say. */
double screening_full_scale(const adamas_spectra *set);

#endif
