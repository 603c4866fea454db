#include "evidence/mixture.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/triangle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { most_rounds = 500 };
static const double tolerance = 1e-7; /* of the mean log density, between two rounds */

typedef struct score {
    double value;
    size_t row;
} score;

size_t mixture_n_components(size_t n)
{
    return n >= 40 ? 2 : 1;
}

double mixture_distance(const mixture *m, size_t part, const double *x)
{
    size_t d = m->d;
    const double *mean = m->mean + part * d, *root = m->inverse_cholesky + part * d * d;
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

/* term[n_components]: what each part adds to the density, over e^greatest; returns the log of their sum. */
static double log_terms(const mixture *m, const double *x, double *term)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t p = 0; p < m->n_components; p++) {
        term[p] = log(m->weight[p]) + m->log_norm[p] - mixture_distance(m, p, x) / 2;
        greatest = fmax(greatest, term[p]);
    }
    for (size_t p = 0; p < m->n_components; p++)
        sum += term[p] = exp(term[p] - greatest);
    for (size_t p = 0; p < m->n_components; p++)
        term[p] /= sum;
    return greatest + log(sum);
}

double mixture_log_density(const mixture *m, const double *x)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t p = 0; p < m->n_components; p++) {
        double term = log(m->weight[p]) + m->log_norm[p] - mixture_distance(m, p, x) / 2;
        sum = term > greatest ? sum * exp(greatest - term) + 1 : sum + exp(term - greatest);
        greatest = fmax(greatest, term);
    }
    return greatest + log(sum);
}

static int by_score(const void *a, const void *b)
{
    const score *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return left->row < right->row ? -1 : left->row > right->row;
}

/* member[n, n_components] is 1 for the part of a row's quantile along the first principal axis, the sign of which is
 * such that its greatest element is positive. */
static adamas_status split(size_t n, size_t d, const double *rows, const double *pooled, size_t n_components,
                           double *member, adamas_error *error)
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
    memset(member, 0, n * n_components * sizeof *member);
    for (size_t i = 0; i < n; i++)
        member[scores[i].row * n_components + i * n_components / n] = 1;
    free(scores);
    return ADAMAS_OK;
}

/* From a part's covariance in cholesky[part] to all that its density needs. */
static adamas_status set_factors(mixture *m, size_t part, adamas_error *error)
{
    size_t d = m->d;
    double *cholesky = m->cholesky + part * d * d;
    if (!triangle_cholesky(d, cholesky))
        return status_set(error, ADAMAS_E_DATA, "a covariance matrix of %zu features is not positive definite", d);
    triangle_invert(d, cholesky, m->inverse_cholesky + part * d * d);
    m->log_norm[part] = -triangle_log_determinant(d, cholesky) - (double)d / 2 * log(6.283185307179586);
    return ADAMAS_OK;
}

/* Lower triangle of the weighted scatter of the rows about the mean, which is found first; returns the sum of weights.
 */
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
                              const double *member, adamas_error *error)
{
    size_t d = m->d, parts = m->n_components;
    double narrower = pow((double)parts, -2.0 / (double)d);
    adamas_status status = ADAMAS_OK;
    for (size_t p = 0; !status && p < parts; p++) {
        double *cholesky = m->cholesky + p * d * d;
        double count = scatter(n, d, rows, member + p, parts, m->mean + p * d, cholesky);
        m->weight[p] = (count + 1) / (double)(n + parts);
        for (size_t i = 0; i < d * d; i++)
            cholesky[i] = (cholesky[i] + shrinkage * narrower * pooled[i]) / (count + shrinkage);
        status = set_factors(m, p, error);
    }
    return status;
}

static adamas_status iterate(mixture *m, size_t n, const double *rows, const double *pooled, double shrinkage,
                             double *member, adamas_error *error)
{
    adamas_status status = split(n, m->d, rows, pooled, m->n_components, member, error);
    double before = -INFINITY;
    for (int round = 0; !status && round < most_rounds; round++) {
        status = maximise(m, n, rows, pooled, shrinkage, member, error);
        double sum = 0;
        for (size_t i = 0; !status && i < n; i++)
            sum += log_terms(m, rows + i * m->d, member + i * m->n_components);
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
        return status_set(error, ADAMAS_E_ARGUMENT, "a mixture of %zu parts for %zu rows of %zu features", n_components,
                          n, d);
    mixture m = {.d = d, .n_components = n_components};
    m.weight = memory_new(n_components, sizeof *m.weight);
    m.mean = memory_new(n_components * d, sizeof *m.mean);
    m.cholesky = memory_new(n_components * d * d, sizeof *m.cholesky);
    m.inverse_cholesky = memory_new(n_components * d * d, sizeof *m.inverse_cholesky);
    m.log_norm = memory_new(n_components, sizeof *m.log_norm);
    double *member = memory_raw(n * n_components, sizeof *member);
    adamas_status status;
    if (!m.weight || !m.mean || !m.cholesky || !m.inverse_cholesky || !m.log_norm || !member)
        status = status_no_memory(error);
    else if (n_components == 1)
        status = fit_one(&m, n, rows, pooled, error);
    else
        status = iterate(&m, n, rows, pooled, shrinkage, member, error);
    free(member);
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
