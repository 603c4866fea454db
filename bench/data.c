/* Simulated spectra for the benchmark. Every number is a hash of what it belongs to (kind of quantity, specimen, shot,
 * line), so that a shot is the same in any file and on any thread. */
#include "data.h"

#include <math.h>

enum { lines = 150 };

/* The finaliser of SplitMix64 (Steele, Lea & Flood 2014), as a hash. */
static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

static double uniform(uint64_t kind, uint64_t a, uint64_t b)
{
    return (double)(mix(mix(mix(kind) + a) + b) >> 11) * 0x1p-53;
}

/* Approximately normal, mean 0 and variance 1: the sum of four uniform numbers of 16 bits each. */
static double normal_of(uint64_t bits)
{
    double sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (double)(bits >> (16 * i) & 0xffff);
    return (sum - 2 * 65535) / (65536 * sqrt(4 / 12.0));
}

static double normal(uint64_t kind, uint64_t a, uint64_t b)
{
    return normal_of(mix(mix(mix(kind) + a) + b));
}

/* Adds a Gaussian line, up to 6 sigma from its centre (in channels). */
static void add_line(float *row, size_t n, double centre, double height)
{
    const double sigma = 1.8;
    size_t first = (size_t)fmax(centre - 6 * sigma, 0), end = (size_t)fmin(centre + 6 * sigma, (double)n);
    for (size_t i = first; i < end; i++) {
        double d = ((double)i - centre) / sigma;
        row[i] += (float)(height * exp(-d * d / 2));
    }
}

void data_row(size_t n, uint64_t specimen, uint64_t shot, float *row)
{
    uint64_t origin = specimen % DATA_ORIGINS, one = specimen << 20 | shot;
    double plasma = exp(0.2 * normal(1, one, 0)), heat = exp(0.3 * normal(2, one, 0));
    double shift = 4 * uniform(3, one, 0) - 2;
    for (size_t i = 0; i < n; i++) {
        double x = ((double)i / (double)n - 0.35) / 0.3;
        row[i] = (float)(plasma * heat * (200 + 1500 / (1 + x * x * x * x)));
    }
    for (uint64_t k = 0; k < lines; k++) {
        double strength = 6 + 1.5 * normal(4, k, 0) + 0.4 * normal(5, k, origin) + 0.2 * normal(6, k, specimen) +
                          0.05 * normal(7, k, one);
        add_line(row, n, (0.01 + 0.98 * uniform(8, k, 0)) * (double)n + shift, plasma * exp(strength));
    }
    for (size_t i = 0; i < n; i++)
        row[i] = floorf(row[i] + sqrtf(row[i] + 100) * (float)normal_of(mix(one * n + i)) + 100.5f);
}

void data_axis(size_t n, double *nm)
{
    for (size_t i = 0; i < n; i++) {
        double x = (double)i / (double)(n - 1);
        nm[i] = 240 + 590 * x + 20 * x * x;
    }
}
