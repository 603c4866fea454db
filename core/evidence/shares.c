#include "evidence/shares.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void shares_weigh(size_t n, size_t n_columns, double power, const double *log_likelihood, const double *log_share,
                  double *relative, double *total, double *greatest)
{
    for (size_t i = 0; i < n; i++)
        greatest[i] = -INFINITY;
    for (size_t c = 0; c < n_columns; c++)
        for (size_t i = 0; i < n; i++) {
            double value = power * log_likelihood[c * n + i] + log_share[c];
            relative[c * n + i] = value;
            greatest[i] = value > greatest[i] ? value : greatest[i];
        }
    memset(total, 0, n * sizeof *total);
    for (size_t c = 0; c < n_columns; c++)
        for (size_t i = 0; i < n; i++)
            total[i] += relative[c * n + i] = exp(relative[c * n + i] - greatest[i]);
}

void shares_draw_labels(size_t n, size_t n_columns, const double *relative, const double *total, random_stream *r,
                        size_t *label, size_t *count)
{
    memset(count, 0, n_columns * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        double left = random_uniform(r) * total[i];
        size_t chosen = 0; /* the last that is possible, where rounding leaves something */
        for (size_t c = 0; c < n_columns; c++) {
            double own = relative[c * n + i];
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

/* Log of a gamma number; below shape 1 by raising it by one, Γ(a) = Γ(a + 1) U^(1/a), which here cannot underflow. */
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

/* A large binomial is split at the middle one of n uniform numbers in rising order, which is a beta number: those on
 * the far side of p are all in or all out, and half of the rest remains. */
static size_t binomial(size_t n, double p, random_stream *r)
{
    size_t successes = 0;
    while (n > 32) {
        size_t middle = n / 2 + 1;
        double a = random_gamma(r, (double)middle), b = random_gamma(r, (double)(n + 1 - middle));
        double x = a / (a + b);
        if (x <= p) {
            successes += middle;
            n -= middle;
            p = (p - x) / (1 - x);
        } else {
            n = middle - 1;
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

/* One round; returns the greatest move of a share. log_share and next are room for [n_columns] each. */
static double maximise_once(size_t n, size_t n_columns, const double *log_likelihood, const double *weight,
                            double *share, double *next, double *room)
{
    double *log_share = next + n_columns, *total = room, *greatest = room + n, *relative = room + 2 * n;
    double sum = 0, move = 0;
    for (size_t c = 0; c < n_columns; c++)
        log_share[c] = log(share[c]);
    shares_weigh(n, n_columns, 1, log_likelihood, log_share, relative, total, greatest);
    for (size_t c = 0; c < n_columns; c++) {
        next[c] = 0;
        for (size_t i = 0; i < n; i++)
            next[c] += (weight ? weight[i] : 1) * relative[c * n + i] / total[i];
        sum += next[c];
    }
    for (size_t c = 0; c < n_columns; c++) {
        move = fmax(move, fabs(next[c] / sum - share[c]));
        share[c] = next[c] / sum;
    }
    return move;
}

adamas_status shares_maximise(size_t n, size_t n_columns, const double *log_likelihood, const double *weight,
                              double *share, work *w, adamas_error *error)
{
    double *room = memory_raw(n * (n_columns + 2), sizeof *room);
    double *next = memory_raw(2 * n_columns, sizeof *next);
    adamas_status status = room && next ? ADAMAS_OK : status_no_memory(error);
    for (size_t c = 0; c < n_columns; c++)
        share[c] = 1 / (double)n_columns;
    size_t stride = 1 + 65536 / (n * n_columns); /* rounds of about a millisecond */
    for (size_t round = 0; !status && round < 100000; round++) {
        if (maximise_once(n, n_columns, log_likelihood, weight, share, next, room) < 1e-12)
            break;
        if (round % stride == 0)
            status = work_check_cancelled(w, error);
    }
    free(next);
    free(room);
    return status;
}
