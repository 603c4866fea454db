/* Screening: which shots of a specimen are set aside, by rules on raw rows. The number of shots is not limited, as they
 * are read in two passes: first screen_shot for each, then screen_correlation for each that is still in use, with the
 * median of at most screen_max_median_rows of them; screen_outliers is last. */
#ifndef DATASET_SCREENING_H
#define DATASET_SCREENING_H

#include "base/sums.h"
#include "store/spectra.h"

/* The most rows of which a median shot is computed. */
enum { screen_max_median_rows = 256 };

/* A shot with more than this share of its channels at full scale is saturated. */
extern const double screen_saturated_share;

/* A shot whose robust z-score is above this is an outlier. */
extern const double screen_robust_z;

/* With fewer shots in use none is an outlier: the spread of three shots is not informative. */
enum { screen_min_shots = 4 };

/* Returns the first that applies of ADAMAS_SHOT_NOT_FINITE, _SATURATED and _USED. full_scale is NaN if it is not known:
 * then three or more adjacent channels at exactly the shot's maximum are at full scale (unless all channels are equal
 * and not above 0). *log_total becomes the log of the sum of intensities, -infinity if the sum is not above 0, NaN if
 * the shot is not finite. */
uint8_t screen_shot(double *log_total, const float *row, size_t n_channels, double full_scale);

/* The number of channels of a finite row at full scale, by the same rule. */
size_t screen_at_full_scale(const float *row, size_t n_channels, double full_scale);

/* The median of n >= 1 values, which are reordered. */
double screen_median_of(double *values, size_t n);

/* The median of each channel of rows[n_rows] of n_channels, 1 ... screen_max_median_rows of them, to
 * median[n_channels]. */
void screen_median(float *median, const float *const *rows, size_t n_rows, size_t n_channels);

/* Fisher's z (atanh) of the correlation of a row with the median shot, whose sums_moments_of are of_median; 0 if one of
 * them is constant. */
double screen_correlation(const float *row, const float *median, const sums_moments *of_median, size_t n_channels);

/* Changes fate[n] of the outliers among the n shots of a specimen from _USED to _OUTLIER: |robust z| > 3.5 of
 * log_total[n], or robust z < -3.5 of correlation[n]. Entries of shots that are not in use are not read. */
adamas_status screen_outliers(uint8_t *fate, size_t n, const double *log_total, const double *correlation,
                              adamas_error *error);

/* For screening specimens one after the other: of up to max_shots shots and so many channels each. */
typedef struct screening_workspace {
    float *median;
    double *log_total, *correlation;
} screening_workspace;
adamas_status screening_workspace_make(screening_workspace *workspace, size_t max_shots, size_t channels,
                                       adamas_error *error);
void screening_workspace_clear(screening_workspace *workspace);

/* Screens the n raw rows of a specimen: flag[n]. */
adamas_status screening_specimen(uint8_t *flag, size_t n, const float *const *rows, size_t channels, double full_scale,
                                 screening_workspace *workspace, adamas_error *error);

/* The same for more shots than are held in memory: the rows shot[n] of the set are read as often as needed, to
 * rows[screen_max_median_rows, channels]. */
adamas_status screening_large(uint8_t *flag, size_t n, const adamas_spectra *set, const size_t *shot, double full_scale,
                              float *rows, screening_workspace *workspace, adamas_error *error);

/* Counts at which the set's detector saturates; NaN if the set does not say. */
double screening_full_scale(const adamas_spectra *set);

#endif
