#include "match/match.h"

#include <math.h>
#include <string.h>

void match_origin_means(const match_data *d, size_t p, double *mean, double *specimens)
{
    memset(mean, 0, d->n_origins * p * sizeof *mean);
    memset(specimens, 0, d->n_origins * sizeof *specimens);
    for (size_t i = 0; i < d->n_specimens; i++) {
        specimens[d->origin[i]]++;
        for (size_t a = 0; a < p; a++)
            mean[d->origin[i] * p + a] += d->mean[i * d->n_components + a];
    }
    for (size_t k = 0; k < d->n_origins; k++)
        for (size_t a = 0; a < p; a++)
            mean[k * p + a] /= specimens[k];
}

void match_posterior(size_t n_origins, const double *log_density, const double *prior, double *log_probability)
{
    double largest = -INFINITY, sum = 0;
    for (size_t k = 0; k < n_origins; k++) {
        log_probability[k] = prior[k] > 0 ? log_density[k] + log(prior[k]) : -INFINITY;
        largest = fmax(largest, log_probability[k]);
    }
    for (size_t k = 0; k < n_origins; k++)
        sum += exp(log_probability[k] - largest);
    for (size_t k = 0; k < n_origins; k++)
        log_probability[k] -= largest + log(sum);
}
