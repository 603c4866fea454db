/* Fits the hierarchical model of parcels to a library. */
#include "evidence/parcel_model.h"

#include "base/blas_threads.h"
#include "base/memory.h"
#include "base/triangle.h"
#include "evidence/likelihood_power.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pseudo_observations = 5; /* what the pooled covariance counts for in that of a component */

/* A key by which specimens are sorted, and the row of the library that it is of. */
typedef struct sort_key {
    size_t origin, locality, row;
} sort_key;

/* The specimens in use, in the order of origins, then of localities, then of rows. */
typedef struct ordered {
    size_t n, d, n_origins, n_localities, n_sessions;
    double *rows, *whitened;             /* [n, d] */
    size_t *origin, *locality, *session; /* [n]; localities and sessions are renumbered from 0, without gaps */
    size_t *first;                       /* [n_origins + 1]: the specimens of origin k are first[k] ... first[k+1]-1 */
    double *mean;                        /* [n_origins, d]: of the whitened features */
    double *pooled;                      /* [d, d]: B */
    mixture *origins;                    /* [n_origins] */
} ordered;

static int by_key(const void *a, const void *b)
{
    const sort_key *p = a, *q = b;
    if (p->origin != q->origin)
        return p->origin < q->origin ? -1 : 1;
    if (p->locality != q->locality)
        return p->locality < q->locality ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

static adamas_status make(ordered *o, adamas_error *error)
{
    o->rows = memory_raw(o->n * o->d, sizeof *o->rows);
    o->whitened = memory_raw(o->n * o->d, sizeof *o->whitened);
    o->origin = memory_raw(o->n, sizeof *o->origin);
    o->locality = memory_raw(o->n, sizeof *o->locality);
    o->session = memory_raw(o->n, sizeof *o->session);
    o->first = memory_new(o->n_origins + 1, sizeof *o->first);
    o->mean = memory_new(o->n_origins * o->d, sizeof *o->mean);
    o->pooled = memory_new(o->d * o->d, sizeof *o->pooled);
    o->origins = memory_new(o->n_origins, sizeof *o->origins);
    if (!o->rows || !o->whitened || !o->origin || !o->locality || !o->session || !o->first || !o->mean || !o->pooled ||
        !o->origins)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void destroy(ordered *o)
{
    for (size_t k = 0; o->origins && k < o->n_origins; k++)
        mixture_free(&o->origins[k]);
    free(o->rows);
    free(o->whitened);
    free(o->origin);
    free(o->locality);
    free(o->session);
    free(o->first);
    free(o->mean);
    free(o->pooled);
    free(o->origins);
}

static adamas_status copy_rows(ordered *o, const parcel_library *library, const sort_key *keys, adamas_error *error)
{
    for (size_t i = 0; i < o->n; i++) {
        const double *row = library->rows + keys[i].row * o->d;
        for (size_t j = 0; j < o->d; j++)
            if (!isfinite(row[j]))
                return status_set(error, ADAMAS_E_DATA, "feature %zu of specimen %zu of the library is %g", j + 1,
                                  keys[i].row + 1, row[j]);
        memcpy(o->rows + i * o->d, row, o->d * sizeof *row);
    }
    return ADAMAS_OK;
}

static void number_localities(ordered *o, const sort_key *keys)
{
    for (size_t i = 0; i < o->n; i++) {
        bool same = i > 0 && keys[i].origin == keys[i - 1].origin && keys[i].locality == keys[i - 1].locality;
        o->n_localities += !same;
        o->origin[i] = keys[i].origin;
        o->locality[i] = o->n_localities - 1;
        o->first[keys[i].origin + 1] = i + 1;
    }
    for (size_t k = 0; k < o->n_origins; k++) /* origins without specimens */
        if (o->first[k + 1] < o->first[k])
            o->first[k + 1] = o->first[k];
}

/* Sessions in the order of their first specimens. If one is not known, n_sessions is 0. */
static void number_sessions(ordered *o, const parcel_library *library, const sort_key *keys)
{
    for (size_t i = 0; library->session && i < o->n; i++) {
        size_t own = library->session[keys[i].row], j = 0;
        if (own == PARCEL_UNKNOWN) {
            o->n_sessions = 0;
            return;
        }
        while (j < i && library->session[keys[j].row] != own)
            j++;
        o->session[i] = j < i ? o->session[j] : o->n_sessions++;
    }
}

static adamas_status put_in_order(ordered *o, const parcel_library *library, const unsigned char *use,
                                  adamas_error *error)
{
    sort_key *keys = memory_raw(library->n, sizeof *keys);
    if (!keys)
        return status_no_memory(error);
    for (size_t i = 0; i < library->n; i++)
        if (!use || use[i])
            keys[o->n++] = (sort_key){.origin = library->origin[i],
                                      .locality = library->locality ? library->locality[i] : PARCEL_UNKNOWN,
                                      .row = i};
    qsort(keys, o->n, sizeof *keys, by_key);
    adamas_status status = make(o, error);
    if (!status)
        status = copy_rows(o, library, keys, error);
    if (!status) {
        number_localities(o, keys);
        number_sessions(o, library, keys);
    }
    free(keys);
    return status;
}

/* B, symmetric: the scatter within localities over its degrees of freedom. Localities are runs of specimens. */
static adamas_status pool(ordered *o, adamas_error *error)
{
    size_t d = o->d;
    double mean[mixture_max_features], freedom = (double)o->n - (double)o->n_localities;
    for (size_t from = 0, to; from < o->n; from = to) {
        memset(mean, 0, sizeof mean);
        for (to = from; to < o->n && o->locality[to] == o->locality[from]; to++)
            for (size_t j = 0; j < d; j++)
                mean[j] += o->rows[to * d + j];
        for (size_t i = from; i < to; i++)
            for (size_t j = 0; j < d; j++)
                for (size_t k = 0; k < d; k++)
                    o->pooled[j * d + k] += (o->rows[i * d + j] - mean[j] / (double)(to - from)) *
                                            (o->rows[i * d + k] - mean[k] / (double)(to - from)) / freedom;
    }
    if (freedom < (double)d)
        return status_set(error, ADAMAS_E_DATA,
                          "a parcel's model of %zu features from %zu specimens of %zu localities: too few specimens", d,
                          o->n, o->n_localities);
    return ADAMAS_OK;
}

static adamas_status whiten(parcel_model *m, ordered *o, adamas_error *error)
{
    size_t d = o->d, present = 0;
    memcpy(m->whiten, o->pooled, d * d * sizeof *m->whiten);
    if (!triangle_cholesky(d, m->whiten))
        return status_set(error, ADAMAS_E_DATA, "the covariance of %zu features within localities is singular", d);
    memcpy(o->whitened, o->rows, o->n * d * sizeof *o->rows);
    for (size_t i = 0; i < o->n; i++)
        triangle_solve(d, m->whiten, o->whitened + i * d);
    for (size_t k = 0; k < o->n_origins; k++) {
        m->n_specimens[k] = o->first[k + 1] - o->first[k];
        present += m->n_specimens[k] > 0;
        for (size_t i = o->first[k]; i < o->first[k + 1]; i++) {
            m->n_localities[k] += i == o->first[k] || o->locality[i] != o->locality[i - 1];
            for (size_t j = 0; j < d; j++)
                o->mean[k * d + j] += o->whitened[i * d + j] / (double)m->n_specimens[k];
        }
    }
    for (size_t k = 0; k < o->n_origins; k++)
        for (size_t j = 0; j < d; j++)
            m->grand_mean[j] += o->mean[k * d + j] / (double)present;
    return ADAMAS_OK;
}

/* Restricted log likelihood of tau: origins' means ~ N(grand mean, tau + rho / L_k + 1 / n_k) in each coordinate. */
static double tau_likelihood(const parcel_model *m, const ordered *o, double tau)
{
    double log_sum = 0, precision = 0, squares = 0;
    for (size_t j = 0; j < o->d; j++) {
        double weighted = 0, square = 0;
        log_sum = precision = 0;
        for (size_t k = 0; k < o->n_origins; k++) {
            if (m->n_specimens[k] == 0)
                continue;
            double y = o->mean[k * o->d + j] - m->grand_mean[j];
            double v = tau + m->ratio.rho_mean / (double)m->n_localities[k] + 1 / (double)m->n_specimens[k];
            log_sum += log(v);
            precision += 1 / v;
            weighted += y / v;
            square += y * y / v;
        }
        squares += square - weighted * weighted / precision;
    }
    return -((double)o->d * (log_sum + log(precision)) + squares) / 2;
}

/* Maximises over tau = 1 ... e^20: the best of steps of 1/8 in ln tau, then golden-section search around it. */
static double fit_tau(const parcel_model *m, const ordered *o)
{
    const double step = 0.125, golden = 0.6180339887498949;
    double best = 0, greatest = tau_likelihood(m, o, 1);
    size_t present = 0;
    for (size_t k = 0; k < o->n_origins; k++)
        present += m->n_specimens[k] > 0;
    if (present < 2)
        return 1;
    for (int i = 1; i <= 160; i++) {
        double value = tau_likelihood(m, o, exp(i * step));
        if (value > greatest) {
            greatest = value;
            best = i * step;
        }
    }
    double low = fmax(best - step, 0), high = best + step;
    while (high - low > 1e-9) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        if (tau_likelihood(m, o, exp(left)) >= tau_likelihood(m, o, exp(right)))
            high = right;
        else
            low = left;
    }
    return best == 0 && low == 0 ? 1 : exp((low + high) / 2);
}

static adamas_status fit_origins(ordered *o, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < o->n_origins; k++) {
        size_t n = o->first[k + 1] - o->first[k];
        if (n > 0)
            status = mixture_fit(&o->origins[k], n, o->d, o->rows + o->first[k] * o->d, o->pooled,
                                 mixture_n_components(n), pseudo_observations, error);
    }
    return status;
}

static void set_component(parcel_model *m, size_t component, double log_weight, double log_norm, const double *mean)
{
    size_t d = m->d;
    double *root = m->inverse_cholesky + component * d * d, *precision = m->precision + component * d * d;
    m->log_weight[component] = log_weight;
    m->log_norm[component] = log_norm + (double)d / 2 * log(m->likelihood_power);
    memcpy(m->mean + component * d, mean, d * sizeof *mean);
    for (size_t i = 0; i < d * d; i++)
        root[i] *= sqrt(m->likelihood_power);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                precision[i * d + j] += root[k * d + i] * root[k * d + j];
}

/* A component with covariance L L^T has the whitened mean W^-1 mu and the inverse Cholesky factor L^-1 W. */
static void set_origin_components(parcel_model *m, const mixture *origin, size_t first)
{
    size_t d = m->d;
    double mean[mixture_max_features];
    for (size_t c = 0; c < origin->n_components; c++) {
        memcpy(mean, origin->mean + c * d, d * sizeof *mean);
        triangle_solve(d, m->whiten, mean);
        triangle_product(d, origin->inverse_cholesky + c * d * d, m->whiten, m->inverse_cholesky + (first + c) * d * d);
        set_component(m, first + c, log(origin->weight[c]), origin->log_norm[c], mean);
    }
}

/* None of the origins: the whitened covariance is 1 / T. */
static void set_none(parcel_model *m)
{
    size_t d = m->d, none = m->n_components - 1;
    for (size_t j = 0; j < d; j++)
        m->inverse_cholesky[(none * d + j) * d + j] = 1;
    double log_norm = -triangle_log_determinant(d, m->whiten) - (double)d / 2 * log(6.283185307179586);
    set_component(m, none, 0, log_norm, m->grand_mean);
}

static adamas_status set_components(parcel_model *m, const ordered *o, adamas_error *error)
{
    size_t d = m->d;
    for (size_t k = 0; k < m->n_origins; k++)
        m->first[k + 1] = m->first[k] + o->origins[k].n_components;
    m->n_components = m->first[m->n_origins] + 1;
    m->first[m->n_origins + 1] = m->n_components;
    m->log_weight = memory_new(m->n_components, sizeof *m->log_weight);
    m->log_norm = memory_new(m->n_components, sizeof *m->log_norm);
    m->mean = memory_new(m->n_components * d, sizeof *m->mean);
    m->inverse_cholesky = memory_new(m->n_components * d * d, sizeof *m->inverse_cholesky);
    m->precision = memory_new(m->n_components * d * d, sizeof *m->precision);
    if (!m->log_weight || !m->log_norm || !m->mean || !m->inverse_cholesky || !m->precision)
        return status_no_memory(error);
    for (size_t k = 0; k < m->n_origins; k++)
        set_origin_components(m, &o->origins[k], m->first[k]);
    set_none(m);
    return ADAMAS_OK;
}

static adamas_status choose_power(parcel_model *m, const ordered *o, double given, adamas_error *error)
{
    likelihood_power_data data = {.n = o->n,
                                  .d = o->d,
                                  .n_origins = o->n_origins,
                                  .rows = o->rows,
                                  .first = o->first,
                                  .locality = o->locality,
                                  .pooled = o->pooled,
                                  .origins = o->origins,
                                  .pseudo_observations = pseudo_observations};
    for (size_t i = 0; i < likelihood_power_steps; i++)
        m->likelihood_power_scores[i] = NAN;
    m->likelihood_power = given > 0 ? given : 1;
    return given > 0 ? ADAMAS_OK : likelihood_power_fit(&m->likelihood_power, m->likelihood_power_scores, &data, error);
}

static adamas_status fit(parcel_model *m, ordered *o, double likelihood_power, adamas_error *error)
{
    adamas_status status = pool(o, error);
    if (!status)
        status = whiten(m, o, error);
    if (!status)
        status = variance_ratio_fit(&m->ratio, o->n, o->d, o->whitened, o->n_origins, o->origin, o->n_localities,
                                    o->locality, o->n_sessions, o->n_sessions ? o->session : NULL, error);
    if (status)
        return status;
    m->n_sessions = o->n_sessions;
    m->tau = fit_tau(m, o);
    status = fit_origins(o, error);
    if (!status)
        status = choose_power(m, o, likelihood_power, error);
    return status ? status : set_components(m, o, error);
}

static adamas_status check(const parcel_library *library, double likelihood_power, adamas_error *error)
{
    if (library->d < 1 || library->d > mixture_max_features)
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel's model of %zu features; 1 to %d are possible",
                          library->d, mixture_max_features);
    if (!(likelihood_power >= 0 && likelihood_power <= 1))
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel's model with likelihood power %g; 0 to 1 is possible",
                          likelihood_power);
    for (size_t i = 0; i < library->n; i++)
        if (library->origin[i] >= library->n_origins)
            return status_set(error, ADAMAS_E_ARGUMENT, "specimen %zu of the library is of origin %zu of %zu", i + 1,
                              library->origin[i] + 1, library->n_origins);
    return ADAMAS_OK;
}

adamas_status parcel_model_fit(parcel_model *out, const parcel_library *library, const unsigned char *use,
                               double likelihood_power, adamas_error *error)
{
    *out = (parcel_model){0};
    adamas_status status = check(library, likelihood_power, error);
    if (status)
        return status;
    size_t d = library->d, n_origins = library->n_origins;
    parcel_model m = {.d = d, .n_origins = n_origins};
    ordered o = {.d = d, .n_origins = n_origins};
    m.n_specimens = memory_new(n_origins, sizeof *m.n_specimens);
    m.n_localities = memory_new(n_origins, sizeof *m.n_localities);
    m.first = memory_new(n_origins + 2, sizeof *m.first);
    m.whiten = memory_new(d * d, sizeof *m.whiten);
    m.grand_mean = memory_new(d, sizeof *m.grand_mean);
    blas_threads_limit();
    if (!m.n_specimens || !m.n_localities || !m.first || !m.whiten || !m.grand_mean)
        status = status_no_memory(error);
    if (!status)
        status = put_in_order(&o, library, use, error);
    if (!status)
        status = fit(&m, &o, likelihood_power, error);
    blas_threads_restore();
    destroy(&o);
    if (status)
        parcel_model_free(&m);
    *out = m;
    return status;
}

void parcel_model_free(parcel_model *m)
{
    free(m->n_specimens);
    free(m->n_localities);
    free(m->whiten);
    free(m->grand_mean);
    free(m->first);
    free(m->log_weight);
    free(m->log_norm);
    free(m->mean);
    free(m->inverse_cholesky);
    free(m->precision);
    *m = (parcel_model){0};
}
