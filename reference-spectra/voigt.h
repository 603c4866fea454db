/* The Voigt profile: the convolution of a Doppler (Gauss) and a Stark (Lorentz) profile. */
#ifndef VOIGT_H
#define VOIGT_H

#include <stddef.h>

/* Re w(x + iy), the real part of the Faddeeva function for y >= 0, to 1e-4 of its value (Humlíček 1982, algorithm w4).
 */
double voigt_w(double x, double y);

/* The profile of unit area at a distance `at` from its centre. Widths are full widths at half maximum; all are in one
 * unit, the result is in its inverse. */
double voigt_profile(double at, double gauss_width, double lorentz_width);

/* Adds `area` times the profile around `centre` to sum[n], at the increasing positions at[n]. */
void voigt_add(size_t n, const double *at, double centre, double area, double gauss_width, double lorentz_width,
               float *sum);

#endif
