/* Data-driven SIMCA: a class model of one origin. */
#include "match/ddsimca.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/special.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ddsimca_clear(class_model *m)
{
    free(m->centre);
    free(m->loading);
    free(m->variance);
    *m = (class_model){0};
}

/* The mean, and the lower triangle of the covariance. */
static void centre_rows(class_model *m, const double *rows, double *covariance)
{
    for (size_t i = 0; i < m->n; i++)
        for (size_t a = 0; a < m->p; a++)
            m->centre[a] += rows[i * m->p + a] / (double)m->n;
    for (size_t i = 0; i < m->n; i++)
        for (size_t a = 0; a < m->p; a++)
            for (size_t b = 0; b <= a; b++)
                covariance[a * m->p + b] +=
                    (rows[i * m->p + a] - m->centre[a]) * (rows[i * m->p + b] - m->centre[b]) / ((double)m->n - 1);
}

/* The number of eigenvalues above rounding (1e-12 of the largest); n centred rows have a rank of at most n - 1. */
static size_t rank_of(const class_model *m, size_t found)
{
    size_t rank = 0, max_rank = m->n - 1 < found ? m->n - 1 : found;
    while (rank < max_rank && m->variance[rank] > 0 && m->variance[rank] > 1e-12 * m->variance[0])
        rank++;
    return rank;
}

/* One eigenvalue more than requested is computed, to know whether the components reach the rank. With n - 1 components
 * all score distances would be equal; with as many as a rank below p all residuals would be 0. */
static adamas_status find_components(class_model *m, size_t components, double *covariance, adamas_error *error)
{
    size_t wanted = components < m->p ? components + 1 : m->p;
    adamas_status status = linalg_eigen(m->p, wanted, covariance, m->variance, m->loading, NULL, error);
    if (status)
        return status;
    size_t rank = rank_of(m, wanted);
    m->components = components < rank ? components : rank;
    if (m->components == rank && (rank < m->p || rank == m->n - 1))
        m->components--;
    return rank && m->components
               ? ADAMAS_OK
               : status_set(error, ADAMAS_E_DATA,
                            "the %zu specimens of an origin are all the same or on one line: no class model", m->n);
}

void ddsimca_distances(const class_model *m, const double *row, double *h, double *q, double *scratch)
{
    *h = *q = 0;
    for (size_t a = 0; a < m->p; a++)
        scratch[a] = row[a] - m->centre[a];
    for (size_t c = 0; c < m->components; c++) {
        const double *loading = m->loading + c * m->p;
        double t = 0;
        for (size_t a = 0; a < m->p; a++)
            t += loading[a] * scratch[a];
        for (size_t a = 0; a < m->p; a++)
            scratch[a] -= loading[a] * t;
        *h += t * t / m->variance[c];
    }
    for (size_t a = 0; a < m->p; a++)
        *q += scratch[a] * scratch[a];
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Quantile of sorted values, by linear interpolation at the place (n - 1) p. */
static double quantile(size_t n, const double *sorted, double p)
{
    double at = (double)(n - 1) * p;
    size_t i = (size_t)at;
    return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

static double whole_freedom(double freedom)
{
    return fmin(fmax(round(freedom), 1), 250);
}

static void classic_moments(size_t n, const double *u, double *u0, double *freedom)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += u[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (u[i] - mean) * (u[i] - mean) / ((double)n - 1);
    *u0 = mean;
    *freedom = whole_freedom(squares > 0 ? 2 * mean * mean / squares : 250);
}

/* Pomerantsev & Rodionova's interpolation of N from r = interquartile range / median of a chi-square variable. It is
 * valid from N = 1 (r = 2.686) to N = 100 (r = 0.195); N is limited to that range. */
static void robust_moments(size_t n, const double *u, double *u0, double *freedom)
{
    double median = quantile(n, u, 0.5), range = quantile(n, u, 0.75) - quantile(n, u, 0.25);
    double r = range / median;
    if (!(r < 2.685592117))
        *freedom = 1;
    else if (r < 0.194565995)
        *freedom = 100;
    else
        *freedom = whole_freedom(exp(pow(1.380948 * log(2.68631 / r), 1.185785)));
    double by_median = median / special_chi2_quantile(0.5, *freedom);
    double by_range = range / (special_chi2_quantile(0.75, *freedom) - special_chi2_quantile(0.25, *freedom));
    *u0 = *freedom * (by_median + by_range) / 2;
}

static adamas_status moments(size_t n, double *u, int robust, double *u0, double *freedom, const char *what,
                             adamas_error *error)
{
    qsort(u, n, sizeof *u, by_size);
    if (robust)
        robust_moments(n, u, u0, freedom);
    else
        classic_moments(n, u, u0, freedom);
    return *u0 > 0
               ? ADAMAS_OK
               : status_set(error, ADAMAS_E_DATA, "the %s distances of an origin's %zu specimens are all 0", what, n);
}

/* The scales and degrees of freedom from the training distances h[n] and q[n], which are sorted in place. */
static adamas_status fit_moments(class_model *m, double *h, double *q, int robust, adamas_error *error)
{
    adamas_status status = moments(m->n, h, robust, &m->h0, &m->n_h, "score", error);
    m->q0 = 1;
    m->n_q = 0;
    if (!status && m->components < m->p)
        status = moments(m->n, q, robust, &m->q0, &m->n_q, "residual", error);
    return status;
}

/* distances[2 n + p]: workspace for the distances of all rows, then for one row. */
static adamas_status fit_distances(class_model *m, const double *rows, int robust, double *distances,
                                   adamas_error *error)
{
    double *h = distances, *q = distances + m->n;
    for (size_t i = 0; i < m->n; i++)
        ddsimca_distances(m, rows + i * m->p, &h[i], &q[i], distances + 2 * m->n);
    return fit_moments(m, h, q, robust, error);
}

static adamas_status reserve(class_model *m, size_t components, adamas_error *error)
{
    size_t max_components = components < m->p ? components + 1 : m->p;
    m->centre = memory_new(m->p, sizeof *m->centre);
    m->loading = memory_new(max_components, m->p * sizeof *m->loading);
    m->variance = memory_new(max_components, sizeof *m->variance);
    return m->centre && m->loading && m->variance ? ADAMAS_OK : status_no_memory(error);
}

adamas_status ddsimca_fit(class_model *out, size_t n, size_t p, const double *rows, size_t components, int robust,
                          adamas_error *error)
{
    *out = (class_model){.n = n, .p = p};
    if (n < DDSIMCA_MIN_ROWS)
        return status_set(error, ADAMAS_E_DATA,
                          "ddsimca needs %d training specimens of each origin at least, one has %zu",
                          (int)DDSIMCA_MIN_ROWS, n);
    double *covariance = memory_new(p, p * sizeof *covariance);
    double *distances = memory_new(2 * n + p, sizeof *distances);
    adamas_status status = covariance && distances ? reserve(out, components, error) : status_no_memory(error);
    if (!status) {
        centre_rows(out, rows, covariance);
        status = find_components(out, components, covariance, error);
    }
    if (!status)
        status = fit_distances(out, rows, robust, distances, error);
    if (status)
        ddsimca_clear(out);
    free(covariance);
    free(distances);
    return status;
}

double ddsimca_full_distance(const class_model *m, double h, double q)
{
    return m->n_h * h / m->h0 + m->n_q * q / m->q0;
}

double ddsimca_limit(const class_model *m, double alpha)
{
    return special_chi2_quantile(1 - alpha, m->n_h + m->n_q);
}

double ddsimca_outlier_limit(const class_model *m, double gamma)
{
    return special_chi2_quantile(pow(1 - gamma, 1 / (double)m->n), m->n_h + m->n_q);
}
