/* Two-level normal model (after Aitken & Lucy 2004, with normal origins): a specimen's mean score over n shots is
 * normal around its origin's mean with covariance B + W/n, B between the specimens of an origin and W between the shots
 * of a specimen, both pooled over origins, and predictive: Student's t, wider by 1/S_k for an origin's mean of S_k
 * specimens.
 *
 * Shrinkage. With p components and S specimens of K origins the covariance T of specimens' means has S - K degrees of
 * freedom, often no more than p. T and W are each shrunk to their own diagonal by Schaefer & Strimmer's (2005) estimate
 * for covariances (their target D): components are uncorrelated over all shots by construction, so "uncorrelated within
 * origins too" is the natural prior, while their variances differ by orders of magnitude and must be left alone (a
 * target proportional to the identity loses to it on every set that was tried).
 *
 * B. In the basis that makes W the identity and T diagonal, B = max(T - hW, 0) where h is the mean of 1/n over the
 * specimens (truncated eigenvalues: Amemiya 1985). Where shots are too few to tell W (one shot a specimen, or fewer
 * degrees of freedom than specimens have), W = 0 and B = T whole: T then holds both kinds of spread, and a specimen is
 * judged as if it had as many shots as the library's.
 *
 * Degrees of freedom. The predictive t of an unshrunk covariance with f = S - K degrees of freedom has nu = f - p + 1;
 * a diagonal one is f + 1 on each component alone. Shrunk by lambda: nu = max(f - (1 - lambda)p + 1, 1), scale f/nu. */
#include "match/match.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/special.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct twolevel {
    size_t n_origins, p;
    double freedom;             /* nu */
    double scale;               /* f / nu */
    double has_within;          /* 1 where W is told apart, else 0 */
    double log_norm;            /* of the density, but for the terms of the variances */
    double *basis;              /* [p, p]: rows are the axes on which W is the identity and T is diagonal */
    double *between;            /* [p]: B on those axes */
    double *mean;               /* [n_origins, p]: origins' means on those axes */
    double *specimens;          /* [n_origins]: S_k */
    double *mean_inverse_shots; /* [n_origins]: h_k, the mean of 1/n over an origin's specimens */
} twolevel;

static void destroy(void *state)
{
    twolevel *m = state;
    if (!m)
        return;
    free(m->basis);
    free(m->between);
    free(m->mean);
    free(m->specimens);
    free(m->mean_inverse_shots);
    free(m);
}

static twolevel *reserve(size_t n_origins, size_t p)
{
    twolevel *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (twolevel){.n_origins = n_origins, .p = p};
    m->basis = memory_new(p, p * sizeof *m->basis);
    m->between = memory_new(p, sizeof *m->between);
    m->mean = memory_new(n_origins, p * sizeof *m->mean);
    m->specimens = memory_new(n_origins, sizeof *m->specimens);
    m->mean_inverse_shots = memory_new(n_origins, sizeof *m->mean_inverse_shots);
    if (m->basis && m->between && m->mean && m->specimens && m->mean_inverse_shots)
        return m;
    destroy(m);
    return NULL;
}

/* Origins' means of specimens' means, and what else is counted by origin. */
static void count_origins(twolevel *m, const match_data *d)
{
    match_origin_means(d, m->p, m->mean, m->specimens);
    for (size_t i = 0; i < d->n_specimens; i++)
        m->mean_inverse_shots[d->origin[i]] += 1 / (double)d->shots[i];
    for (size_t k = 0; k < m->n_origins; k++)
        m->mean_inverse_shots[k] /= m->specimens[k];
}

/* Sums over specimens of r r' and (r^2)(r^2)', r the deviation from the origin's mean; both triangles. */
static void between_sums(const twolevel *m, const match_data *d, double *products, double *squares, double *r)
{
    size_t p = m->p;
    for (size_t i = 0; i < d->n_specimens; i++) {
        for (size_t a = 0; a < p; a++)
            r[a] = d->mean[i * d->n_components + a] - m->mean[d->origin[i] * p + a];
        for (size_t a = 0; a < p; a++)
            for (size_t b = 0; b < p; b++) {
                products[a * p + b] += r[a] * r[b];
                squares[a * p + b] += r[a] * r[a] * r[b] * r[b];
            }
    }
}

/* Sums of products become a covariance with f degrees of freedom, its entries off the diagonal shrunk by the lambda
 * that is returned: estimated variance of those entries over their squares, within 0 ... 1. */
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

/* The leading p x p of within-specimen sums. */
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

/* basis = Q'L^-1 for W = LL' and L^-1 T L^-T = Q diag(value) Q'; returns log |det L|. W and T are destroyed. */
static adamas_status diagonalise(twolevel *m, double *t, double *w, double *value, double *log_determinant,
                                 adamas_error *error)
{
    size_t p = m->p;
    double ridge = 1e-12 * trace(p, w) / (double)p;
    for (size_t a = 0; a < p; a++)
        w[a * p + a] += ridge;
    adamas_status status = linalg_cholesky(p, w, error);
    if (status)
        return status;
    *log_determinant = 0;
    for (size_t a = 0; a < p; a++)
        *log_determinant += log(w[a * p + a]);
    linalg_solve_lower(p, w, p, t);
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < a; b++) {
            double kept = t[a * p + b];
            t[a * p + b] = t[b * p + a];
            t[b * p + a] = kept;
        }
    linalg_solve_lower(p, w, p, t);
    double *vector = memory_raw(p, p * sizeof *vector);
    double *inverse = memory_new(p, p * sizeof *inverse);
    status = vector && inverse ? linalg_eigen(p, p, t, value, vector, error) : status_no_memory(error);
    for (size_t a = 0; !status && a < p; a++)
        inverse[a * p + a] = 1;
    if (!status) {
        linalg_solve_lower(p, w, p, inverse);
        for (size_t a = 0; a < p; a++)
            for (size_t c = 0; c < p; c++)
                for (size_t b = 0; b < p; b++)
                    m->basis[a * p + b] += vector[a * p + c] * inverse[c * p + b];
    }
    free(vector);
    free(inverse);
    return status;
}

static void onto_basis(const twolevel *m, const double *from, double *to)
{
    for (size_t a = 0; a < m->p; a++) {
        double sum = 0;
        for (size_t b = 0; b < m->p; b++)
            sum += m->basis[a * m->p + b] * from[b];
        to[a] = sum;
    }
}

/* h: what a shot's spread adds to the covariance of specimens' means. */
static double mean_of_inverse_shots(const twolevel *m, const match_data *d, double f)
{
    double h = 0;
    for (size_t i = 0; i < d->n_specimens; i++)
        h += (1 - 1 / m->specimens[d->origin[i]]) / (double)d->shots[i];
    return h / f;
}

/* Do the shots tell W? Copies of one shot tell nothing. */
static int tells_within(const match_data *d, size_t p)
{
    double spread = 0;
    for (size_t a = 0; a < p; a++)
        spread += d->within[a * d->n_components + a];
    return spread > 0 && d->within_freedom + 1 >= d->n_specimens;
}

/* Where sums[4, p, p] are: T, its squares, W, its squares; r[2p]: scratch. */
static adamas_status estimate(twolevel *m, const match_data *d, double *sums, double *r, adamas_error *error)
{
    size_t p = m->p, pp = p * p;
    double f = (double)d->n_specimens - (double)d->n_origins;
    double *t = sums, *w = sums + 2 * pp, log_determinant = 0;
    between_sums(m, d, t, sums + pp, r);
    double lambda = shrink(p, f, t, sums + pp);
    m->has_within = tells_within(d, p);
    if (m->has_within > 0) {
        leading(p, d->n_components, d->within, w);
        leading(p, d->n_components, d->within_squares, sums + 3 * pp);
        shrink(p, (double)d->within_freedom, w, sums + 3 * pp);
    } else {
        memcpy(w, t, pp * sizeof *w);
    }
    if (!(trace(p, w) > 0 && trace(p, t) > 0))
        return status_set(error, ADAMAS_E_DATA, "the specimens of each origin are all the same: no spread to judge by");
    adamas_status status = diagonalise(m, t, w, m->between, &log_determinant, error);
    double h = mean_of_inverse_shots(m, d, f);
    for (size_t a = 0; a < p; a++)
        m->between[a] = m->has_within > 0 ? fmax(m->between[a] - h, 0) : fmax(m->between[a], 1e-12);
    for (size_t k = 0; k < m->n_origins; k++) {
        onto_basis(m, m->mean + k * p, r);
        memcpy(m->mean + k * p, r, p * sizeof *r);
    }
    m->freedom = fmax(f - (1 - lambda) * (double)p + 1, 1);
    m->scale = f / m->freedom;
    m->log_norm = special_log_gamma((m->freedom + (double)p) / 2) - special_log_gamma(m->freedom / 2) -
                  (double)p / 2 * log(m->freedom * M_PI) - log_determinant;
    return status;
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    (void)values;
    *state = NULL;
    if (d->n_specimens <= d->n_origins)
        return status_set(error, ADAMAS_E_DATA, "%zu training specimens of %zu origins: some origin needs two at least",
                          d->n_specimens, d->n_origins);
    twolevel *m = reserve(d->n_origins, p);
    double *sums = memory_new(4 * p, p * sizeof *sums);
    double *r = memory_new(p, sizeof *r);
    adamas_status status = m && sums && r ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        count_origins(m, d);
        status = estimate(m, d, sums, r, error);
    }
    if (status)
        destroy(m);
    else
        *state = m;
    free(sums);
    free(r);
    return status;
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    const twolevel *m = state;
    onto_basis(m, mean, scratch);
    for (size_t k = 0; k < m->n_origins; k++) {
        double wider = 1 + 1 / m->specimens[k];
        double shots = 1 / (double)n_shots + m->mean_inverse_shots[k] / m->specimens[k];
        double distance = 0, log_variance = 0;
        for (size_t a = 0; a < m->p; a++) {
            double u = scratch[a] - m->mean[k * m->p + a];
            double v = m->scale * (m->between[a] * wider + m->has_within * shots);
            distance += u * u / v;
            log_variance += log(v);
        }
        log_density[k] =
            m->log_norm - log_variance / 2 - (m->freedom + (double)m->p) / 2 * log1p(distance / m->freedom);
    }
}

static void prior(const void *state, double *out)
{
    const twolevel *m = state;
    for (size_t k = 0; k < m->n_origins; k++)
        out[k] = 1 / (double)m->n_origins;
}

typedef struct field {
    const char *name;
    size_t rows, cols;
    double *values;
} field;

enum { n_fields = 6 };

/* What is saved: the six arrays, the single numbers being the first (freedom, scale, has_within, log_norm). */
static void fields_of(const twolevel *m, double *numbers, field *out)
{
    const field fields[n_fields] = {{"numbers", 4, 1, numbers},
                                    {"basis", m->p, m->p, m->basis},
                                    {"between", m->p, 1, m->between},
                                    {"mean", m->n_origins, m->p, m->mean},
                                    {"specimens", m->n_origins, 1, m->specimens},
                                    {"mean_inverse_shots", m->n_origins, 1, m->mean_inverse_shots}};
    memcpy(out, fields, sizeof fields);
}

static adamas_status save(const void *state, store *s, const char *group, adamas_error *error)
{
    const twolevel *m = state;
    double numbers[4] = {m->freedom, m->scale, m->has_within, m->log_norm};
    field fields[n_fields];
    fields_of(m, numbers, fields);
    adamas_status status = store_write_group(s, group, NULL, error);
    for (size_t i = 0; !status && i < n_fields; i++) {
        store_name name;
        status = store_write_doubles(s, store_within(name, group, fields[i].name), fields[i].rows, fields[i].cols,
                                     fields[i].values, error);
    }
    return status;
}

static adamas_status load(void **state, size_t n_origins, size_t p, store *s, const char *group, adamas_error *error)
{
    *state = NULL;
    twolevel *m = reserve(n_origins, p);
    if (!m)
        return status_no_memory(error);
    double numbers[4];
    field fields[n_fields];
    fields_of(m, numbers, fields);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n_fields; i++) {
        store_name name;
        status = store_read_doubles(s, store_within(name, group, fields[i].name), fields[i].rows, fields[i].cols,
                                    fields[i].values, error);
    }
    if (status) {
        destroy(m);
        return status;
    }
    m->freedom = numbers[0];
    m->scale = numbers[1];
    m->has_within = numbers[2];
    m->log_norm = numbers[3];
    *state = m;
    return ADAMAS_OK;
}

const match twolevel_match = {.name = "twolevel",
                              .summary = "two-level normal model of specimens and shots, predictive, equal priors",
                              .fit = fit,
                              .density = density,
                              .prior = prior,
                              .save = save,
                              .load = load,
                              .destroy = destroy};
