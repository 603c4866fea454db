#include "match/kernel.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void kernel_clear(kernel *k)
{
    spread_clear(&k->spread);
    free(k->centre);
    free(k->width);
    *k = (kernel){0};
}

/* Sources' means and numbers of rows, and the mean of all rows. */
static void source_means(size_t n, size_t p, const double *rows, const size_t *source, size_t m, double *mean,
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
static void add_product(size_t p, const double *x, const double *centre, double weight, double *sum)
{
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            sum[a * p + b] += weight * (x[a] - centre[a]) * (x[b] - centre[b]);
}

/* U: the mean of the covariances of sources that have more than one row. */
static adamas_status within_covariance(size_t n, size_t p, const double *rows, const size_t *source, size_t m,
                                       const double *mean, const double *count, double *u, adamas_error *error)
{
    double several = 0;
    for (size_t k = 0; k < m; k++)
        several += count[k] > 1;
    if (m < 2 || several == 0)
        return status_set(error, ADAMAS_E_DATA,
                          "%zu rows of %zu sources: two sources are needed at least, and one with several rows", n, m);
    for (size_t i = 0; i < n; i++)
        if (count[source[i]] > 1)
            add_product(p, rows + i * p, mean + source[i] * p, 1 / (several * (count[source[i]] - 1)), u);
    return ADAMAS_OK;
}

static void between_covariance(size_t p, size_t m, const double *mean, const double *count, const double *overall,
                               const double *u, double *c)
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

static void onto_axes(kernel *k, const double *mean)
{
    double h = kernel_bandwidth(k->n_sources, k->p);
    for (size_t i = 0; i < k->n_sources; i++)
        spread_project(&k->spread, mean + i * k->p, k->centre + i * k->p);
    for (size_t a = 0; a < k->p; a++)
        k->width[a] = h * h * fmax(k->spread.between[a], 0);
}

adamas_status kernel_fit(kernel *out, size_t n, size_t p, const double *rows, const size_t *source, size_t m,
                         adamas_error *error)
{
    *out = (kernel){.n_sources = m, .p = p};
    double *mean = memory_new(m, p * sizeof *mean);
    double *count = memory_new(m + p, sizeof *count); /* the overall mean after it */
    double *covariance = memory_new(2 * p, p * sizeof *covariance);
    out->centre = memory_new(m, p * sizeof *out->centre);
    out->width = memory_new(p, sizeof *out->width);
    adamas_status status = mean && count && covariance && out->centre && out->width
                               ? spread_reserve(&out->spread, p, error)
                               : status_no_memory(error);
    if (!status) {
        source_means(n, p, rows, source, m, mean, count, count + m);
        status = within_covariance(n, p, rows, source, m, mean, count, covariance, error);
    }
    if (!status) {
        between_covariance(p, m, mean, count, count + m, covariance, covariance + p * p);
        status = spread_diagonalise(&out->spread, covariance + p * p, covariance, error);
    }
    if (status)
        kernel_clear(out);
    else
        onto_axes(out, mean);
    free(mean);
    free(count);
    free(covariance);
    return status;
}

double kernel_bandwidth(size_t m, size_t p)
{
    return pow(4 / (((double)p + 2) * (double)m), 1 / ((double)p + 4));
}

/* sum_a (at - centre)^2 / v_a */
static double distance(size_t p, const double *centre, const double *width, double within, const double *at)
{
    double sum = 0;
    for (size_t a = 0; a < p; a++)
        sum += (at[a] - centre[a]) * (at[a] - centre[a]) / (width[a] + within);
    return sum;
}

double kernel_log_mixture(size_t m, size_t p, const double *centre, const double *width, double within,
                          const double *at)
{
    double nearest = INFINITY, sum = 0, log_variance = 0;
    for (size_t a = 0; a < p; a++)
        log_variance += log(2 * M_PI * (width[a] + within));
    for (size_t i = 0; i < m; i++) {
        double d = distance(p, centre + i * p, width, within, at);
        /* The sum is kept in units of the nearest kernel met so far. */
        sum = d < nearest ? sum * exp((d - nearest) / 2) + 1 : sum + exp((nearest - d) / 2);
        nearest = fmin(nearest, d);
    }
    return log(sum / (double)m) - (nearest + log_variance) / 2;
}

double kernel_log_density(const kernel *k, const double *mean, size_t n_rows, double *scratch)
{
    spread_project(&k->spread, mean, scratch);
    return kernel_log_mixture(k->n_sources, k->p, k->centre, k->width, 1 / (double)n_rows, scratch) -
           k->spread.log_determinant;
}

/* With D1 and D2 the identity over n1 and n2, (D1^-1 + D2^-1)^-1 is the identity over n1 + n2, and y* the mean of all
 * rows. The determinants of the axes cancel. */
double kernel_log_lr(const kernel *k, const double *mean1, size_t n_rows1, const double *mean2, size_t n_rows2,
                     double *scratch)
{
    size_t p = k->p;
    double n1 = (double)n_rows1, n2 = (double)n_rows2, apart = 0, v = 1 / n1 + 1 / n2;
    double *y1 = scratch, *y2 = scratch + p, *both = scratch + 2 * p;
    spread_project(&k->spread, mean1, y1);
    spread_project(&k->spread, mean2, y2);
    for (size_t a = 0; a < p; a++) {
        both[a] = (n1 * y1[a] + n2 * y2[a]) / (n1 + n2);
        apart += (y1[a] - y2[a]) * (y1[a] - y2[a]) / v;
    }
    return -((double)p * log(2 * M_PI * v) + apart) / 2 +
           kernel_log_mixture(k->n_sources, p, k->centre, k->width, 1 / (n1 + n2), both) -
           kernel_log_mixture(k->n_sources, p, k->centre, k->width, 1 / n1, y1) -
           kernel_log_mixture(k->n_sources, p, k->centre, k->width, 1 / n2, y2);
}
