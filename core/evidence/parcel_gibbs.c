#include "evidence/parcel_gibbs.h"

#include "base/memory.h"
#include "base/triangle.h"
#include "evidence/mixture.h"
#include "evidence/parcel_moves.h"
#include "evidence/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status check(const parcel_model *m, size_t n, const double *rows, const double *alpha, double tau_scale,
                           adamas_error *error)
{
    double sum = 0;
    if (n == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "a parcel without measured stones");
    if (!(tau_scale > 0 && tau_scale < INFINITY))
        return status_set(error, ADAMAS_E_ARGUMENT, "tau is scaled by %g; a positive number is needed", tau_scale);
    for (size_t k = 0; k <= m->n_origins; k++) {
        if (!(alpha[k] >= 0 && alpha[k] < INFINITY))
            return status_set(error, ADAMAS_E_ARGUMENT, "the prior weight of origin %zu is %g", k + 1, alpha[k]);
        if (alpha[k] > 0 && k < m->n_origins && m->n_specimens[k] == 0)
            return status_set(error, ADAMAS_E_ARGUMENT, "origin %zu has a prior weight, but no stone", k + 1);
        sum += alpha[k];
    }
    if (!(sum > 0))
        return status_set(error, ADAMAS_E_ARGUMENT, "no origin has a prior weight");
    for (size_t i = 0; i < n * m->d; i++)
        if (!isfinite(rows[i]))
            return status_set(error, ADAMAS_E_DATA, "feature %zu of stone %zu of the parcel is %g", i % m->d + 1,
                              i / m->d + 1, rows[i]);
    return ADAMAS_OK;
}

typedef struct array {
    double **start;
    size_t numbers;
} array;

enum { n_arrays = 28 };

static void list_arrays(parcel_gibbs *g, array *list)
{
    size_t shares = g->n_shares, parts = g->model->n_components, cells = g->n_cells, d = g->d, n = g->n;
    const array all[n_arrays] = {
        {&g->alpha, shares},
        {&g->residual, parts * d * n},
        {&g->log_weight, cells},
        {&g->rho, cells},
        {&g->sigma, cells},
        {&g->sd, shares * cells},
        {&g->log_sd, shares * cells},
        {&g->inverse, shares * cells},
        {&g->mean_variance, shares},
        {&g->middle, shares * d},
        {&g->share, shares},
        {&g->eta, shares * d},
        {&g->log_density, parts * n},
        {&g->log_share, parts},
        {&g->relative, parts * n},
        {&g->total, n},
        {&g->greatest, n},
        {&g->sum, d},
        {&g->pull, shares * d},
        {&g->curvature, shares * d * d},
        {&g->factor, d * d},
        {&g->cell_weight, cells},
        {&g->square, shares},
        {&g->other, parts * n},
        {&g->other_relative, parts * n},
        {&g->other_log_share, parts},
        {&g->other_total, n},
        {&g->other_greatest, n},
    };
    memcpy(list, all, sizeof all);
}

static adamas_status make(parcel_gibbs *g, adamas_error *error)
{
    size_t most = g->model->n_components;
    array list[n_arrays];
    bool whole = true;
    list_arrays(g, list);
    for (size_t i = 0; i < n_arrays; i++)
        whole &= (*list[i].start = memory_new(list[i].numbers, sizeof(double))) != NULL;
    g->part = memory_new(most, sizeof *g->part);
    g->share_of = memory_new(most, sizeof *g->share_of);
    g->label = memory_new(g->n, sizeof *g->label);
    g->part_count = memory_new(most, sizeof *g->part_count);
    g->count = memory_new(g->n_shares, sizeof *g->count);
    if (!whole || !g->part || !g->share_of || !g->label || !g->part_count || !g->count)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void choose_parts(parcel_gibbs *g, const double *alpha)
{
    memcpy(g->alpha, alpha, g->n_shares * sizeof *alpha);
    for (size_t k = 0; k < g->n_shares; k++)
        for (size_t p = g->model->first[k]; alpha[k] > 0 && p < g->model->first[k + 1]; p++) {
            g->part[g->n_components] = p;
            g->share_of[g->n_components++] = k;
            for (size_t j = 0; j < g->d; j++)
                g->middle[k * g->d + j] += exp(g->model->log_weight[p]) * g->model->mean[p * g->d + j];
        }
    g->has_none = alpha[g->n_shares - 1] > 0;
}

static void find_residuals(parcel_gibbs *g, const double *rows)
{
    size_t d = g->d;
    double whitened[mixture_max_features], centred[mixture_max_features], residual[mixture_max_features];
    for (size_t i = 0; i < g->n; i++) {
        memcpy(whitened, rows + i * d, d * sizeof *rows);
        triangle_solve(d, g->model->whiten, whitened);
        for (size_t p = 0; p < g->n_components; p++) {
            for (size_t j = 0; j < d; j++)
                centred[j] = whitened[j] - g->model->mean[g->part[p] * d + j];
            triangle_multiply(d, g->model->inverse_cholesky + g->part[p] * d * d, centred, residual);
            for (size_t j = 0; j < d; j++)
                g->residual[(p * d + j) * g->n + i] = residual[j];
        }
    }
}

static void set_cells(parcel_gibbs *g, double tau_scale)
{
    const parcel_model *m = g->model;
    double sessions = m->n_sessions ? 1 + 1 / (double)m->n_sessions : 1;
    for (size_t c = 0; c < g->n_cells; c++) {
        g->rho[c] = m->ratio.rho[c / m->ratio.n_sigma];
        g->sigma[c] = m->ratio.sigma[c % m->ratio.n_sigma];
        g->log_weight[c] = log(m->ratio.weight[c]);
        for (size_t k = 0; k < g->n_shares; k++) {
            double localities = k < m->n_origins && m->n_localities[k] ? 1 + 1 / (double)m->n_localities[k] : 1;
            double v = k < m->n_origins ? g->rho[c] * localities + g->sigma[c] * sessions
                                        : m->tau * tau_scale + g->rho[c] + g->sigma[c];
            g->mean_variance[k] += m->ratio.weight[c] * v;
            g->sd[k * g->n_cells + c] = sqrt(v);
            g->log_sd[k * g->n_cells + c] = v > 0 ? log(v) / 2 : INFINITY;
            g->inverse[k * g->n_cells + c] = v > 0 ? 1 / v : 0;
        }
    }
}

adamas_status parcel_gibbs_new(parcel_gibbs *out, const parcel_model *model, size_t n, const double *rows,
                               const double *alpha, double tau_scale, adamas_error *error)
{
    *out = (parcel_gibbs){0};
    adamas_status status = check(model, n, rows, alpha, tau_scale, error);
    if (status)
        return status;
    parcel_gibbs g = {.model = model, .n = n, .d = model->d, .n_shares = model->n_origins + 1};
    g.n_cells = model->ratio.n_rho * model->ratio.n_sigma;
    status = make(&g, error);
    if (status) {
        parcel_gibbs_free(&g);
        return status;
    }
    choose_parts(&g, alpha);
    find_residuals(&g, rows);
    set_cells(&g, tau_scale);
    *out = g;
    return ADAMAS_OK;
}

static double sd_of(const parcel_gibbs *g, size_t share)
{
    return g->sd[share * g->n_cells + g->cell];
}

/* The stones stand in the inner loops, which the compiler makes wide. */
void parcel_gibbs_density(const parcel_gibbs *g, size_t p, const double *shift, double *out)
{
    size_t d = g->d, n = g->n, part = g->part[p];
    double moved[mixture_max_features];
    triangle_multiply(d, g->model->inverse_cholesky + part * d * d, shift, moved);
    memset(out, 0, n * sizeof *out);
    for (size_t j = 0; j < d; j++) {
        const double *residual = g->residual + (p * d + j) * n;
        for (size_t i = 0; i < n; i++)
            out[i] += (residual[i] - moved[j]) * (residual[i] - moved[j]);
    }
    for (size_t i = 0; i < n; i++)
        out[i] = g->model->log_norm[part] - out[i] / 2;
}

void parcel_gibbs_weigh(parcel_gibbs *g, double power)
{
    double shift[mixture_max_features];
    g->power = power;
    for (size_t p = 0; p < g->n_components; p++) {
        size_t k = g->share_of[p];
        for (size_t j = 0; j < g->d; j++)
            shift[j] = sd_of(g, k) * g->eta[k * g->d + j];
        parcel_gibbs_density(g, p, shift, g->log_density + p * g->n);
        g->log_share[p] = log(g->share[k]) + g->model->log_weight[g->part[p]];
    }
    shares_weigh(g->n, g->n_components, power, g->log_density, g->log_share, g->relative, g->total, g->greatest);
}

double parcel_gibbs_rise(parcel_gibbs *g, double other)
{
    double sum = 0;
    shares_weigh(g->n, g->n_components, other, g->log_density, g->log_share, g->other_relative, g->other_total,
                 g->other_greatest);
    for (size_t i = 0; i < g->n; i++)
        sum += log(g->other_total[i] / g->total[i]) + g->other_greatest[i] - g->greatest[i];
    return sum;
}

/* Cells of the grid with one variance as it is: those of all rho, or of all sigma. */
typedef struct line {
    size_t first, stride, n;
} line;

static line line_of_rho(const parcel_gibbs *g)
{
    size_t n_sigma = g->model->ratio.n_sigma;
    return (line){.first = g->cell % n_sigma, .stride = n_sigma, .n = g->model->ratio.n_rho};
}

static line line_of_sigma(const parcel_gibbs *g)
{
    size_t n_sigma = g->model->ratio.n_sigma;
    return (line){.first = g->cell / n_sigma * n_sigma, .stride = 1, .n = n_sigma};
}

/* A cell of the line with probability proportional to e^cell_weight[0 ... n-1]; what is e^-40 of the greatest is never
 * drawn. */
static size_t draw_cell(parcel_gibbs *g, line cells, random_stream *r)
{
    double greatest = -INFINITY, sum = 0;
    for (size_t i = 0; i < cells.n; i++)
        greatest = g->cell_weight[i] > greatest ? g->cell_weight[i] : greatest;
    for (size_t i = 0; i < cells.n; i++) {
        double below = g->cell_weight[i] - greatest;
        sum += g->cell_weight[i] = below > -40 ? exp(below) : 0;
    }
    double left = random_uniform(r) * sum;
    size_t chosen = 0;
    for (size_t i = 0; i < cells.n; i++) {
        if (!(g->cell_weight[i] > 0))
            continue;
        chosen = i;
        if (left < g->cell_weight[i])
            break;
        left -= g->cell_weight[i];
    }
    return cells.first + chosen * cells.stride;
}

/* The stones of each origin, as the shift sees them: log likelihood = const + pull . l - l^T curvature l / 2. */
static void collect(parcel_gibbs *g)
{
    size_t d = g->d;
    memset(g->pull, 0, g->n_shares * d * sizeof *g->pull);
    memset(g->curvature, 0, g->n_shares * d * d * sizeof *g->curvature);
    memset(g->count, 0, g->n_shares * sizeof *g->count);
    for (size_t p = 0; p < g->n_components; p++) {
        if (g->part_count[p] == 0)
            continue;
        size_t k = g->share_of[p], part = g->part[p];
        double stones = (double)g->part_count[p];
        for (size_t j = 0; j < d; j++) {
            const double *residual = g->residual + (p * d + j) * g->n;
            double sum = 0;
            for (size_t i = 0; i < g->n; i++)
                sum += g->label[i] == p ? residual[i] : 0;
            g->sum[j] = sum;
        }
        triangle_add_transposed(d, g->model->inverse_cholesky + part * d * d, g->power, g->sum, g->pull + k * d);
        for (size_t i = 0; i < d * d; i++)
            g->curvature[k * d * d + i] += g->power * stones * g->model->precision[part * d * d + i];
        g->count[k] += g->part_count[p];
    }
}

void parcel_gibbs_draw_cell(parcel_gibbs *g, random_stream *r)
{
    g->cell = draw_cell(g, (line){.first = 0, .stride = 1, .n = g->n_cells}, r);
}

static void start_weights(parcel_gibbs *g, line cells)
{
    for (size_t i = 0; i < cells.n; i++)
        g->cell_weight[i] = g->log_weight[cells.first + i * cells.stride];
}

/* Variances given eta: the log likelihood is a parabola in each sd. */
static void draw_variances_by_eta(parcel_gibbs *g, line cells, random_stream *r)
{
    size_t d = g->d;
    if (cells.n == 1)
        return;
    start_weights(g, cells);
    for (size_t k = 0; k < g->n_shares; k++) {
        if (g->count[k] == 0)
            continue;
        const double *eta = g->eta + k * d, *sd = g->sd + k * g->n_cells + cells.first;
        double slope = 0, bend = 0;
        for (size_t i = 0; i < d; i++) {
            slope += g->pull[k * d + i] * eta[i];
            for (size_t j = 0; j < d; j++)
                bend += eta[i] * g->curvature[(k * d + i) * d + j] * eta[j];
        }
        for (size_t i = 0; i < cells.n; i++)
            g->cell_weight[i] += sd[i * cells.stride] * (slope - sd[i * cells.stride] * bend / 2);
    }
    g->cell = draw_cell(g, cells, r);
}

/* Variances given the shifts of the origins that have stones (and eta of the others), where none of these is 0. */
static void draw_variances_by_shift(parcel_gibbs *g, line cells, random_stream *r)
{
    size_t d = g->d, before = g->cell;
    if (cells.n == 1)
        return;
    for (size_t k = 0; k < g->n_shares; k++)
        if (g->count[k] > 0 && sd_of(g, k) == 0)
            return;
    start_weights(g, cells);
    for (size_t k = 0; k < g->n_shares; k++) {
        if (g->count[k] == 0)
            continue;
        const double *log_sd = g->log_sd + k * g->n_cells + cells.first;
        const double *inverse = g->inverse + k * g->n_cells + cells.first;
        double square = 0;
        for (size_t j = 0; j < d; j++)
            square += g->eta[k * d + j] * g->eta[k * d + j];
        square /= g->inverse[k * g->n_cells + before];
        for (size_t i = 0; i < cells.n; i++)
            g->cell_weight[i] -= (double)d * log_sd[i * cells.stride] + square * inverse[i * cells.stride] / 2;
    }
    g->cell = draw_cell(g, cells, r);
    for (size_t k = 0; k < g->n_shares; k++)
        for (size_t j = 0; g->count[k] > 0 && j < d; j++)
            g->eta[k * d + j] *= g->sd[k * g->n_cells + before] / sd_of(g, k);
}

/* eta given labels and variances: precision 1 + sd^2 curvature. */
static void draw_shifts(parcel_gibbs *g, random_stream *r)
{
    size_t d = g->d;
    for (size_t k = 0; k < g->n_shares; k++) {
        if (!(g->alpha[k] > 0))
            continue;
        double *eta = g->eta + k * d, sd = sd_of(g, k);
        const double *curvature = g->curvature + k * d * d;
        if (g->count[k] == 0 || sd == 0) {
            for (size_t j = 0; j < d; j++)
                eta[j] = random_normal(r);
            continue;
        }
        for (size_t i = 0; i < d * d; i++)
            g->factor[i] = sd * sd * curvature[i] + (i % (d + 1) == 0);
        triangle_cholesky(d, g->factor); /* 1 + a matrix without negative eigenvalues: it succeeds */
        for (size_t j = 0; j < d; j++)
            eta[j] = sd * g->pull[k * d + j];
        triangle_solve(d, g->factor, eta);
        for (size_t j = 0; j < d; j++)
            eta[j] += random_normal(r);
        triangle_solve_transposed(d, g->factor, eta);
    }
}

void parcel_gibbs_step(parcel_gibbs *g, random_stream *r)
{
    shares_draw_labels(g->n, g->n_components, g->relative, g->total, r, g->label, g->part_count);
    collect(g);
    draw_variances_by_eta(g, line_of_rho(g), r);
    draw_variances_by_eta(g, line_of_sigma(g), r);
    draw_shifts(g, r);
    draw_variances_by_shift(g, line_of_rho(g), r);
    draw_variances_by_shift(g, line_of_sigma(g), r);
    shares_draw(g->n_shares, g->alpha, g->count, r, g->share);
    parcel_gibbs_weigh(g, g->power);
    parcel_move_none(g, r);
    parcel_move_exchange(g, r);
}

size_t parcel_gibbs_stride(const parcel_gibbs *g)
{
    return 1 + 65536 / (g->n * g->n_components * g->d);
}

void parcel_gibbs_start_prior(parcel_gibbs *g, random_stream *r)
{
    memset(g->count, 0, g->n_shares * sizeof *g->count);
    shares_draw(g->n_shares, g->alpha, g->count, r, g->share);
    memcpy(g->cell_weight, g->log_weight, g->n_cells * sizeof *g->log_weight);
    parcel_gibbs_draw_cell(g, r);
    draw_shifts(g, r);
}

/* Densities of the shares without shifts, from those of their parts; column[n_shares] are the shares in use. */
static size_t add_parts(parcel_gibbs *g, size_t *column)
{
    size_t n_columns = 0;
    for (size_t p = 0; p < g->n_components; p++) {
        bool next = p == 0 || g->share_of[p] != g->share_of[p - 1];
        n_columns += next;
        column[n_columns - 1] = g->share_of[p];
        double *out = g->other + (n_columns - 1) * g->n;
        for (size_t i = 0; i < g->n; i++) {
            double term = g->log_density[p * g->n + i] + g->model->log_weight[g->part[p]];
            double greatest = next ? term : fmax(out[i], term);
            out[i] = next ? term : greatest + log(exp(out[i] - greatest) + exp(term - greatest));
        }
    }
    return n_columns;
}

adamas_status parcel_gibbs_start_likeliest(parcel_gibbs *g, work *w, adamas_error *error)
{
    size_t *column = memory_new(g->n_components, sizeof *column);
    double *share = memory_new(g->n_components, sizeof *share);
    adamas_status status = column && share ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        memset(g->eta, 0, g->n_shares * g->d * sizeof *g->eta);
        for (size_t k = 0; k < g->n_shares; k++)
            g->share[k] = 0;
        for (size_t c = g->cell = 0; c < g->n_cells; c++)
            g->cell = g->log_weight[c] > g->log_weight[g->cell] ? c : g->cell;
        parcel_gibbs_weigh(g, 1);
        size_t n_columns = add_parts(g, column);
        status = shares_maximise(g->n, n_columns, g->other, NULL, share, w, error);
        for (size_t c = 0; !status && c < n_columns; c++)
            g->share[column[c]] = share[c];
    }
    free(share);
    free(column);
    return status;
}

void parcel_gibbs_free(parcel_gibbs *g)
{
    array list[n_arrays];
    if (!g->model)
        return;
    list_arrays(g, list);
    for (size_t i = 0; i < n_arrays; i++)
        free(*list[i].start);
    free(g->part);
    free(g->share_of);
    free(g->label);
    free(g->part_count);
    free(g->count);
    *g = (parcel_gibbs){0};
}
