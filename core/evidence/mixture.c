/* The EM algorithm for mixtures of normal distributions. */
#include "evidence/mixture.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/triangle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { max_iterations = 500 };
static const double tolerance = 1e-7; /* change of the mean log density from one iteration to the next */

typedef struct score {
    double value;
    size_t row;
} score;

size_t mixture_n_components(size_t n)
{
    return n >= 40 ? 2 : 1;
}

double mixture_distance(const mixture *m, size_t component, const double *x)
{
    size_t d = m->d;
    const double *mean = m->mean + component * d, *root = m->inverse_cholesky + component * d * d;
    double centred[mixture_max_features], sum = 0;
    for (size_t i = 0; i < d; i++) {
        centred[i] = x[i] - mean[i];
        double z = 0;
        for (size_t j = 0; j <= i; j++)
            z += root[i * d + j] * centred[j];
        sum += z * z;
    }
    return sum;
}

/* responsibility[n_components]: probability of each component given x. Returns the log density at x. */
static double find_responsibilities(const mixture *m, const double *x, double *responsibility)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t c = 0; c < m->n_components; c++) {
        responsibility[c] = log(m->weight[c]) + m->log_norm[c] - mixture_distance(m, c, x) / 2;
        greatest = fmax(greatest, responsibility[c]);
    }
    for (size_t c = 0; c < m->n_components; c++)
        sum += responsibility[c] = exp(responsibility[c] - greatest);
    for (size_t c = 0; c < m->n_components; c++)
        responsibility[c] /= sum;
    return greatest + log(sum);
}

static int by_score(const void *a, const void *b)
{
    const score *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* Start: responsibility[n, n_components] is 1 for the component of a row's quantile along the first principal axis,
 * whose sign is such that its element of greatest size is positive. */
static adamas_status split(size_t n, size_t d, const double *rows, const double *pooled, size_t n_components,
                           double *responsibility, adamas_error *error)
{
    double copy[mixture_max_features * mixture_max_features], axis[mixture_max_features], value, sign = 0;
    memcpy(copy, pooled, d * d * sizeof *copy);
    adamas_status status = linalg_eigen(d, 1, copy, &value, axis, NULL, error);
    if (status)
        return status;
    score *scores = memory_raw(n, sizeof *scores);
    if (!scores)
        return status_no_memory(error);
    for (size_t j = 0; j < d; j++)
        if (fabs(axis[j]) > fabs(sign))
            sign = axis[j];
    for (size_t i = 0; i < n; i++) {
        scores[i] = (score){.row = i};
        for (size_t j = 0; j < d; j++)
            scores[i].value += (sign < 0 ? -axis[j] : axis[j]) * rows[i * d + j];
    }
    qsort(scores, n, sizeof *scores, by_score);
    memset(responsibility, 0, n * n_components * sizeof *responsibility);
    for (size_t i = 0; i < n; i++)
        responsibility[scores[i].row * n_components + i * n_components / n] = 1;
    free(scores);
    return ADAMAS_OK;
}

/* Replaces a component's covariance by its Cholesky factor and sets what else its density needs. */
static adamas_status set_factors(mixture *m, size_t component, adamas_error *error)
{
    size_t d = m->d;
    double *cholesky = m->cholesky + component * d * d;
    if (!triangle_cholesky(d, cholesky))
        return status_set(error, ADAMAS_E_DATA, "a covariance matrix of %zu features is not positive definite", d);
    triangle_invert(d, cholesky, m->inverse_cholesky + component * d * d);
    m->log_norm[component] = -triangle_log_determinant(d, cholesky) - (double)d / 2 * log(6.283185307179586);
    return ADAMAS_OK;
}

/* Weighted mean of the rows and lower triangle of their weighted scatter about it; returns the sum of the weights. */
static double scatter(size_t n, size_t d, const double *rows, const double *weight, size_t stride, double *mean,
                      double *out)
{
    double total = 0, centred[mixture_max_features];
    memset(mean, 0, d * sizeof *mean);
    memset(out, 0, d * d * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        total += weight[i * stride];
        for (size_t j = 0; j < d; j++)
            mean[j] += weight[i * stride] * rows[i * d + j];
    }
    for (size_t j = 0; j < d; j++)
        mean[j] = total > 0 ? mean[j] / total : 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++)
            centred[j] = rows[i * d + j] - mean[j];
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k <= j; k++)
                out[j * d + k] += weight[i * stride] * centred[j] * centred[k];
    }
    return total;
}

static adamas_status maximise(mixture *m, size_t n, const double *rows, const double *pooled, double shrinkage,
                              const double *responsibility, adamas_error *error)
{
    size_t d = m->d, n_components = m->n_components;
    double narrower = pow((double)n_components, -2.0 / (double)d);
    adamas_status status = ADAMAS_OK;
    for (size_t c = 0; !status && c < n_components; c++) {
        double *covariance = m->cholesky + c * d * d;
        double count = scatter(n, d, rows, responsibility + c, n_components, m->mean + c * d, covariance);
        m->weight[c] = (count + 1) / (double)(n + n_components);
        for (size_t i = 0; i < d * d; i++)
            covariance[i] = (covariance[i] + shrinkage * narrower * pooled[i]) / (count + shrinkage);
        status = set_factors(m, c, error);
    }
    return status;
}

static adamas_status iterate(mixture *m, size_t n, const double *rows, const double *pooled, double shrinkage,
                             double *responsibility, adamas_error *error)
{
    adamas_status status = split(n, m->d, rows, pooled, m->n_components, responsibility, error);
    double before = -INFINITY;
    for (int iteration = 0; !status && iteration < max_iterations; iteration++) {
        status = maximise(m, n, rows, pooled, shrinkage, responsibility, error);
        double sum = 0;
        for (size_t i = 0; !status && i < n; i++)
            sum += find_responsibilities(m, rows + i * m->d, responsibility + i * m->n_components);
        if (fabs(sum - before) < tolerance * (double)n)
            break;
        before = sum;
    }
    return status;
}

static adamas_status fit_one(mixture *m, size_t n, const double *rows, const double *pooled, adamas_error *error)
{
    m->weight[0] = 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m->d; j++)
            m->mean[j] += rows[i * m->d + j] / (double)n;
    memcpy(m->cholesky, pooled, m->d * m->d * sizeof *m->cholesky);
    return set_factors(m, 0, error);
}

adamas_status mixture_fit(mixture *out, size_t n, size_t d, const double *rows, const double *pooled,
                          size_t n_components, double shrinkage, adamas_error *error)
{
    *out = (mixture){0};
    if (d < 1 || d > mixture_max_features || n_components < 1 || n < n_components)
        return status_set(error, ADAMAS_E_ARGUMENT, "a mixture of %zu components for %zu rows of %zu features",
                          n_components, n, d);
    mixture m = {.d = d, .n_components = n_components};
    m.weight = memory_new(n_components, sizeof *m.weight);
    m.mean = memory_new(n_components * d, sizeof *m.mean);
    m.cholesky = memory_new(n_components * d * d, sizeof *m.cholesky);
    m.inverse_cholesky = memory_new(n_components * d * d, sizeof *m.inverse_cholesky);
    m.log_norm = memory_new(n_components, sizeof *m.log_norm);
    double *responsibility = memory_raw(n * n_components, sizeof *responsibility);
    adamas_status status;
    if (!m.weight || !m.mean || !m.cholesky || !m.inverse_cholesky || !m.log_norm || !responsibility)
        status = status_no_memory(error);
    else if (n_components == 1)
        status = fit_one(&m, n, rows, pooled, error);
    else
        status = iterate(&m, n, rows, pooled, shrinkage, responsibility, error);
    free(responsibility);
    if (status)
        mixture_free(&m);
    *out = m;
    return status;
}

void mixture_free(mixture *m)
{
    free(m->weight);
    free(m->mean);
    free(m->cholesky);
    free(m->inverse_cholesky);
    free(m->log_norm);
    *m = (mixture){0};
}
