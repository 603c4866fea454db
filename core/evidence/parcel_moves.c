#include "evidence/parcel_moves.h"

#include "base/triangle.h"
#include "evidence/mixture.h"
#include "evidence/shares.h"

#include <math.h>
#include <string.h>

static double sd_of(const parcel_gibbs *g, size_t share)
{
    return g->sd[share * g->n_cells + g->cell];
}

static double log_sum(size_t n, double power, const double *log_density)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        greatest = log_density[i] > greatest ? log_density[i] : greatest;
    for (size_t i = 0; i < n; i++)
        sum += exp(power * (log_density[i] - greatest));
    return power * greatest + log(sum);
}

/* The log likelihood with the labels summed out, less what it is with the present density of none. Factors are
 * multiplied while that is safe: fewer logs. */
static double gain(const parcel_gibbs *g, const double *proposed)
{
    size_t none = g->n_components - 1;
    double sum = 0, product = 1;
    for (size_t i = 0; i < g->n; i++) {
        double others = 0, value = g->power * proposed[i] + g->log_share[none] - g->greatest[i];
        for (size_t p = 0; p < none; p++)
            others += g->relative[p * g->n + i];
        double total = others + exp(value);
        if (value > 0) { /* over e^value, which may be too great for a number */
            sum += value;
            total = others * exp(-value) + 1;
        }
        product *= total / g->total[i];
        if (product < 1e-10) {
            sum += log(product);
            product = 1;
        }
    }
    return sum + log(product);
}

/* Metropolis-Hastings on the mean of none with the labels summed out. The proposal is a stone, drawn at random, with
 * the spread of none about it; so its density is the mean over the stones of the density of none, to the power. */
void parcel_move_none(parcel_gibbs *g, random_stream *r)
{
    if (!g->has_none || !(g->power > 0))
        return;
    size_t d = g->d, none = g->n_components - 1, share = g->n_shares - 1;
    double *eta = g->eta + share * d, *proposed = g->other, sd = sd_of(g, share);
    const double *present = g->log_density + none * g->n;
    double shift[mixture_max_features], squares = 0;
    size_t stone = random_below(r, g->n);
    for (size_t j = 0; j < d; j++)
        shift[j] = g->residual[(none * d + j) * g->n + stone] + random_normal(r) / sqrt(g->power);
    triangle_solve(d, g->model->inverse_cholesky + g->part[none] * d * d, shift);
    for (size_t j = 0; j < d; j++)
        squares += eta[j] * eta[j] - shift[j] * shift[j] / (sd * sd);
    parcel_gibbs_density(g, none, shift, proposed);
    double log_ratio =
        squares / 2 + gain(g, proposed) + log_sum(g->n, g->power, present) - log_sum(g->n, g->power, proposed);
    if (!(log(random_uniform(r)) < log_ratio))
        return;
    for (size_t j = 0; j < d; j++)
        eta[j] = shift[j] / sd;
    parcel_gibbs_weigh(g, g->power);
}

/* The weights of all cells given the squared lengths of the shifts in use; returns the log of their sum: the prior
 * density of the shifts with the variances summed out. */
static double weigh_cells(parcel_gibbs *g, const double *square)
{
    double greatest = -INFINITY, sum = 0;
    memcpy(g->cell_weight, g->log_weight, g->n_cells * sizeof *g->log_weight);
    for (size_t k = 0; k < g->n_shares; k++) {
        const double *log_sd = g->log_sd + k * g->n_cells, *inverse = g->inverse + k * g->n_cells;
        if (!(g->alpha[k] > 0))
            continue;
        for (size_t c = 0; c < g->n_cells; c++)
            g->cell_weight[c] -= (double)g->d * log_sd[c] + square[k] * inverse[c] / 2;
    }
    for (size_t c = 0; c < g->n_cells; c++)
        greatest = g->cell_weight[c] > greatest ? g->cell_weight[c] : greatest;
    for (size_t c = 0; c < g->n_cells; c++)
        sum += g->cell_weight[c] - greatest > -40 ? exp(g->cell_weight[c] - greatest) : 0;
    return greatest + log(sum);
}

/* One of two shares that exchange. */
typedef struct side {
    size_t share;
    double present[mixture_max_features], proposed[mixture_max_features]; /* shifts */
} side;

static double square(size_t d, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * x[j];
    return sum;
}

/* Where the shift of `share` puts its middle when it goes to that of `other`, shifted by shift. */
static void place(const parcel_gibbs *g, size_t share, size_t other, const double *shift, double *out)
{
    for (size_t j = 0; j < g->d; j++)
        out[j] = shift[j] + g->middle[other * g->d + j] - g->middle[share * g->d + j];
}

/* Log density of the proposal, but for (2 pi)^(d/2): half about the place of the other, half about home. */
static double log_proposal(const parcel_gibbs *g, size_t share, const double *shift, size_t other,
                           const double *other_shift, double variance)
{
    size_t d = g->d;
    double there[mixture_max_features], home = g->mean_variance[share];
    place(g, share, other, other_shift, there);
    for (size_t j = 0; j < d; j++)
        there[j] -= shift[j];
    double a = -(square(d, there) / variance + (double)d * log(variance)) / 2;
    double b = -(square(d, shift) / home + (double)d * log(home)) / 2;
    return fmax(a, b) + log1p(exp(-fabs(a - b))) - log(2);
}

static void propose(const parcel_gibbs *g, side *own, const side *other, double variance, random_stream *r)
{
    bool home = random_uniform(r) < 0.5;
    place(g, own->share, other->share, other->present, own->proposed);
    for (size_t j = 0; j < g->d; j++)
        own->proposed[j] = home ? sqrt(g->mean_variance[own->share]) * random_normal(r)
                                : own->proposed[j] + sqrt(variance) * random_normal(r);
}

/* By how much the log likelihood rises; the densities are those of the proposed shifts. */
static double rise(parcel_gibbs *g, const side *a, const side *b)
{
    double sum = 0, change = log(g->share[b->share]) - log(g->share[a->share]), *log_share = g->other_log_share;
    for (size_t p = 0; p < g->n_components; p++) {
        double *out = g->other + p * g->n;
        size_t k = g->share_of[p];
        log_share[p] = g->log_share[p] + (k == a->share ? change : k == b->share ? -change : 0);
        if (k == a->share || k == b->share)
            parcel_gibbs_density(g, p, k == a->share ? a->proposed : b->proposed, out);
        else
            memcpy(out, g->log_density + p * g->n, g->n * sizeof *out);
    }
    shares_weigh(g->n, g->n_components, g->power, g->other, log_share, g->other_relative, g->other_total,
                 g->other_greatest);
    for (size_t i = 0; i < g->n; i++)
        sum += log(g->other_total[i] / g->total[i]) + g->other_greatest[i] - g->greatest[i];
    return sum;
}

/* Two different shares in use; false where there are not two, or where a shift cannot but be 0. */
static bool choose_sides(const parcel_gibbs *g, side *a, side *b, random_stream *r)
{
    size_t used = 0, seen = 0;
    for (size_t k = 0; k < g->n_shares; k++) {
        used += g->alpha[k] > 0;
        if (g->alpha[k] > 0 && sd_of(g, k) == 0)
            return false;
    }
    if (used < 2)
        return false;
    size_t first = random_below(r, used), second = random_below(r, used - 1);
    second += second >= first;
    for (size_t k = 0; k < g->n_shares; k++) {
        if (!(g->alpha[k] > 0))
            continue;
        if (seen == first)
            a->share = k;
        if (seen == second)
            b->share = k;
        seen++;
    }
    return g->share[a->share] > 0 && g->share[b->share] > 0;
}

/* Log of the acceptance ratio; cell_weight is left as the proposed shifts weigh the cells. */
static double log_ratio(parcel_gibbs *g, const side *a, const side *b, double variance)
{
    size_t d = g->d;
    double *squares = g->square;
    for (size_t k = 0; k < g->n_shares; k++)
        squares[k] = sd_of(g, k) * sd_of(g, k) * square(d, g->eta + k * d);
    double value = -weigh_cells(g, squares);
    squares[a->share] = square(d, a->proposed);
    squares[b->share] = square(d, b->proposed);
    value += weigh_cells(g, squares);
    value += log_proposal(g, a->share, a->present, b->share, b->proposed, variance) +
             log_proposal(g, b->share, b->present, a->share, a->proposed, variance) -
             log_proposal(g, a->share, a->proposed, b->share, b->present, variance) -
             log_proposal(g, b->share, b->proposed, a->share, a->present, variance);
    value += (g->alpha[a->share] - g->alpha[b->share]) * (log(g->share[b->share]) - log(g->share[a->share]));
    return value + rise(g, a, b);
}

static void accept(parcel_gibbs *g, const side *a, const side *b, random_stream *r)
{
    size_t d = g->d, before = g->cell;
    double kept = g->share[a->share];
    g->share[a->share] = g->share[b->share];
    g->share[b->share] = kept;
    parcel_gibbs_draw_cell(g, r);
    for (size_t k = 0; k < g->n_shares; k++)
        for (size_t j = 0; g->alpha[k] > 0 && j < d; j++) {
            double *eta = g->eta + k * d + j;
            double shift = k == a->share   ? a->proposed[j]
                           : k == b->share ? b->proposed[j]
                                           : *eta * g->sd[k * g->n_cells + before];
            *eta = shift / sd_of(g, k);
        }
    parcel_gibbs_weigh(g, g->power);
}

void parcel_move_exchange(parcel_gibbs *g, random_stream *r)
{
    static const double spread[2] = {0.01, 0.1}; /* variances about the other's place */
    side a, b;
    if (!(g->power > 0) || random_below(r, 4) > 0 || !choose_sides(g, &a, &b, r))
        return;
    double variance = spread[random_below(r, 2)] / g->power;
    for (size_t j = 0; j < g->d; j++) {
        a.present[j] = sd_of(g, a.share) * g->eta[a.share * g->d + j];
        b.present[j] = sd_of(g, b.share) * g->eta[b.share * g->d + j];
    }
    propose(g, &a, &b, variance, r);
    propose(g, &b, &a, variance, r);
    if (log(random_uniform(r)) < log_ratio(g, &a, &b, variance))
        accept(g, &a, &b, r);
}
