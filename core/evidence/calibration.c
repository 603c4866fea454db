/* Penalised multinomial logistic regression by Newton's method. */
#include "evidence/calibration.h"

#include "base/blas_threads.h"
#include "base/linalg.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const calibration_prior calibration_weak = {.log_lr_sd = 4.605170185988092, .offset_sd = 0.5};

/* The parameters are the slope per `scale` of log density, then the offsets: all of the order of 1. */
typedef struct problem {
    size_t n, n_origins;
    const size_t *truth;
    double *x;      /* [n, n_origins]: log density less that of the true origin, over scale */
    double *weight; /* [n]: what a specimen counts for, in units */
    double scale;
    double slope_precision, offset_precision;
    double mean_precision; /* on the sum of the offsets, which the likelihood leaves free; it is 0 at the optimum */
} problem;

static adamas_status set_weights(problem *p, const double *weight, double n_units, adamas_error *error)
{
    for (size_t k = 0; k < p->n_origins; k++) {
        double sum = 0;
        for (size_t i = 0; i < p->n; i++)
            if (p->truth[i] == k)
                sum += weight ? weight[i] : 1;
        if (!(sum > 0))
            return status_set(error, ADAMAS_E_DATA, "calibration: origin %zu has no held-out specimen", k + 1);
        for (size_t i = 0; i < p->n; i++)
            if (p->truth[i] == k)
                p->weight[i] = (weight ? weight[i] : 1) / sum / (double)p->n_origins * n_units;
    }
    return ADAMAS_OK;
}

/* Differences to the true origin, and their weighted root mean square as the scale. */
static adamas_status set_differences(problem *p, const double *log_density, double n_units, adamas_error *error)
{
    double squares = 0;
    for (size_t i = 0; i < p->n; i++)
        for (size_t k = 0; k < p->n_origins; k++) {
            const double *own = log_density + i * p->n_origins;
            if (!isfinite(own[k]))
                return status_set(error, ADAMAS_E_DATA, "calibration: the density of specimen %zu for origin %zu is %g",
                                  i + 1, k + 1, own[k]);
            double x = own[k] - own[p->truth[i]];
            p->x[i * p->n_origins + k] = x;
            squares += p->weight[i] * x * x;
        }
    double scale = sqrt(squares / n_units / (double)(p->n_origins - 1));
    p->scale = scale > 0 ? scale : 1;
    for (size_t i = 0; i < p->n * p->n_origins; i++)
        p->x[i] /= p->scale;
    return ADAMAS_OK;
}

/* Probabilities of the origins of one specimen, and the log of that of the true one. */
static double softmax(size_t n_origins, const double *x, const double *at, size_t truth, double *probability)
{
    const double *offset = at + 1;
    double greatest = -INFINITY, sum = 0;
    for (size_t k = 0; k < n_origins; k++) {
        probability[k] = at[0] * x[k] + offset[k];
        greatest = fmax(greatest, probability[k]);
    }
    double own = probability[truth];
    for (size_t k = 0; k < n_origins; k++)
        sum += probability[k] = exp(probability[k] - greatest);
    for (size_t k = 0; k < n_origins; k++)
        probability[k] /= sum;
    return own - greatest - log(sum);
}

static double objective(const problem *p, const double *at, double *probability)
{
    double value = -p->slope_precision * at[0] * at[0] / 2, sum = 0;
    for (size_t k = 0; k < p->n_origins; k++) {
        value -= p->offset_precision * at[1 + k] * at[1 + k] / 2;
        sum += at[1 + k];
    }
    value -= p->mean_precision * sum * sum / 2;
    for (size_t i = 0; i < p->n; i++)
        value += p->weight[i] * softmax(p->n_origins, p->x + i * p->n_origins, at, p->truth[i], probability);
    return value;
}

/* One specimen's contribution to the gradient and to the negative Hessian (lower triangle). */
static void add_specimen(const problem *p, size_t i, const double *probability, double *gradient, double *hessian)
{
    size_t wide = p->n_origins + 1;
    const double *x = p->x + i * p->n_origins;
    double weight = p->weight[i], mean = 0, square = 0;
    for (size_t k = 0; k < p->n_origins; k++) {
        mean += probability[k] * x[k];
        square += probability[k] * x[k] * x[k];
    }
    gradient[0] -= weight * mean;
    hessian[0] += weight * (square - mean * mean);
    for (size_t k = 0; k < p->n_origins; k++) {
        double *row = hessian + (1 + k) * wide;
        gradient[1 + k] += weight * ((p->truth[i] == k) - probability[k]);
        row[0] += weight * probability[k] * (x[k] - mean);
        for (size_t j = 0; j <= k; j++)
            row[1 + j] += weight * probability[k] * ((j == k) - probability[j]);
    }
}

static void derivatives(const problem *p, const double *at, double *probability, double *gradient, double *hessian)
{
    size_t wide = p->n_origins + 1;
    double sum = 0;
    for (size_t k = 0; k < p->n_origins; k++)
        sum += at[1 + k];
    memset(hessian, 0, wide * wide * sizeof *hessian);
    hessian[0] = p->slope_precision;
    gradient[0] = -p->slope_precision * at[0];
    for (size_t k = 0; k < p->n_origins; k++) {
        gradient[1 + k] = -p->offset_precision * at[1 + k] - p->mean_precision * sum;
        for (size_t j = 0; j <= k; j++)
            hessian[(1 + k) * wide + 1 + j] = p->mean_precision + (j == k) * p->offset_precision;
    }
    for (size_t i = 0; i < p->n; i++) {
        softmax(p->n_origins, p->x + i * p->n_origins, at, p->truth[i], probability);
        add_specimen(p, i, probability, gradient, hessian);
    }
}

/* step becomes the solution of L Lᵀ step = step. */
static void solve(size_t n, const double *lower, double *step)
{
    linalg_solve_lower(n, lower, 1, step);
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++)
            step[k] -= lower[j * n + k] * step[j];
        step[k] /= lower[k * n + k];
    }
}

/* Line search: halves the step until the objective does not fall (but for rounding), and takes it. Returns the greatest
 * change of a parameter. */
static double move(const problem *p, size_t n, double *at, const double *step, double *candidate, double *probability)
{
    double before = objective(p, at, probability), fraction = 1, greatest = 0;
    for (int halvings = 0; halvings < 60; halvings++, fraction /= 2) {
        for (size_t k = 0; k < n; k++)
            candidate[k] = at[k] + fraction * step[k];
        if (objective(p, candidate, probability) >= before - 1e-13 * fabs(before))
            break;
    }
    for (size_t k = 0; k < n; k++)
        greatest = fmax(greatest, fraction * fabs(step[k]));
    memcpy(at, candidate, n * sizeof *at);
    return greatest;
}

/* Newton's method on a concave function, starting at LR = 1. There the offsets are at their optimum, so if the gradient
 * by the slope is not positive, LR = 1 is the optimum over slopes >= 0. workspace: [n + 3, n], n parameters. */
static adamas_status maximise(const problem *p, double *at, double *workspace, adamas_error *error)
{
    size_t n = p->n_origins + 1;
    double *step = workspace, *candidate = workspace + n, *probability = workspace + 2 * n,
           *hessian = workspace + 3 * n;
    for (int iteration = 0; iteration < 200; iteration++) {
        derivatives(p, at, probability, step, hessian);
        if (iteration == 0 && step[0] <= 0)
            return ADAMAS_OK;
        if (linalg_cholesky(n, hessian, NULL))
            break;
        solve(n, hessian, step);
        if (move(p, n, at, step, candidate, probability) < 1e-10)
            return ADAMAS_OK;
    }
    return status_set(error, ADAMAS_E_DATA,
                      "calibration has no finite optimum: the origins separate, and no prior holds");
}

static adamas_status fit(calibration *out, problem *p, const double *log_density, const double *weight, double n_units,
                         const calibration_prior *prior, double *at, double *workspace, adamas_error *error)
{
    adamas_status status = set_weights(p, weight, n_units, error);
    if (!status)
        status = set_differences(p, log_density, n_units, error);
    if (status)
        return status;
    p->slope_precision = 1 / (prior->log_lr_sd * prior->log_lr_sd);
    p->offset_precision = 1 / (prior->offset_sd * prior->offset_sd);
    p->mean_precision = n_units / (double)(p->n_origins * p->n_origins);
    status = maximise(p, at, workspace, error);
    out->slope = fmax(at[0], 0) / p->scale;
    memcpy(out->offset, at + 1, p->n_origins * sizeof *at);
    return status;
}

adamas_status calibration_fit(calibration *out, size_t n, size_t n_origins, const size_t *truth,
                              const double *log_density, const double *weight, double n_units,
                              const calibration_prior *prior, adamas_error *error)
{
    *out = (calibration){0};
    if (n_origins < 2)
        return status_set(error, ADAMAS_E_DATA, "calibration: %zu origin; at least 2 are needed", n_origins);
    size_t wide = n_origins + 1;
    problem p = {.n = n, .n_origins = n_origins, .truth = truth};
    p.x = memory_raw(n * n_origins, sizeof *p.x);
    p.weight = memory_raw(n, sizeof *p.weight);
    double *at = memory_new(wide, sizeof *at);
    double *workspace = memory_raw(wide * (wide + 3), sizeof *workspace);
    calibration found = {.n_origins = n_origins, .offset = memory_new(n_origins, sizeof *found.offset)};
    adamas_status status;
    blas_threads_limit();
    if (!p.x || !p.weight || !at || !workspace || !found.offset)
        status = status_no_memory(error);
    else
        status = fit(&found, &p, log_density, weight, n_units, prior, at, workspace, error);
    blas_threads_restore();
    free(workspace);
    free(at);
    free(p.weight);
    free(p.x);
    if (status)
        calibration_free(&found);
    *out = found;
    return status;
}

void calibration_apply(const calibration *c, const double *log_density, double *log_likelihood)
{
    for (size_t k = 0; k < c->n_origins; k++)
        log_likelihood[k] = (c->slope > 0 ? c->slope * log_density[k] : 0) + c->offset[k]; /* a density may be 0 */
}

void calibration_free(calibration *c)
{
    free(c->offset);
    *c = (calibration){0};
}

/* -ln p of one specimen's true origin. */
static double specimen_loss(size_t n_origins, const double *log_likelihood, size_t truth)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t k = 0; k < n_origins; k++)
        greatest = fmax(greatest, log_likelihood[k]);
    for (size_t k = 0; k < n_origins; k++)
        sum += exp(log_likelihood[k] - greatest);
    return greatest + log(sum) - log_likelihood[truth];
}

double calibration_log_loss(const calibration *c, size_t n, const size_t *truth, const double *log_density,
                            const double *weight, double *scratch)
{
    static const double most = 20;
    double total = 0, origins = 0;
    for (size_t k = 0; k < c->n_origins; k++) {
        double loss = 0, weights = 0;
        for (size_t i = 0; i < n; i++) {
            if (truth[i] != k)
                continue;
            calibration_apply(c, log_density + i * c->n_origins, scratch);
            loss += (weight ? weight[i] : 1) * fmin(specimen_loss(c->n_origins, scratch, k), most);
            weights += weight ? weight[i] : 1;
        }
        total += weights > 0 ? loss / weights : 0;
        origins += weights > 0;
    }
    return total / origins;
}

double calibration_log_lr(size_t n_origins, const double *log_likelihood, const double *weight, size_t origin)
{
    double greatest = -INFINITY, sum = 0, weights = 0;
    for (size_t j = 0; j < n_origins; j++)
        if (j != origin && (!weight || weight[j] > 0))
            greatest = fmax(greatest, log_likelihood[j]);
    for (size_t j = 0; j < n_origins; j++) {
        double own = weight ? weight[j] : 1;
        if (j == origin || !(own > 0))
            continue;
        weights += own;
        if (log_likelihood[j] > -INFINITY)
            sum += own * exp(log_likelihood[j] - greatest);
    }
    if (!(weights > 0))
        return NAN;
    return sum > 0 ? log_likelihood[origin] - greatest - log(sum / weights) : log_likelihood[origin] + INFINITY;
}
