/* Gibbs steps and maximum likelihood for the shares of a finite mixture. */
#include "evidence/shares.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void shares_responsibilities(size_t n, size_t n_components, double beta, const double *log_likelihood,
                             const double *log_weight, double *responsibility, double *total, double *log_scale)
{
    for (size_t i = 0; i < n; i++)
        log_scale[i] = -INFINITY;
    for (size_t c = 0; c < n_components; c++)
        for (size_t i = 0; i < n; i++) {
            double value = beta * log_likelihood[c * n + i] + log_weight[c];
            responsibility[c * n + i] = value;
            log_scale[i] = value > log_scale[i] ? value : log_scale[i];
        }
    memset(total, 0, n * sizeof *total);
    for (size_t c = 0; c < n_components; c++)
        for (size_t i = 0; i < n; i++)
            total[i] += responsibility[c * n + i] = exp(responsibility[c * n + i] - log_scale[i]);
}

void shares_draw_labels(size_t n, size_t n_components, const double *responsibility, const double *total,
                        random_stream *r, size_t *label, size_t *count)
{
    memset(count, 0, n_components * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        double left = random_uniform(r) * total[i];
        size_t chosen = 0; /* the last possible component, if rounding leaves a remainder */
        for (size_t c = 0; c < n_components; c++) {
            double own = responsibility[c * n + i];
            if (!(own > 0))
                continue;
            chosen = c;
            if (left < own)
                break;
            left -= own;
        }
        label[i] = chosen;
        count[chosen]++;
    }
}

/* Log of a gamma number; for a shape below 1 by Γ(a) = Γ(a + 1) U^(1/a) (Marsaglia and Tsang 2000), which cannot
 * underflow in logs. */
static double log_gamma_number(random_stream *r, double shape)
{
    if (shape >= 1)
        return log(random_gamma(r, shape));
    double above = log(random_gamma(r, shape + 1));
    return above + log(random_uniform(r)) / shape;
}

void shares_draw(size_t n_shares, const double *alpha, const size_t *count, random_stream *r, double *share)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t k = 0; k < n_shares; k++) {
        share[k] = alpha[k] > 0 ? log_gamma_number(r, alpha[k] + (double)count[k]) : -INFINITY;
        greatest = fmax(greatest, share[k]);
    }
    for (size_t k = 0; k < n_shares; k++)
        sum += share[k] = exp(share[k] - greatest);
    for (size_t k = 0; k < n_shares; k++)
        share[k] /= sum;
}

/* A large binomial is split at the median x of n uniform numbers, which is a beta number: if x <= p, all numbers up to
 * x are successes, else none above x is, and about half of the numbers remain. */
static size_t binomial(size_t n, double p, random_stream *r)
{
    size_t successes = 0;
    while (n > 32) {
        size_t median = n / 2 + 1;
        double a = random_gamma(r, (double)median), b = random_gamma(r, (double)(n + 1 - median));
        double x = a / (a + b);
        if (x <= p) {
            successes += median;
            n -= median;
            p = (p - x) / (1 - x);
        } else {
            n = median - 1;
            p /= x;
        }
    }
    for (size_t i = 0; i < n; i++)
        successes += random_uniform(r) < p;
    return successes;
}

void shares_draw_counts(size_t n, size_t n_shares, const double *share, random_stream *r, size_t *count)
{
    double left = 1;
    size_t last = 0;
    memset(count, 0, n_shares * sizeof *count);
    for (size_t k = 0; k < n_shares; k++)
        if (share[k] > 0)
            last = k;
    for (size_t k = 0; k < last; k++) {
        count[k] = binomial(n, share[k] < left ? share[k] / left : 1, r);
        n -= count[k];
        left -= share[k];
    }
    count[last] = n;
}

/* One iteration of EM; returns the greatest change of a share. next: [2 n_components], workspace: [n_components + 2,
 * n]. */
static double maximise_once(size_t n, size_t n_components, const double *log_likelihood, const double *weight,
                            double *share, double *next, double *workspace)
{
    double *log_share = next + n_components;
    double *total = workspace, *log_scale = workspace + n, *responsibility = workspace + 2 * n;
    double sum = 0, change = 0;
    for (size_t c = 0; c < n_components; c++)
        log_share[c] = log(share[c]);
    shares_responsibilities(n, n_components, 1, log_likelihood, log_share, responsibility, total, log_scale);
    for (size_t c = 0; c < n_components; c++) {
        next[c] = 0;
        for (size_t i = 0; i < n; i++)
            next[c] += (weight ? weight[i] : 1) * responsibility[c * n + i] / total[i];
        sum += next[c];
    }
    for (size_t c = 0; c < n_components; c++) {
        change = fmax(change, fabs(next[c] / sum - share[c]));
        share[c] = next[c] / sum;
    }
    return change;
}

adamas_status shares_maximise(size_t n, size_t n_components, const double *log_likelihood, const double *weight,
                              double *share, work *w, adamas_error *error)
{
    double *workspace = memory_raw(n * (n_components + 2), sizeof *workspace);
    double *next = memory_raw(2 * n_components, sizeof *next);
    adamas_status status = workspace && next ? ADAMAS_OK : status_no_memory(error);
    for (size_t c = 0; c < n_components; c++)
        share[c] = 1 / (double)n_components;
    size_t stride = 1 + 65536 / (n * n_components); /* iterations of about a millisecond */
    for (size_t iteration = 0; !status && iteration < 100000; iteration++) {
        if (maximise_once(n, n_components, log_likelihood, weight, share, next, workspace) < 1e-12)
            break;
        if (iteration % stride == 0)
            status = work_check_cancelled(w, error);
    }
    free(next);
    free(workspace);
    return status;
}
