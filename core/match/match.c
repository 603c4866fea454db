#include "match/match.h"

#include <math.h>

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
