/* Pooled covariances of specimens and of shots: shrinkage, and their common axes. */
#include "match/spread.h"

#include "base/linalg.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

adamas_status spread_reserve(spread *s, size_t p, adamas_error *error)
{
    *s = (spread){.p = p};
    s->basis = memory_new(p, p * sizeof *s->basis);
    s->between = memory_new(p, sizeof *s->between);
    if (s->basis && s->between)
        return ADAMAS_OK;
    spread_clear(s);
    return status_no_memory(error);
}

void spread_clear(spread *s)
{
    free(s->basis);
    free(s->between);
    *s = (spread){0};
}

/* Sums over specimens of r r' and (r^2)(r^2)', r the deviation from the origin's mean; both triangles. */
static void between_sums(size_t p, const match_data *d, const double *mean, double *products, double *squares,
                         double *r)
{
    for (size_t i = 0; i < d->n_specimens; i++) {
        for (size_t a = 0; a < p; a++)
            r[a] = d->mean[i * d->n_components + a] - mean[d->origin[i] * p + a];
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) {
                products[a * p + b] += r[a] * r[b];
                squares[a * p + b] += r[a] * r[a] * r[b] * r[b];
            }
    }
}

/* Turns sums of products into a covariance with f degrees of freedom whose entries off the diagonal are shrunk by the
 * returned lambda: the estimated variance of those entries over their squares, limited to 0 ... 1. */
static double shrink(size_t p, double f, double *products, const double *squares)
{
    double noise = 0, signal = 0;
    for (size_t i = 0; i < p * p; i++)
        products[i] /= f;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            if (a != b) {
                double c = products[a * p + b];
                noise += (squares[a * p + b] / f - c * c) / f;
                signal += c * c;
            }
    double lambda = p > 1 && signal > 0 ? fmin(fmax(noise / signal, 0), 1) : 1;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++)
            if (a != b)
                products[a * p + b] *= 1 - lambda;
    return lambda;
}

/* The leading p x p block of a matrix whose rows are `stride` apart. */
static void leading(size_t p, size_t stride, const double *from, double *to)
{
    for (size_t a = 0; a < p; a++)
        memcpy(to + a * p, from + a * stride, p * sizeof *to);
}

static double trace(size_t p, const double *a)
{
    double sum = 0;
    for (size_t i = 0; i < p; i++)
        sum += a[i * p + i];
    return sum;
}

static void transpose(size_t p, double *t)
{
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < a; b++) {
            double kept = t[a * p + b];
            t[a * p + b] = t[b * p + a];
            t[b * p + a] = kept;
        }
}

/* basis = Q'L^-1 of the rows of Q' and the lower triangle L; inverse[p, p] is zero on entry. */
static void make_basis(spread *s, const double *vector, const double *lower, double *inverse)
{
    size_t p = s->p;
    for (size_t a = 0; a < p; a++)
        inverse[a * p + a] = 1;
    linalg_solve_lower(p, lower, p, inverse);
    for (size_t a = 0; a < p; a++)
        for (size_t c = 0; c < p; c++)
            for (size_t b = 0; b < p; b++)
                s->basis[a * p + b] += vector[a * p + c] * inverse[c * p + b];
}

adamas_status spread_diagonalise(spread *s, double *t, double *w, adamas_error *error)
{
    size_t p = s->p;
    double ridge = 1e-12 * trace(p, w) / (double)p;
    for (size_t a = 0; a < p; a++)
        w[a * p + a] += ridge;
    adamas_status status = linalg_cholesky(p, w, error);
    if (status)
        return status;
    s->log_determinant = 0;
    for (size_t a = 0; a < p; a++)
        s->log_determinant += log(w[a * p + a]);
    linalg_solve_lower(p, w, p, t);
    transpose(p, t);
    linalg_solve_lower(p, w, p, t);
    double *vector = memory_raw(p, p * sizeof *vector);
    double *inverse = memory_new(p, p * sizeof *inverse);
    status = vector && inverse ? linalg_eigen(p, p, t, s->between, vector, NULL, error) : status_no_memory(error);
    if (!status)
        make_basis(s, vector, w, inverse);
    free(vector);
    free(inverse);
    return status;
}

void spread_project(const spread *s, const double *from, double *to)
{
    for (size_t a = 0; a < s->p; a++) {
        double sum = 0;
        for (size_t b = 0; b < s->p; b++)
            sum += s->basis[a * s->p + b] * from[b];
        to[a] = sum;
    }
}

/* h: the covariance of specimens' means contains h W. */
static double mean_of_inverse_shots(const match_data *d, const double *specimens, double f)
{
    double h = 0;
    for (size_t i = 0; i < d->n_specimens; i++)
        h += (1 - 1 / specimens[d->origin[i]]) / (double)d->shots[i];
    return h / f;
}

/* Are there enough shots to estimate W? Copies of one shot are not. */
static int can_estimate_within(const match_data *d, size_t p)
{
    double sum = 0;
    for (size_t a = 0; a < p; a++)
        sum += d->within[a * d->n_components + a];
    return sum > 0 && d->within_freedom + 1 >= d->n_specimens;
}

/* sums[4, p, p]: of T, of its squares, of W, of its squares; r[p]: scratch. */
static adamas_status estimate(spread *s, const match_data *d, const double *mean, const double *specimens, double *sums,
                              double *r, adamas_error *error)
{
    size_t p = s->p, pp = p * p;
    double *t = sums, *w = sums + 2 * pp;
    between_sums(p, d, mean, t, sums + pp, r);
    s->shrinkage = shrink(p, s->freedom, t, sums + pp);
    s->has_within = can_estimate_within(d, p);
    if (s->has_within) {
        leading(p, d->n_components, d->within, w);
        leading(p, d->n_components, d->within_squares, sums + 3 * pp);
        shrink(p, (double)d->within_freedom, w, sums + 3 * pp);
    } else {
        memcpy(w, t, pp * sizeof *w);
    }
    if (!(trace(p, w) > 0 && trace(p, t) > 0))
        return status_set(error, ADAMAS_E_DATA, "the specimens of each origin are all the same: no spread to judge by");
    adamas_status status = spread_diagonalise(s, t, w, error);
    double h = mean_of_inverse_shots(d, specimens, s->freedom);
    for (size_t a = 0; a < p; a++)
        s->between[a] = s->has_within ? fmax(s->between[a] - h, 0) : fmax(s->between[a], 1e-12);
    return status;
}

adamas_status spread_fit(spread *s, const match_data *d, const double *mean, const double *specimens,
                         adamas_error *error)
{
    if (d->n_specimens <= d->n_origins)
        return status_set(error, ADAMAS_E_DATA, "%zu training specimens of %zu origins: some origin needs two at least",
                          d->n_specimens, d->n_origins);
    s->freedom = (double)d->n_specimens - (double)d->n_origins;
    double *sums = memory_new(4 * s->p, s->p * sizeof *sums);
    double *r = memory_new(s->p, sizeof *r);
    adamas_status status = sums && r ? estimate(s, d, mean, specimens, sums, r, error) : status_no_memory(error);
    free(sums);
    free(r);
    return status;
}
