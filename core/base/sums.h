/* Sums over float32 rows, in float64, each in one order that does not depend on the processor. */
#ifndef BASE_SUMS_H
#define BASE_SUMS_H

#include <stddef.h>

/* The sum of x[n]. */
double sums_total(const float *x, size_t n);

/* The sum of (x[i] - centre)^2. */
double sums_squares(const float *x, double centre, size_t n);

/* The sum of (x[i] - x_centre) (y[i] - y_centre). */
double sums_products(const float *x, double x_centre, const float *y, double y_centre, size_t n);

/* Both of them at once: of x about its centre, and of products. */
double sums_squares_and_products(const float *x, double x_centre, const float *y, double y_centre, size_t n,
                                 double *squares);

/* total[i] += x[i]. */
void sums_add(double *total, const float *x, size_t n);

/* total[i] += part[i], and part becomes zero. */
void sums_take(double *total, double *part, size_t n);

#endif
