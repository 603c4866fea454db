/* Which shots of a specimen are set aside, judged on raw rows. A specimen's shots may be any number: they pass twice,
 * first screen_shot on each, then screen_correlation on each of those still in use, with the median of up to
 * screen_max_median_rows of them; screen_outliers comes last. */
#ifndef PREPROCESS_SCREEN_H
#define PREPROCESS_SCREEN_H

#include "base/status.h"
#include "base/sums.h"

/* The most rows that make a median shot. */
enum { screen_max_median_rows = 256 };

/* A shot with more than this share of its channels at full scale is saturated. */
extern const double screen_saturated_share;

/* A shot whose robust z is over this is an outlier. */
extern const double screen_robust_z;

/* With fewer shots in use than this none is an outlier: the spread of three says nothing. */
enum { screen_min_shots = 4 };

/* ADAMAS_SHOT_NOT_FINITE, _SATURATED or _USED, in this order. full_scale is NaN where it is not known: then three or
 * more neighbours at exactly the shot's maximum are at full scale (but not where all channels are equal and not above
 * 0). *log_total becomes the log of the sum of its intensities, -infinity where that is not above 0, NaN where the shot
 * is not finite. */
uint8_t screen_shot(double *log_total, const float *row, size_t n_channels, double full_scale);

/* Channels of a finite row that are at full scale, by the same rule. */
size_t screen_at_full_scale(const float *row, size_t n_channels, double full_scale);

/* The median of n values, 1 or more, which it reorders. */
double screen_median_of(double *values, size_t n);

/* The median of each channel of rows[n_rows] of n_channels, 1 ... screen_max_median_rows of them, to
 * median[n_channels]. */
void screen_median(float *median, const float *const *rows, size_t n_rows, size_t n_channels);

/* Fisher's z (atanh) of the correlation of a row with the median shot, of which sums_moments_of is known; 0 where one
 * of them is the same everywhere. */
double screen_correlation(const float *row, const float *median, const sums_moments *of_median, size_t n_channels);

/* Turns the fate of outliers among the n shots of a specimen from _USED to _OUTLIER: |robust z| > 3.5 of log_total[n],
 * or robust z < -3.5 of correlation[n]. Entries of shots that are not in use are not looked at. */
adamas_status screen_outliers(uint8_t *fate, size_t n, const double *log_total, const double *correlation,
                              adamas_error *error);

#endif
