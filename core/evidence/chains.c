/* Split R-hat, effective sample size and quantiles. */
#include "evidence/chains.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* The halves of the chains, one after the other; if n_draws is odd, the middle draw is of neither. */
typedef struct halves {
    size_t n_chains, n; /* halves, draws of each */
    double *value;      /* [n_chains, n] */
    double *mean, *variance;
    double within, total; /* mean variance of a half; variance of a draw over all, var+ of the book */
} halves;

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

double chains_quantile(size_t n, const double *sorted, double p)
{
    double position = (double)(n - 1) * p;
    size_t below = (size_t)position, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}

static void find_variances(halves *h)
{
    double grand = 0, between = 0;
    for (size_t c = 0; c < h->n_chains; c++) {
        const double *value = h->value + c * h->n;
        h->mean[c] = h->variance[c] = 0;
        for (size_t t = 0; t < h->n; t++)
            h->mean[c] += value[t] / (double)h->n;
        for (size_t t = 0; t < h->n; t++)
            h->variance[c] += (value[t] - h->mean[c]) * (value[t] - h->mean[c]) / (double)(h->n - 1);
        grand += h->mean[c] / (double)h->n_chains;
        h->within += h->variance[c] / (double)h->n_chains;
    }
    for (size_t c = 0; c < h->n_chains; c++)
        between += (h->mean[c] - grand) * (h->mean[c] - grand) / (double)(h->n_chains - 1);
    h->total = h->within * (double)(h->n - 1) / (double)h->n + between;
}

/* Autocorrelation at a lag, of all halves together. */
static double correlation(const halves *h, size_t lag)
{
    double mean = 0;
    for (size_t c = 0; c < h->n_chains; c++) {
        const double *value = h->value + c * h->n;
        double covariance = 0;
        for (size_t t = 0; t + lag < h->n; t++)
            covariance += (value[t] - h->mean[c]) * (value[t + lag] - h->mean[c]);
        mean += covariance / (double)h->n / (double)h->n_chains;
    }
    double unbiased = (double)h->n / (double)(h->n - 1); /* within has n - 1 in its denominator, covariances n */
    return 1 - (h->within - unbiased * mean) / h->total;
}

/* Sums of correlations at neighbouring lags (2m, 2m + 1) decrease and are positive in a reversible chain; summation
 * stops at the first that is not. As in Stan, antithetic chains count for at most log10 of the number of draws as many.
 */
static double effective(const halves *h)
{
    double draws = (double)(h->n_chains * h->n), sum = 0, last = INFINITY;
    for (size_t lag = 0; lag + 1 < h->n; lag += 2) {
        double pair = (lag ? correlation(h, lag) : 1) + correlation(h, lag + 1);
        if (!(pair > 0))
            break;
        last = fmin(last, pair);
        sum += last;
    }
    return draws / fmax(2 * sum - 1, 1 / log10(draws));
}

static void describe(chains_summary *out, halves *h)
{
    find_variances(h);
    out->r_hat = sqrt(h->total / h->within);
    out->effective = h->within > 0 ? effective(h) : (double)h->n_chains;
}

adamas_status chains_summarise(chains_summary *out, size_t n_chains, size_t n_draws, const double *value, size_t stride,
                               adamas_error *error)
{
    *out = (chains_summary){0};
    size_t all = n_chains * n_draws;
    halves h = {.n_chains = 2 * n_chains, .n = n_draws / 2};
    double *sorted = memory_raw(all, sizeof *sorted);
    h.value = memory_raw(h.n_chains * h.n, sizeof *h.value);
    h.mean = memory_raw(h.n_chains, sizeof *h.mean);
    h.variance = memory_raw(h.n_chains, sizeof *h.variance);
    adamas_status status = sorted && h.value && h.mean && h.variance ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < all; i++) {
        size_t t = i % n_draws, half = t < h.n ? 0 : 1, from = half ? n_draws - h.n : 0;
        sorted[i] = value[i * stride];
        out->mean += sorted[i] / (double)all;
        if (t < h.n || t >= from)
            h.value[(i / n_draws * 2 + half) * h.n + t - from] = sorted[i];
    }
    if (!status) {
        describe(out, &h);
        qsort(sorted, all, sizeof *sorted, by_size);
        out->low = chains_quantile(all, sorted, 0.025);
        out->high = chains_quantile(all, sorted, 0.975);
        if (sorted[0] == sorted[all - 1]) {
            out->mean = sorted[0];
            out->r_hat = 1;
            out->effective = (double)all;
        }
    }
    free(sorted);
    free(h.value);
    free(h.mean);
    free(h.variance);
    return status;
}
