/* The Voigt profile by Humlíček's algorithm w4 (1982). */
#include "voigt.h"

#include <math.h>

/* Complex numbers without C's own product, which tests for infinities. */
typedef struct complex_number {
    double re, im;
} complex_number;

static complex_number complex_product(complex_number a, complex_number b)
{
    return (complex_number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* c[0] + z (c[1] + z (c[2] + ...)) */
static complex_number polynomial(complex_number z, const double *c, int n)
{
    complex_number sum = {c[n - 1], 0};
    for (int k = n - 2; k >= 0; k--) {
        sum = complex_product(sum, z);
        sum.re += c[k];
    }
    return sum;
}

static double real_of_ratio(complex_number a, complex_number b)
{
    return (a.re * b.re + a.im * b.im) / (b.re * b.re + b.im * b.im);
}

/* Region 1: |x| + y of at least 15; nearly a Lorentz profile. */
static double region_1(double x, double y)
{
    double a = 0.5 + y * y - x * x, b = 2 * x * y;
    return 0.5641896 * y * (0.5 + x * x + y * y) / (a * a + b * b);
}

static double region_2(complex_number t)
{
    static const double denominator[] = {0.75, 3.0, 1.0};
    complex_number u = complex_product(t, t);
    complex_number numerator = complex_product(t, (complex_number){1.410474 + u.re * 0.5641896, u.im * 0.5641896});
    return real_of_ratio(numerator, polynomial(u, denominator, 3));
}

static double region_3(complex_number t)
{
    static const double numerator[] = {16.4955, 20.20933, 11.96482, 3.778987, 0.5642236};
    static const double denominator[] = {16.4955, 38.82363, 39.27121, 21.69274, 6.699398, 1.0};
    return real_of_ratio(polynomial(t, numerator, 5), polynomial(t, denominator, 6));
}

/* Region 4: close to the real axis. */
static double region_4(complex_number t)
{
    static const double numerator[] = {36183.31, -3321.9905, 1540.787, -219.0313, 35.76683, -1.320522, 0.56419};
    static const double denominator[] = {32066.6, -24322.84, 9022.228, -2186.181, 364.2191, -61.57037, 1.841439, -1.0};
    complex_number u = complex_product(t, t);
    complex_number top = complex_product(t, polynomial(u, numerator, 7));
    return exp(u.re) * cos(u.im) - real_of_ratio(top, polynomial(u, denominator, 8));
}

double voigt_w(double x, double y)
{
    double s = fabs(x) + y;
    complex_number t = {y, -x};
    if (s >= 15)
        return region_1(x, y);
    if (s >= 5.5)
        return region_2(t);
    if (y >= 0.195 * fabs(x) - 0.176)
        return region_3(t);
    return region_4(t);
}

double voigt_profile(double at, double gauss_width, double lorentz_width)
{
    double scale = 1.6651092223153954 / gauss_width; /* 2 sqrt(ln 2) */
    return 0.5641895835477563 * scale * voigt_w(at * scale, 0.5 * lorentz_width * scale);
}

/* region_1 for many points, in single precision and without branches: most points of a strong line are in its wings. */
static void add_wing(size_t n, const double *at, double centre, float scale, float y, float area, float *sum)
{
    float y2 = y * y, top = 0.5641896f * y * area;
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float x = (float)(at[i] - centre) * scale, x2 = x * x;
        float a = 0.5f + y2 - x2;
        sum[i] += top * (0.5f + x2 + y2) / (a * a + 4.0f * x2 * y2);
    }
}

void voigt_add(size_t n, const double *at, double centre, double area, double gauss_width, double lorentz_width,
               float *sum)
{
    double scale = 1.6651092223153954 / gauss_width, y = 0.5 * lorentz_width * scale;
    double height = 0.5641895835477563 * scale * area, core = fmax(15 - y, 0) / scale;
    size_t left = 0, right = n;
    while (left < n && centre - at[left] >= core)
        left++;
    while (right > left && at[right - 1] - centre >= core)
        right--;
    add_wing(left, at, centre, (float)scale, (float)y, (float)height, sum);
    for (size_t i = left; i < right; i++)
        sum[i] += (float)(height * voigt_w((at[i] - centre) * scale, y));
    add_wing(n - right, at + right, centre, (float)scale, (float)y, (float)height, sum + right);
}
