/* Metropolis-Hastings moves between modes: of the mean of none of the origins, and the exchange of two origins. */
#include "evidence/parcel_moves.h"

#include "base/triangle.h"
#include "evidence/mixture.h"

#include <math.h>
#include <string.h>

/* ln sum_i exp(beta log_density[i]). */
static double log_sum(size_t n, double beta, const double *log_density)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        greatest = log_density[i] > greatest ? log_density[i] : greatest;
    for (size_t i = 0; i < n; i++)
        sum += exp(beta * (log_density[i] - greatest));
    return beta * greatest + log(sum);
}

/* Log ratio of the likelihood, labels summed out, with proposed[n] as the log densities under none of the origins to
 * the present likelihood. The logarithm is taken of products of factors, as far as these are safe from underflow. */
static double log_ratio_of_none(const parcel_state *s, const double *proposed)
{
    size_t none = s->n_components - 1;
    double sum = 0, product = 1;
    for (size_t i = 0; i < s->n; i++) {
        double others = 0, exponent = s->beta * proposed[i] + s->log_weight[none] - s->log_scale[i];
        for (size_t c = 0; c < none; c++)
            others += s->responsibility[c * s->n + i];
        double total = others + exp(exponent);
        if (exponent > 0) { /* over e^exponent, which may overflow */
            sum += exponent;
            total = others * exp(-exponent) + 1;
        }
        product *= total / s->total[i];
        if (product < 1e-10) {
            sum += log(product);
            product = 1;
        }
    }
    return sum + log(product);
}

/* The proposal is the position of a specimen, drawn at random, plus a normal deviate with the covariance of none over
 * beta; so its density is proportional to the sum over the specimens of (the density of none)^beta. */
void parcel_move_none(parcel_state *s, random_stream *r)
{
    if (!s->has_none || !(s->beta > 0))
        return;
    size_t d = s->d, none = s->n_components - 1, origin = s->n_shares - 1;
    double *eta = s->eta + origin * d, *proposed = s->proposed_log_density, sd = parcel_state_sd(s, origin);
    const double *present = s->log_density + none * s->n;
    double shift[mixture_max_features], squares = 0;
    size_t specimen = random_below(r, s->n);
    for (size_t j = 0; j < d; j++)
        shift[j] = s->residual[(none * d + j) * s->n + specimen] + random_normal(r) / sqrt(s->beta);
    triangle_solve(d, s->model->inverse_cholesky + s->component[none] * d * d, shift);
    for (size_t j = 0; j < d; j++)
        squares += eta[j] * eta[j] - shift[j] * shift[j] / (sd * sd);
    parcel_state_log_density(s, none, shift, proposed);
    double log_ratio = squares / 2 + log_ratio_of_none(s, proposed) + log_sum(s->n, s->beta, present) -
                       log_sum(s->n, s->beta, proposed);
    if (!(log(random_uniform(r)) < log_ratio))
        return;
    for (size_t j = 0; j < d; j++)
        eta[j] = shift[j] / sd;
    parcel_state_update(s, s->beta);
}

/* Log density of shifts of these squared lengths, the variances integrated out, but for a constant. Leaves in
 * log_cell_weight the log of what each cell contributes. */
static double log_prior_of_shifts(parcel_state *s, const double *squared_length)
{
    double greatest = -INFINITY, sum = 0;
    memcpy(s->log_cell_weight, s->log_prior, s->n_cells * sizeof *s->log_prior);
    for (size_t k = 0; k < s->n_shares; k++) {
        const double *log_sd = s->log_sd + k * s->n_cells, *precision = s->precision + k * s->n_cells;
        if (!(s->alpha[k] > 0))
            continue;
        for (size_t c = 0; c < s->n_cells; c++)
            s->log_cell_weight[c] -= (double)s->d * log_sd[c] + squared_length[k] * precision[c] / 2;
    }
    for (size_t c = 0; c < s->n_cells; c++)
        greatest = s->log_cell_weight[c] > greatest ? s->log_cell_weight[c] : greatest;
    for (size_t c = 0; c < s->n_cells; c++)
        sum += s->log_cell_weight[c] - greatest > -40 ? exp(s->log_cell_weight[c] - greatest) : 0;
    return greatest + log(sum);
}

/* One of two origins that exchange their shares. */
typedef struct side {
    size_t origin;
    double present[mixture_max_features], proposed[mixture_max_features]; /* shifts */
} side;

static double squared_norm(size_t d, const double *x)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += x[j] * x[j];
    return sum;
}

/* The shift of `origin` with which its mean lies where that of `other` lies with other_shift. */
static void shift_to_other(const parcel_state *s, size_t origin, size_t other, const double *other_shift, double *out)
{
    for (size_t j = 0; j < s->d; j++)
        out[j] = other_shift[j] + s->mean[other * s->d + j] - s->mean[origin * s->d + j];
}

/* Log density of the proposal, but for (2 pi)^(d/2): an equal mixture of N(shift_to_other, variance) and
 * N(0, mean_variance). */
static double log_proposal(const parcel_state *s, size_t origin, const double *shift, size_t other,
                           const double *other_shift, double variance)
{
    size_t d = s->d;
    double difference[mixture_max_features], prior_variance = s->mean_variance[origin];
    shift_to_other(s, origin, other, other_shift, difference);
    for (size_t j = 0; j < d; j++)
        difference[j] -= shift[j];
    double a = -(squared_norm(d, difference) / variance + (double)d * log(variance)) / 2;
    double b = -(squared_norm(d, shift) / prior_variance + (double)d * log(prior_variance)) / 2;
    return fmax(a, b) + log1p(exp(-fabs(a - b))) - log(2);
}

static void propose(const parcel_state *s, side *own, const side *other, double variance, random_stream *r)
{
    bool from_prior = random_uniform(r) < 0.5;
    shift_to_other(s, own->origin, other->origin, other->present, own->proposed);
    for (size_t j = 0; j < s->d; j++)
        own->proposed[j] = from_prior ? sqrt(s->mean_variance[own->origin]) * random_normal(r)
                                      : own->proposed[j] + sqrt(variance) * random_normal(r);
}

/* Log ratio of the likelihood, labels summed out, at the proposed shifts and shares to that at the present ones. */
static double log_likelihood_ratio(parcel_state *s, const side *a, const side *b)
{
    double change = log(s->theta[b->origin]) - log(s->theta[a->origin]), *log_weight = s->proposed_log_weight;
    for (size_t c = 0; c < s->n_components; c++) {
        double *out = s->proposed_log_density + c * s->n;
        size_t k = s->origin_of[c];
        log_weight[c] = s->log_weight[c] + (k == a->origin ? change : k == b->origin ? -change : 0);
        if (k == a->origin || k == b->origin)
            parcel_state_log_density(s, c, k == a->origin ? a->proposed : b->proposed, out);
        else
            memcpy(out, s->log_density + c * s->n, s->n * sizeof *out);
    }
    return parcel_state_log_likelihood_ratio(s, s->beta, s->proposed_log_density, log_weight);
}

/* Two different origins in use; false if there are not two, or if the variance of a shift is 0. */
static bool choose_sides(const parcel_state *s, side *a, side *b, random_stream *r)
{
    size_t used = 0, seen = 0;
    for (size_t k = 0; k < s->n_shares; k++) {
        used += s->alpha[k] > 0;
        if (s->alpha[k] > 0 && parcel_state_sd(s, k) == 0)
            return false;
    }
    if (used < 2)
        return false;
    size_t first = random_below(r, used), second = random_below(r, used - 1);
    second += second >= first;
    for (size_t k = 0; k < s->n_shares; k++) {
        if (!(s->alpha[k] > 0))
            continue;
        if (seen == first)
            a->origin = k;
        if (seen == second)
            b->origin = k;
        seen++;
    }
    return s->theta[a->origin] > 0 && s->theta[b->origin] > 0;
}

/* Log of the acceptance ratio. Leaves log_cell_weight as the proposed shifts weight the cells. */
static double log_acceptance_ratio(parcel_state *s, const side *a, const side *b, double variance)
{
    size_t d = s->d;
    double *squared_length = s->squared_length;
    for (size_t k = 0; k < s->n_shares; k++)
        squared_length[k] = parcel_state_sd(s, k) * parcel_state_sd(s, k) * squared_norm(d, s->eta + k * d);
    double value = -log_prior_of_shifts(s, squared_length);
    squared_length[a->origin] = squared_norm(d, a->proposed);
    squared_length[b->origin] = squared_norm(d, b->proposed);
    value += log_prior_of_shifts(s, squared_length);
    value += log_proposal(s, a->origin, a->present, b->origin, b->proposed, variance) +
             log_proposal(s, b->origin, b->present, a->origin, a->proposed, variance) -
             log_proposal(s, a->origin, a->proposed, b->origin, b->present, variance) -
             log_proposal(s, b->origin, b->proposed, a->origin, a->present, variance);
    value += (s->alpha[a->origin] - s->alpha[b->origin]) * (log(s->theta[b->origin]) - log(s->theta[a->origin]));
    return value + log_likelihood_ratio(s, a, b);
}

static void accept(parcel_state *s, const side *a, const side *b, random_stream *r)
{
    size_t d = s->d, before = s->cell;
    double kept = s->theta[a->origin];
    s->theta[a->origin] = s->theta[b->origin];
    s->theta[b->origin] = kept;
    s->cell = parcel_state_draw_index(s, s->n_cells, r);
    for (size_t k = 0; k < s->n_shares; k++)
        for (size_t j = 0; s->alpha[k] > 0 && j < d; j++) {
            double *eta = s->eta + k * d + j;
            double shift = k == a->origin   ? a->proposed[j]
                           : k == b->origin ? b->proposed[j]
                                            : *eta * s->sd[k * s->n_cells + before];
            *eta = shift / parcel_state_sd(s, k);
        }
    parcel_state_update(s, s->beta);
}

void parcel_move_exchange(parcel_state *s, random_stream *r)
{
    static const double spread[2] = {0.01, 0.1}; /* variances of proposals about the other's place */
    side a, b;
    if (!(s->beta > 0) || random_below(r, 4) > 0 || !choose_sides(s, &a, &b, r))
        return;
    double variance = spread[random_below(r, 2)] / s->beta;
    for (size_t j = 0; j < s->d; j++) {
        a.present[j] = parcel_state_sd(s, a.origin) * s->eta[a.origin * s->d + j];
        b.present[j] = parcel_state_sd(s, b.origin) * s->eta[b.origin * s->d + j];
    }
    propose(s, &a, &b, variance, r);
    propose(s, &b, &a, variance, r);
    if (log(random_uniform(r)) < log_acceptance_ratio(s, &a, &b, variance))
        accept(s, &a, &b, r);
}
