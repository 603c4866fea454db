/* Kernel density estimate: the bandwidth, and the log of the density. */
#include "match/kernel_density.h"

#include <math.h>

double kernel_density_bandwidth(size_t n, size_t p)
{
    return pow(4 / (((double)p + 2) * (double)n), 1 / ((double)p + 4));
}

/* sum_a (at - centre)^2 / v_a */
static double squared_distance(size_t p, const double *centre, const double *variance, double extra, const double *at)
{
    double sum = 0;
    for (size_t a = 0; a < p; a++)
        sum += (at[a] - centre[a]) * (at[a] - centre[a]) / (variance[a] + extra);
    return sum;
}

double kernel_density_log(size_t n, size_t p, const double *centre, const double *variance, double extra,
                          const double *at)
{
    double nearest = INFINITY, sum = 0, log_variance = 0;
    for (size_t a = 0; a < p; a++)
        log_variance += log(2 * M_PI * (variance[a] + extra));
    for (size_t i = 0; i < n; i++) {
        double d = squared_distance(p, centre + i * p, variance, extra, at);
        /* The sum is scaled by the density of the nearest kernel so far. */
        sum = d < nearest ? sum * exp((d - nearest) / 2) + 1 : sum + exp((nearest - d) / 2);
        nearest = fmin(nearest, d);
    }
    return log(sum / (double)n) - (nearest + log_variance) / 2;
}
