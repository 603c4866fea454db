#include "evidence/parcel_model.h"

#include "base/blas_threads.h"
#include "base/memory.h"
#include "base/triangle.h"
#include "evidence/likelihood_power.h"
#include "evidence/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double pseudo_observations = 5; /* of the pooled covariance in that of a part of a mixture */

/* A stone's place before the stones are put in the order of origins and localities. */
typedef struct place {
    size_t origin, locality, row;
} place;

/* The stones in use, in the order of origins, then of localities, then of rows. */
typedef struct ordered {
    size_t n, d, n_origins, n_localities, n_sessions;
    double *rows, *whitened;             /* [n, d] */
    size_t *origin, *locality, *session; /* [n]; localities and sessions are numbered anew, with none missing */
    size_t *first;                       /* [n_origins + 1]: the stones of origin k are first[k] ... first[k+1]-1 */
    double *mean;                        /* [n_origins, d]: of the whitened features */
    double *pooled;                      /* [d, d]: B */
    mixture *origins;                    /* [n_origins] */
} ordered;

static int by_place(const void *a, const void *b)
{
    const place *p = a, *q = b;
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

static adamas_status copy_rows(ordered *o, const parcel_library *library, const place *places, adamas_error *error)
{
    for (size_t i = 0; i < o->n; i++) {
        const double *row = library->rows + places[i].row * o->d;
        for (size_t j = 0; j < o->d; j++)
            if (!isfinite(row[j]))
                return status_set(error, ADAMAS_E_DATA, "feature %zu of stone %zu of the library is %g", j + 1,
                                  places[i].row + 1, row[j]);
        memcpy(o->rows + i * o->d, row, o->d * sizeof *row);
    }
    return ADAMAS_OK;
}

static void number_localities(ordered *o, const place *places)
{
    for (size_t i = 0; i < o->n; i++) {
        bool same = i > 0 && places[i].origin == places[i - 1].origin && places[i].locality == places[i - 1].locality;
        o->n_localities += !same;
        o->origin[i] = places[i].origin;
        o->locality[i] = o->n_localities - 1;
        o->first[places[i].origin + 1] = i + 1;
    }
    for (size_t k = 0; k < o->n_origins; k++) /* origins without stones */
        if (o->first[k + 1] < o->first[k])
            o->first[k + 1] = o->first[k];
}

/* Sessions in the order of their first stones. One that is not known leaves n_sessions 0. */
static void number_sessions(ordered *o, const parcel_library *library, const place *places)
{
    for (size_t i = 0; library->session && i < o->n; i++) {
        size_t own = library->session[places[i].row], j = 0;
        if (own == PARCEL_UNKNOWN) {
            o->n_sessions = 0;
            return;
        }
        while (j < i && library->session[places[j].row] != own)
            j++;
        o->session[i] = j < i ? o->session[j] : o->n_sessions++;
    }
}

static adamas_status put_in_order(ordered *o, const parcel_library *library, const unsigned char *use,
                                  adamas_error *error)
{
    place *places = memory_raw(library->n, sizeof *places);
    if (!places)
        return status_no_memory(error);
    for (size_t i = 0; i < library->n; i++)
        if (!use || use[i])
            places[o->n++] = (place){.origin = library->origin[i],
                                     .locality = library->locality ? library->locality[i] : PARCEL_UNKNOWN,
                                     .row = i};
    qsort(places, o->n, sizeof *places, by_place);
    adamas_status status = make(o, error);
    if (!status)
        status = copy_rows(o, library, places, error);
    if (!status) {
        number_localities(o, places);
        number_sessions(o, library, places);
    }
    free(places);
    return status;
}

/* B, symmetric: the scatter within localities over its degrees of freedom. Localities are runs of stones. */
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
                          "a parcel's model of %zu features from %zu stones of %zu localities: too few stones", d, o->n,
                          o->n_localities);
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

/* The greatest over tau = 1 ... e^20: the best of steps of 1/8 in ln tau, then golden sections beside it. */
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

static void set_part(parcel_model *m, size_t part, double log_weight, double log_norm, const double *mean)
{
    size_t d = m->d;
    double *root = m->inverse_cholesky + part * d * d, *precision = m->precision + part * d * d;
    m->log_weight[part] = log_weight;
    m->log_norm[part] = log_norm + (double)d / 2 * log(m->likelihood_power);
    memcpy(m->mean + part * d, mean, d * sizeof *mean);
    for (size_t i = 0; i < d * d; i++)
        root[i] *= sqrt(m->likelihood_power);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < d; j++)
            for (size_t k = 0; k < d; k++)
                precision[i * d + j] += root[k * d + i] * root[k * d + j];
}

/* Of a part with covariance L L^T, whitened: the mean is W^-1 mu, and the inverse factor L^-1 W. */
static void set_origin_parts(parcel_model *m, const mixture *origin, size_t first)
{
    size_t d = m->d;
    double mean[mixture_max_features];
    for (size_t p = 0; p < origin->n_components; p++) {
        memcpy(mean, origin->mean + p * d, d * sizeof *mean);
        triangle_solve(d, m->whiten, mean);
        triangle_product(d, origin->inverse_cholesky + p * d * d, m->whiten, m->inverse_cholesky + (first + p) * d * d);
        set_part(m, first + p, log(origin->weight[p]), origin->log_norm[p], mean);
    }
}

/* Whitened, B is 1. */
static void set_none(parcel_model *m)
{
    size_t d = m->d, part = m->n_components - 1;
    for (size_t j = 0; j < d; j++)
        m->inverse_cholesky[(part * d + j) * d + j] = 1;
    double log_norm = -triangle_log_determinant(d, m->whiten) - (double)d / 2 * log(6.283185307179586);
    set_part(m, part, 0, log_norm, m->grand_mean);
}

static adamas_status set_parts(parcel_model *m, const ordered *o, adamas_error *error)
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
        set_origin_parts(m, &o->origins[k], m->first[k]);
    set_none(m);
    return ADAMAS_OK;
}

static adamas_status fit_temper(parcel_model *m, const ordered *o, double given, adamas_error *error)
{
    likelihood_power_data stones = {.n = o->n,
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
    return given > 0 ? ADAMAS_OK
                     : likelihood_power_fit(&m->likelihood_power, m->likelihood_power_scores, &stones, error);
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
        status = fit_temper(m, o, likelihood_power, error);
    return status ? status : set_parts(m, o, error);
}

static adamas_status check(const parcel_library *library, double likelihood_power, adamas_error *error)
{
    if (library->d < 1 || library->d > mixture_max_features)
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel's model of %zu features; 1 to %d are possible",
                          library->d, mixture_max_features);
    if (!(likelihood_power >= 0 && likelihood_power <= 1))
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel's model with temper %g, 0 to 1 expected",
                          likelihood_power);
    for (size_t i = 0; i < library->n; i++)
        if (library->origin[i] >= library->n_origins)
            return status_set(error, ADAMAS_E_ARGUMENT, "stone %zu of the library is of origin %zu of %zu", i + 1,
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
