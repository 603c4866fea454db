/* Variances of specimens within a locality and of localities within an origin: numbering, estimates, common axes. */
#include "match/localities.h"

#include "base/linalg.h"
#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Numbers localities in the order in which they are met, those of an origin together; to[n_localities]: scratch. */
static void number(localities *l, const match_data *d, size_t *to, size_t n_localities)
{
    const size_t *locality = d->locality ? d->locality : d->origin;
    for (size_t i = 0; i < n_localities; i++)
        to[i] = SIZE_MAX;
    for (size_t k = 0; k < d->n_origins; k++) {
        l->first[k] = l->n;
        for (size_t i = 0; i < d->n_specimens; i++)
            if (d->origin[i] == k) {
                if (to[locality[i]] == SIZE_MAX)
                    to[locality[i]] = l->n++;
                l->of[i] = to[locality[i]];
            }
    }
    l->first[d->n_origins] = l->n;
}

adamas_status localities_reserve(localities *l, const match_data *d, size_t p, adamas_error *error)
{
    size_t n_localities = d->locality ? d->n_localities : d->n_origins;
    size_t *to = memory_raw(n_localities, sizeof *to);
    *l = (localities){.n_origins = d->n_origins, .p = p};
    l->of = memory_raw(d->n_specimens, sizeof *l->of);
    l->first = memory_raw(d->n_origins + 1, sizeof *l->first);
    if (to && l->of && l->first) {
        number(l, d, to, n_localities);
        l->specimens = memory_new(l->n, sizeof *l->specimens);
        l->mean = memory_new(l->n, p * sizeof *l->mean);
        l->within = memory_new(p, sizeof *l->within);
        l->between = memory_new(p, sizeof *l->between);
    }
    free(to);
    if (l->specimens && l->mean && l->within && l->between && !spread_reserve(&l->spread, p, NULL))
        return ADAMAS_OK;
    localities_clear(l);
    return status_no_memory(error);
}

void localities_clear(localities *l)
{
    spread_clear(&l->spread);
    free(l->of);
    free(l->first);
    free(l->specimens);
    free(l->mean);
    free(l->within);
    free(l->between);
    *l = (localities){0};
}

size_t localities_centre(const localities *l, size_t k, size_t without, double *mean, double *inverse_specimens)
{
    size_t n = 0;
    memset(mean, 0, l->p * sizeof *mean);
    *inverse_specimens = 0;
    for (size_t i = l->first[k]; i < l->first[k + 1]; i++)
        if (i != without) {
            n++;
            *inverse_specimens += 1 / l->specimens[i];
            for (size_t a = 0; a < l->p; a++)
                mean[a] += l->mean[i * l->p + a];
        }
    for (size_t a = 0; a < l->p; a++)
        mean[a] /= (double)n;
    *inverse_specimens /= (double)n;
    return n;
}

/* The localities' means on the axes as they are now; scratch[p]. */
static void place_means(localities *l, const match_data *by_locality, double *scratch)
{
    match_origin_means(by_locality, l->p, l->mean, l->specimens);
    for (size_t i = 0; i < l->n; i++) {
        spread_project(&l->spread, l->mean + i * l->p, scratch);
        memcpy(l->mean + i * l->p, scratch, l->p * sizeof *scratch);
    }
}

/* Scales the axes so that the variance of specimens' means, B + h W, is 1 on each of them. */
static void scale_axes(localities *l, const match_data *d)
{
    spread *s = &l->spread;
    l->inverse_shots = 0;
    for (size_t i = 0; i < d->n_specimens; i++)
        l->inverse_shots += 1 / (double)d->shots[i] / (double)d->n_specimens;
    for (size_t a = 0; a < l->p; a++) {
        double variance = s->between[a] + s->has_within * l->inverse_shots;
        l->within[a] = s->has_within / variance;
        s->log_determinant += log(variance) / 2;
        for (size_t b = 0; b < l->p; b++)
            s->basis[a * l->p + b] /= sqrt(variance);
    }
}

/* Sums over localities of r r', r the deviation from the mean of the origin's localities, over f_A. Returns the sum of
 * |r|^4; *noise becomes what specimens add to the variances, the mean of (1 - 1/L_k) / n_l over f_A. r, centre: [p]. */
static double between_products(const localities *l, double *products, double *noise, double *r, double *centre)
{
    size_t p = l->p;
    double fourth = 0;
    *noise = 0;
    for (size_t k = 0; k < l->n_origins; k++) {
        double inverse, n = (double)localities_centre(l, k, SIZE_MAX, centre, &inverse);
        *noise += (n - 1) * inverse / l->freedom;
        for (size_t i = l->first[k]; i < l->first[k + 1]; i++) {
            double square = 0;
            for (size_t a = 0; a < p; a++) {
                r[a] = l->mean[i * p + a] - centre[a];
                square += r[a] * r[a];
            }
            fourth += square * square;
            for (size_t a = 0; a < p; a++)
                for (size_t b = 0; b < p; b++)
                    products[a * p + b] += r[a] * r[b] / l->freedom;
        }
    }
    return fourth;
}

/* Shrinks a covariance to its mean variance v times the identity, by the estimated variance of its entries over their
 * squared distances from that target (Schaefer & Strimmer 2005, target B), and subtracts noise from the variances. */
static void shrink(size_t p, double f, double *products, double fourth, double noise)
{
    double v = 0, squares = 0, distance = 0;
    for (size_t a = 0; a < p; a++)
        v += products[a * p + a] / (double)p;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++) {
            double c = products[a * p + b], apart = c - (a == b) * v;
            squares += c * c;
            distance += apart * apart;
        }
    double variance = (fourth / f - squares) / f;
    double lambda = p > 1 && distance > 0 ? fmin(fmax(variance / distance, 0), 1) : 1;
    for (size_t a = 0; a < p; a++) {
        for (size_t b = 0; b < p; b++)
            products[a * p + b] *= 1 - lambda;
        products[a * p + a] += lambda * v - noise;
    }
}

/* c[m, p] = a[m, n] b[n, p] */
static void multiply(size_t m, size_t n, size_t p, const double *a, const double *b, double *c)
{
    memset(c, 0, m * p * sizeof *c);
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < n; k++)
            for (size_t j = 0; j < p; j++)
                c[i * p + j] += a[i * n + k] * b[k * p + j];
}

/* vector[n, p], orthonormal axes of equal variance between localities, are turned to those on which W is diagonal:
 * which ones of that space the eigenvectors are is otherwise decided by rounding. scratch[3, p, p]. */
static adamas_status turn_equal(size_t n, size_t p, const double *within, double *vector, double *scratch,
                                adamas_error *error)
{
    double *w = scratch, *turn = scratch + p * p, *turned = scratch + 2 * p * p;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            w[i * n + j] = 0;
            for (size_t a = 0; a < p; a++)
                w[i * n + j] += vector[i * p + a] * within[a] * vector[j * p + a];
        }
    /* `turned` takes the eigenvalues, which are not used, until the product. */
    adamas_status status = linalg_eigen(n, n, w, turned, turn, NULL, error);
    if (!status) {
        multiply(n, n, p, turn, vector, turned);
        memcpy(vector, turned, n * p * sizeof *vector);
    }
    return status;
}

/* Turns the axes to the eigenvectors of the covariance of localities; a negative eigenvalue becomes 0. scratch[4, p,
 * p]. */
static adamas_status turn_axes(localities *l, double *covariance, double *scratch, adamas_error *error)
{
    size_t p = l->p, distinct = 0;
    double *vector = scratch, *turned = scratch + p * p;
    adamas_status status = linalg_eigen(p, p, covariance, l->between, vector, NULL, error);
    if (status)
        return status;
    double least = fmax(l->between[p - 1], 0), tie = 1e-9 * fmax(l->between[0], 1);
    for (size_t a = 0; a < p; a++) {
        distinct += l->between[a] > least + tie;
        l->between[a] = l->between[a] > least + tie ? l->between[a] : least;
    }
    status = turn_equal(p - distinct, p, l->within, vector + distinct * p, turned, error);
    if (status)
        return status;
    multiply(p, p, p, vector, l->spread.basis, turned);
    memcpy(l->spread.basis, turned, p * p * sizeof *turned);
    for (size_t a = 0; a < p; a++) {
        turned[a] = 0;
        for (size_t b = 0; b < p; b++)
            turned[a] += vector[a * p + b] * vector[a * p + b] * l->within[b];
    }
    memcpy(l->within, turned, p * sizeof *turned);
    return ADAMAS_OK;
}

/* The mean of d^4 over that of a normal distribution, d the distance of a specimen from its locality's mean, scaled so
 * that the mean of d^2 is p. scratch[p]. */
static double kurtosis(const localities *l, const match_data *d, double *scratch)
{
    double n = 0, squares = 0, fourth = 0, p = (double)l->p;
    for (size_t i = 0; i < d->n_specimens; i++) {
        double size = l->specimens[l->of[i]], square = 0;
        if (size < 2)
            continue;
        spread_project(&l->spread, d->mean + i * d->n_components, scratch);
        for (size_t a = 0; a < l->p; a++) {
            double r = scratch[a] - l->mean[l->of[i] * l->p + a];
            square += r * r * size / (size - 1);
        }
        n++;
        squares += square;
        fourth += square * square;
    }
    return fourth / n / (squares / n * squares / n) * p / (p + 2);
}

/* scratch: 5 p^2 + 2 p doubles, all 0 */
static adamas_status estimate(localities *l, const match_data *d, double *scratch, adamas_error *error)
{
    size_t p = l->p;
    match_data by_locality = *d;
    by_locality.origin = l->of;
    by_locality.n_origins = l->n;
    l->freedom = (double)l->n - (double)l->n_origins;
    match_origin_means(&by_locality, p, l->mean, l->specimens);
    adamas_status status = spread_fit(&l->spread, &by_locality, l->mean, l->specimens, error);
    if (status)
        return status;
    double *covariance = scratch, *r = scratch + 5 * p * p, noise;
    scale_axes(l, d);
    place_means(l, &by_locality, r);
    double fourth = between_products(l, covariance, &noise, r, r + p);
    shrink(p, l->freedom, covariance, fourth, noise);
    status = turn_axes(l, covariance, scratch + p * p, error);
    if (status)
        return status;
    place_means(l, &by_locality, r);
    l->kurtosis = kurtosis(l, d, r);
    return ADAMAS_OK;
}

adamas_status localities_fit(localities *l, const match_data *d, adamas_error *error)
{
    double *scratch = memory_new(5 * l->p + 2, l->p * sizeof *scratch);
    adamas_status status = scratch ? estimate(l, d, scratch, error) : status_no_memory(error);
    free(scratch);
    return status;
}
