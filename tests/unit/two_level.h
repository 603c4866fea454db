/* The two-level model of Aitken & Lucy (2004, Applied Statistics 53, 109), which the oracles compute: a mean over n
 * rows of one source is normal around the source's own mean with covariance U/n, and sources' means have the density
 * (1/m) sum_i N(. ; x_i, h^2 C) over the m training sources. U is the mean of the covariances of the sources that have
 * more than one row; C, by multivariate analysis of variance, is (sum_i n_i (x_i - x)(x_i - x)' / (m-1) - U) / k, x the
 * mean of all N rows and k = (N - sum_i n_i^2 / N) / (m-1). Computed with the core's kernel densities, on the axes on
 * which U is the identity and C is diagonal; a negative variance there counts as 0. */
#ifndef UNIT_TWO_LEVEL_H
#define UNIT_TWO_LEVEL_H

#include "match/kernel_density.h"
#include "match/spread.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

typedef struct two_level {
    size_t n_sources, p;
    spread spread;    /* the axes, U and C */
    double *centre;   /* [n_sources, p]: sources' means on the axes */
    double *variance; /* [p]: h^2 C on the axes */
} two_level;

static inline void two_level_clear(two_level *k)
{
    spread_clear(&k->spread);
    free(k->centre);
    free(k->variance);
}

/* Sources' means and numbers of rows, and the mean of all rows. */
static inline void source_means(size_t n, size_t p, const double *rows, const size_t *source, size_t m, double *mean,
                                double *count, double *overall)
{
    for (size_t i = 0; i < n; i++) {
        count[source[i]]++;
        for (size_t a = 0; a < p; a++) {
            mean[source[i] * p + a] += rows[i * p + a];
            overall[a] += rows[i * p + a] / (double)n;
        }
    }
    for (size_t k = 0; k < m; k++)
        for (size_t a = 0; a < p; a++)
            mean[k * p + a] /= count[k];
}

/* sum += weight (x - centre)(x - centre)' */
static inline void add_product(size_t p, const double *x, const double *centre, double weight, double *sum)
{
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            sum[a * p + b] += weight * (x[a] - centre[a]) * (x[b] - centre[b]);
}

/* U: the mean of the covariances of sources that have more than one row. */
static inline void within_covariance(size_t n, size_t p, const double *rows, const size_t *source, size_t m,
                                     const double *mean, const double *count, double *u)
{
    double several = 0;
    for (size_t k = 0; k < m; k++)
        several += count[k] > 1;
    for (size_t i = 0; i < n; i++)
        if (count[source[i]] > 1)
            add_product(p, rows + i * p, mean + source[i] * p, 1 / (several * (count[source[i]] - 1)), u);
}

static inline void between_covariance(size_t p, size_t m, const double *mean, const double *count,
                                      const double *overall, const double *u, double *c)
{
    double rows = 0, squares = 0, f = (double)m - 1;
    for (size_t k = 0; k < m; k++) {
        add_product(p, mean + k * p, overall, count[k] / f, c);
        rows += count[k];
        squares += count[k] * count[k];
    }
    double rows_a_source = (rows - squares / rows) / f;
    for (size_t i = 0; i < p * p; i++)
        c[i] = (c[i] - u[i]) / rows_a_source;
}

/* rows[n, p] of m sources, source[n] being 0 ... m - 1. */
static inline void two_level_fit(two_level *out, size_t n, size_t p, const double *rows, const size_t *source, size_t m)
{
    double *mean = calloc(m * p, sizeof *mean), *overall = calloc(p, sizeof *overall);
    double *count = calloc(m, sizeof *count);
    double *u = calloc(p * p, sizeof *u), *c = calloc(p * p, sizeof *c);
    adamas_error error = {0};
    *out = (two_level){.n_sources = m, .p = p};
    out->centre = calloc(m * p, sizeof *out->centre);
    out->variance = calloc(p, sizeof *out->variance);
    cr_assert_eq(spread_reserve(&out->spread, p, &error), ADAMAS_OK);
    source_means(n, p, rows, source, m, mean, count, overall);
    within_covariance(n, p, rows, source, m, mean, count, u);
    between_covariance(p, m, mean, count, overall, u, c);
    cr_assert_eq(spread_diagonalise(&out->spread, c, u, &error), ADAMAS_OK, "%s", error.message);
    double h = kernel_density_bandwidth(m, p);
    for (size_t i = 0; i < m; i++)
        spread_project(&out->spread, mean + i * p, out->centre + i * p);
    for (size_t a = 0; a < p; a++)
        out->variance[a] = h * h * fmax(out->spread.between[a], 0);
    free(mean);
    free(overall);
    free(count);
    free(u);
    free(c);
}

/* Natural log density of a mean over n_rows rows of a source of this population. scratch: p doubles. */
static inline double two_level_log_density(const two_level *k, const double *mean, size_t n_rows, double *scratch)
{
    spread_project(&k->spread, mean, scratch);
    return kernel_density_log(k->n_sources, k->p, k->centre, k->variance, 1 / (double)n_rows, scratch) -
           k->spread.log_determinant;
}

/* Natural log of the likelihood ratio of one source against two, for means over so many rows. With D1 and D2 the
 * identity over n1 and n2, (D1^-1 + D2^-1)^-1 is the identity over n1 + n2, and y* the mean of all rows. The
 * determinants of the axes cancel. scratch: 3 p doubles. */
static inline double two_level_log_lr(const two_level *k, const double *mean1, size_t n_rows1, const double *mean2,
                                      size_t n_rows2, double *scratch)
{
    size_t p = k->p, m = k->n_sources;
    double n1 = (double)n_rows1, n2 = (double)n_rows2, apart = 0, v = 1 / n1 + 1 / n2;
    double *y1 = scratch, *y2 = scratch + p, *both = scratch + 2 * p;
    spread_project(&k->spread, mean1, y1);
    spread_project(&k->spread, mean2, y2);
    for (size_t a = 0; a < p; a++) {
        both[a] = (n1 * y1[a] + n2 * y2[a]) / (n1 + n2);
        apart += (y1[a] - y2[a]) * (y1[a] - y2[a]) / v;
    }
    return -((double)p * log(2 * M_PI * v) + apart) / 2 +
           kernel_density_log(m, p, k->centre, k->variance, 1 / (n1 + n2), both) -
           kernel_density_log(m, p, k->centre, k->variance, 1 / n1, y1) -
           kernel_density_log(m, p, k->centre, k->variance, 1 / n2, y2);
}

#endif
