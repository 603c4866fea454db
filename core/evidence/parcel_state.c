/* Memory of a chain's state, and what follows from the state: densities, responsibilities, likelihood ratios. */
#include "evidence/parcel_state.h"

#include "base/memory.h"
#include "base/triangle.h"
#include "evidence/mixture.h"
#include "evidence/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status check(const parcel_model *m, size_t n, const double *rows, const double *alpha, double tau_scale,
                           adamas_error *error)
{
    double sum = 0;
    if (n == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel without measured specimens");
    if (!(tau_scale > 0 && tau_scale < INFINITY))
        return status_set(error, ADAMAS_E_ARGUMENT, "tau is scaled by %g; a positive number is needed", tau_scale);
    for (size_t k = 0; k <= m->n_origins; k++) {
        if (!(alpha[k] >= 0 && alpha[k] < INFINITY))
            return status_set(error, ADAMAS_E_ARGUMENT, "the prior weight of origin %zu is %g", k + 1, alpha[k]);
        if (alpha[k] > 0 && k < m->n_origins && m->n_specimens[k] == 0)
            return status_set(error, ADAMAS_E_ARGUMENT, "origin %zu has a prior weight, but no specimen", k + 1);
        sum += alpha[k];
    }
    if (!(sum > 0))
        return status_set(error, ADAMAS_E_ARGUMENT, "no origin has a prior weight");
    for (size_t i = 0; i < n * m->d; i++)
        if (!isfinite(rows[i]))
            return status_set(error, ADAMAS_E_DATA, "feature %zu of specimen %zu of the parcel is %g", i % m->d + 1,
                              i / m->d + 1, rows[i]);
    return ADAMAS_OK;
}

typedef struct array {
    double **start;
    size_t numbers;
} array;

enum { n_arrays = 28 };

static void list_arrays(parcel_state *s, array *list)
{
    size_t shares = s->n_shares, components = s->model->n_components, cells = s->n_cells, d = s->d, n = s->n;
    const array all[n_arrays] = {
        {&s->alpha, shares},
        {&s->residual, components * d * n},
        {&s->log_prior, cells},
        {&s->rho, cells},
        {&s->sigma, cells},
        {&s->sd, shares * cells},
        {&s->log_sd, shares * cells},
        {&s->precision, shares * cells},
        {&s->mean_variance, shares},
        {&s->mean, shares * d},
        {&s->theta, shares},
        {&s->eta, shares * d},
        {&s->log_density, components * n},
        {&s->log_weight, components},
        {&s->responsibility, components * n},
        {&s->total, n},
        {&s->log_scale, n},
        {&s->sum, d},
        {&s->score, shares * d},
        {&s->information, shares * d * d},
        {&s->cholesky, d * d},
        {&s->log_cell_weight, cells},
        {&s->squared_length, shares},
        {&s->proposed_log_density, components * n},
        {&s->proposed_responsibility, components * n},
        {&s->proposed_log_weight, components},
        {&s->proposed_total, n},
        {&s->proposed_log_scale, n},
    };
    memcpy(list, all, sizeof all);
}

static adamas_status make(parcel_state *s, adamas_error *error)
{
    size_t n_components = s->model->n_components; /* at most */
    array list[n_arrays];
    bool complete = true;
    list_arrays(s, list);
    for (size_t i = 0; i < n_arrays; i++)
        complete &= (*list[i].start = memory_new(list[i].numbers, sizeof(double))) != NULL;
    s->component = memory_new(n_components, sizeof *s->component);
    s->origin_of = memory_new(n_components, sizeof *s->origin_of);
    s->label = memory_new(s->n, sizeof *s->label);
    s->component_count = memory_new(n_components, sizeof *s->component_count);
    s->count = memory_new(s->n_shares, sizeof *s->count);
    if (!complete || !s->component || !s->origin_of || !s->label || !s->component_count || !s->count)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void choose_components(parcel_state *s, const double *alpha)
{
    memcpy(s->alpha, alpha, s->n_shares * sizeof *alpha);
    for (size_t k = 0; k < s->n_shares; k++)
        for (size_t c = s->model->first[k]; alpha[k] > 0 && c < s->model->first[k + 1]; c++) {
            s->component[s->n_components] = c;
            s->origin_of[s->n_components++] = k;
            for (size_t j = 0; j < s->d; j++)
                s->mean[k * s->d + j] += exp(s->model->log_weight[c]) * s->model->mean[c * s->d + j];
        }
    s->has_none = alpha[s->n_shares - 1] > 0;
}

static void find_residuals(parcel_state *s, const double *rows)
{
    size_t d = s->d;
    double whitened[mixture_max_features], centred[mixture_max_features], residual[mixture_max_features];
    for (size_t i = 0; i < s->n; i++) {
        memcpy(whitened, rows + i * d, d * sizeof *rows);
        triangle_solve(d, s->model->whiten, whitened);
        for (size_t c = 0; c < s->n_components; c++) {
            for (size_t j = 0; j < d; j++)
                centred[j] = whitened[j] - s->model->mean[s->component[c] * d + j];
            triangle_multiply(d, s->model->inverse_cholesky + s->component[c] * d * d, centred, residual);
            for (size_t j = 0; j < d; j++)
                s->residual[(c * d + j) * s->n + i] = residual[j];
        }
    }
}

static void set_cells(parcel_state *s, double tau_scale)
{
    const parcel_model *m = s->model;
    double sessions = m->n_sessions ? 1 + 1 / (double)m->n_sessions : 1;
    for (size_t c = 0; c < s->n_cells; c++) {
        s->rho[c] = m->ratio.rho[c / m->ratio.n_sigma];
        s->sigma[c] = m->ratio.sigma[c % m->ratio.n_sigma];
        s->log_prior[c] = log(m->ratio.weight[c]);
        for (size_t k = 0; k < s->n_shares; k++) {
            double localities = k < m->n_origins && m->n_localities[k] ? 1 + 1 / (double)m->n_localities[k] : 1;
            double v = k < m->n_origins ? s->rho[c] * localities + s->sigma[c] * sessions
                                        : m->tau * tau_scale + s->rho[c] + s->sigma[c];
            s->mean_variance[k] += m->ratio.weight[c] * v;
            s->sd[k * s->n_cells + c] = sqrt(v);
            s->log_sd[k * s->n_cells + c] = v > 0 ? log(v) / 2 : INFINITY;
            s->precision[k * s->n_cells + c] = v > 0 ? 1 / v : 0;
        }
    }
}

adamas_status parcel_state_new(parcel_state *out, const parcel_model *model, size_t n, const double *rows,
                               const double *alpha, double tau_scale, adamas_error *error)
{
    *out = (parcel_state){0};
    adamas_status status = check(model, n, rows, alpha, tau_scale, error);
    if (status)
        return status;
    parcel_state s = {.model = model, .n = n, .d = model->d, .n_shares = model->n_origins + 1};
    s.n_cells = model->ratio.n_rho * model->ratio.n_sigma;
    status = make(&s, error);
    if (status) {
        parcel_state_free(&s);
        return status;
    }
    choose_components(&s, alpha);
    find_residuals(&s, rows);
    set_cells(&s, tau_scale);
    *out = s;
    return ADAMAS_OK;
}

/* The inner loops run over specimens, so that the compiler vectorises them. */
void parcel_state_log_density(const parcel_state *s, size_t component, const double *shift, double *out)
{
    size_t d = s->d, n = s->n, in_model = s->component[component];
    double scaled_shift[mixture_max_features];
    triangle_multiply(d, s->model->inverse_cholesky + in_model * d * d, shift, scaled_shift);
    memset(out, 0, n * sizeof *out);
    for (size_t j = 0; j < d; j++) {
        const double *residual = s->residual + (component * d + j) * n;
        for (size_t i = 0; i < n; i++)
            out[i] += (residual[i] - scaled_shift[j]) * (residual[i] - scaled_shift[j]);
    }
    for (size_t i = 0; i < n; i++)
        out[i] = s->model->log_norm[in_model] - out[i] / 2;
}

void parcel_state_update(parcel_state *s, double beta)
{
    double shift[mixture_max_features];
    s->beta = beta;
    for (size_t c = 0; c < s->n_components; c++) {
        size_t k = s->origin_of[c];
        for (size_t j = 0; j < s->d; j++)
            shift[j] = parcel_state_sd(s, k) * s->eta[k * s->d + j];
        parcel_state_log_density(s, c, shift, s->log_density + c * s->n);
        s->log_weight[c] = log(s->theta[k]) + s->model->log_weight[s->component[c]];
    }
    shares_responsibilities(s->n, s->n_components, beta, s->log_density, s->log_weight, s->responsibility, s->total,
                            s->log_scale);
}

double parcel_state_log_likelihood_ratio(parcel_state *s, double beta, const double *log_density,
                                         const double *log_weight)
{
    double sum = 0;
    shares_responsibilities(s->n, s->n_components, beta, log_density, log_weight, s->proposed_responsibility,
                            s->proposed_total, s->proposed_log_scale);
    for (size_t i = 0; i < s->n; i++)
        sum += log(s->proposed_total[i] / s->total[i]) + s->proposed_log_scale[i] - s->log_scale[i];
    return sum;
}

size_t parcel_state_draw_index(parcel_state *s, size_t n, random_stream *r)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        greatest = s->log_cell_weight[i] > greatest ? s->log_cell_weight[i] : greatest;
    for (size_t i = 0; i < n; i++) {
        double relative = s->log_cell_weight[i] - greatest;
        sum += s->log_cell_weight[i] = relative > -40 ? exp(relative) : 0;
    }
    double left = random_uniform(r) * sum;
    size_t chosen = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(s->log_cell_weight[i] > 0))
            continue;
        chosen = i;
        if (left < s->log_cell_weight[i])
            break;
        left -= s->log_cell_weight[i];
    }
    return chosen;
}

size_t parcel_state_poll_stride(const parcel_state *s)
{
    return 1 + 65536 / (s->n * s->n_components * s->d);
}

void parcel_state_free(parcel_state *s)
{
    array list[n_arrays];
    if (!s->model)
        return;
    list_arrays(s, list);
    for (size_t i = 0; i < n_arrays; i++)
        free(*list[i].start);
    free(s->component);
    free(s->origin_of);
    free(s->label);
    free(s->component_count);
    free(s->count);
    *s = (parcel_state){0};
}
