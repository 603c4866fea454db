/* Sums over float32 rows, in float64, in an order that does not depend on the processor. */
#ifndef BASE_SUMS_H
#define BASE_SUMS_H

#include <stddef.h>

/* The sum of x[n]. */
double sums_total(const float *x, size_t n);

/* The sum of |x[i]|. */
double sums_absolute(const float *x, size_t n);

/* The sum of x[i] y[i]. */
double sums_products(const float *x, const float *y, size_t n);

/* The sum of (x[i] - centre)^2. */
double sums_squares(const float *x, double centre, size_t n);

/* The mean, and the sum of squares about it. */
typedef struct sums_moments {
    double mean, squares;
} sums_moments;

sums_moments sums_moments_of(const float *x, size_t n);

/* The same of x, and *products: the sum of (x[i] - mean) (y[i] - y_mean), y_mean being the mean of y. */
sums_moments sums_moments_with(const float *x, const float *y, double y_mean, size_t n, double *products);

/* total[i] += x[k, i] for each row of x[n_rows, n] in turn. */
void sums_add(double *total, const float *x, size_t n_rows, size_t n);

/* mean[i] = total[i] / number; total becomes zero. */
void sums_mean(float *mean, double *total, double number, size_t n);

/* total[i] += part[i]; part becomes zero. */
void sums_merge(double *total, double *part, size_t n);

#endif
