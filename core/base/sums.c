/* Sums over rows in a fixed order. */
#include "base/sums.h"

#include "base/simd.h"

#include <math.h>
#include <string.h>

/* Term i is added to lane i % lanes. Four vectors, so that an addition need not wait for the one before it. */
enum { lanes = 4 * SIMD_DOUBLES };

typedef struct running {
    double lane[lanes];
} running;

SIMD_INLINE double collect(const running *s)
{
    double half[lanes / 2], sum = 0;
    for (size_t k = 0; k < lanes / 2; k++)
        half[k] = s->lane[k] + s->lane[k + lanes / 2];
    for (size_t k = 0; k < lanes / 4; k++)
        sum += half[k] + half[k + lanes / 4];
    return sum;
}

SIMD_CLONES double sums_total(const float *x, size_t n)
{
    running s = {0};
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            s.lane[k] += x[i + k];
    for (size_t k = 0; k < n - whole; k++)
        s.lane[k] += x[whole + k];
    return collect(&s);
}

SIMD_CLONES double sums_absolute(const float *x, size_t n)
{
    running s = {0};
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            s.lane[k] += fabsf(x[i + k]);
    for (size_t k = 0; k < n - whole; k++)
        s.lane[k] += fabsf(x[whole + k]);
    return collect(&s);
}

SIMD_CLONES double sums_products(const float *x, const float *y, size_t n)
{
    running s = {0};
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            s.lane[k] += (double)x[i + k] * y[i + k];
    for (size_t k = 0; k < n - whole; k++)
        s.lane[k] += (double)x[whole + k] * y[whole + k];
    return collect(&s);
}

SIMD_INLINE double squared(float x, double centre)
{
    double d = x - centre;
    return d * d;
}

SIMD_CLONES double sums_squares(const float *x, double centre, size_t n)
{
    running s = {0};
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            s.lane[k] += squared(x[i + k], centre);
    for (size_t k = 0; k < n - whole; k++)
        s.lane[k] += squared(x[whole + k], centre);
    return collect(&s);
}

/* The moments from sums about `centre`, in one pass: x[0] is near enough to the mean for the cancellation to lose less
 * than the rounding of x to float32. */
SIMD_INLINE sums_moments about(double centre, double sum, double squares, size_t n)
{
    double off = sum / (double)n;
    return (sums_moments){centre + off, fmax(squares - sum * off, 0)};
}

SIMD_CLONES sums_moments sums_moments_of(const float *x, size_t n)
{
    running s = {0}, q = {0};
    double centre = x[0];
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++) {
            double d = x[i + k] - centre;
            s.lane[k] += d;
            q.lane[k] += d * d;
        }
    for (size_t k = 0; k < n - whole; k++) {
        double d = x[whole + k] - centre;
        s.lane[k] += d;
        q.lane[k] += d * d;
    }
    return about(centre, collect(&s), collect(&q), n);
}

SIMD_CLONES sums_moments sums_moments_with(const float *x, const float *y, double y_mean, size_t n, double *products)
{
    running s = {0}, q = {0}, p = {0};
    double centre = x[0];
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++) {
            double d = x[i + k] - centre;
            s.lane[k] += d;
            q.lane[k] += d * d;
            p.lane[k] += d * (y[i + k] - y_mean);
        }
    for (size_t k = 0; k < n - whole; k++) {
        double d = x[whole + k] - centre;
        s.lane[k] += d;
        q.lane[k] += d * d;
        p.lane[k] += d * (y[whole + k] - y_mean);
    }
    *products = collect(&p);
    return about(centre, collect(&s), collect(&q), n);
}

/* The sums of a few channels stay in registers from row to row. */
SIMD_CLONES void sums_add(double *total, const float *x, size_t n_rows, size_t n)
{
    size_t whole = n - n % lanes;
    for (size_t i = 0; i < whole; i += lanes) {
        double sum[lanes];
        memcpy(sum, total + i, sizeof sum);
        for (size_t r = 0; r < n_rows; r++)
            for (size_t k = 0; k < lanes; k++)
                sum[k] += x[r * n + i + k];
        memcpy(total + i, sum, sizeof sum);
    }
    for (size_t i = whole; i < n; i++)
        for (size_t r = 0; r < n_rows; r++)
            total[i] += x[r * n + i];
}

SIMD_CLONES void sums_mean(float *mean, double *total, double number, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mean[i] = (float)(total[i] / number);
        total[i] = 0;
    }
}

SIMD_CLONES void sums_merge(double *total, double *part, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        total[i] += part[i];
        part[i] = 0;
    }
}
