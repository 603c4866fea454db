/* Gibbs steps: labels, variances, shifts and shares from their full conditional distributions. */
#include "evidence/parcel_gibbs.h"

#include "base/memory.h"
#include "base/triangle.h"
#include "evidence/mixture.h"
#include "evidence/parcel_moves.h"
#include "evidence/shares.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Cells of the grid that differ in one variance only: those of all rho, or of all sigma. */
typedef struct line {
    size_t first, stride, n;
} line;

static line line_of_rho(const parcel_state *s)
{
    size_t n_sigma = s->model->ratio.n_sigma;
    return (line){.first = s->cell % n_sigma, .stride = n_sigma, .n = s->model->ratio.n_rho};
}

static line line_of_sigma(const parcel_state *s)
{
    size_t n_sigma = s->model->ratio.n_sigma;
    return (line){.first = s->cell / n_sigma * n_sigma, .stride = 1, .n = n_sigma};
}

/* The cell of a line with probability proportional to exp(log_cell_weight[0 ... n-1]). */
static size_t draw_cell(parcel_state *s, line cells, random_stream *r)
{
    return cells.first + parcel_state_draw_index(s, cells.n, r) * cells.stride;
}

/* The log likelihood of each origin's specimens as a function of its shift l:
 * const + score . l - l^T information l / 2. */
static void update_score_and_information(parcel_state *s)
{
    size_t d = s->d;
    memset(s->score, 0, s->n_shares * d * sizeof *s->score);
    memset(s->information, 0, s->n_shares * d * d * sizeof *s->information);
    memset(s->count, 0, s->n_shares * sizeof *s->count);
    for (size_t c = 0; c < s->n_components; c++) {
        if (s->component_count[c] == 0)
            continue;
        size_t k = s->origin_of[c], in_model = s->component[c];
        double specimens = (double)s->component_count[c];
        for (size_t j = 0; j < d; j++) {
            const double *residual = s->residual + (c * d + j) * s->n;
            double sum = 0;
            for (size_t i = 0; i < s->n; i++)
                sum += s->label[i] == c ? residual[i] : 0;
            s->sum[j] = sum;
        }
        triangle_add_transposed(d, s->model->inverse_cholesky + in_model * d * d, s->beta, s->sum, s->score + k * d);
        for (size_t i = 0; i < d * d; i++)
            s->information[k * d * d + i] += s->beta * specimens * s->model->precision[in_model * d * d + i];
        s->count[k] += s->component_count[c];
    }
}

static void start_from_prior(parcel_state *s, line cells)
{
    for (size_t i = 0; i < cells.n; i++)
        s->log_cell_weight[i] = s->log_prior[cells.first + i * cells.stride];
}

/* One variance given eta: the log likelihood is quadratic in the sd of each shift. */
static void draw_variance_given_eta(parcel_state *s, line cells, random_stream *r)
{
    size_t d = s->d;
    if (cells.n == 1)
        return;
    start_from_prior(s, cells);
    for (size_t k = 0; k < s->n_shares; k++) {
        if (s->count[k] == 0)
            continue;
        const double *eta = s->eta + k * d, *sd = s->sd + k * s->n_cells + cells.first;
        double linear = 0, quadratic = 0;
        for (size_t i = 0; i < d; i++) {
            linear += s->score[k * d + i] * eta[i];
            for (size_t j = 0; j < d; j++)
                quadratic += eta[i] * s->information[(k * d + i) * d + j] * eta[j];
        }
        for (size_t i = 0; i < cells.n; i++)
            s->log_cell_weight[i] += sd[i * cells.stride] * (linear - sd[i * cells.stride] * quadratic / 2);
    }
    s->cell = draw_cell(s, cells, r);
}

/* One variance given the shifts of the origins that have specimens, and eta of the others. It is left as it is if one
 * of these shifts is 0 for certain. */
static void draw_variance_given_shifts(parcel_state *s, line cells, random_stream *r)
{
    size_t d = s->d, before = s->cell;
    if (cells.n == 1)
        return;
    for (size_t k = 0; k < s->n_shares; k++)
        if (s->count[k] > 0 && parcel_state_sd(s, k) == 0)
            return;
    start_from_prior(s, cells);
    for (size_t k = 0; k < s->n_shares; k++) {
        if (s->count[k] == 0)
            continue;
        const double *log_sd = s->log_sd + k * s->n_cells + cells.first;
        const double *precision = s->precision + k * s->n_cells + cells.first;
        double square = 0;
        for (size_t j = 0; j < d; j++)
            square += s->eta[k * d + j] * s->eta[k * d + j];
        square /= s->precision[k * s->n_cells + before];
        for (size_t i = 0; i < cells.n; i++)
            s->log_cell_weight[i] -= (double)d * log_sd[i * cells.stride] + square * precision[i * cells.stride] / 2;
    }
    s->cell = draw_cell(s, cells, r);
    for (size_t k = 0; k < s->n_shares; k++)
        for (size_t j = 0; s->count[k] > 0 && j < d; j++)
            s->eta[k * d + j] *= s->sd[k * s->n_cells + before] / parcel_state_sd(s, k);
}

/* eta given labels and variances: normal with precision 1 + sd^2 information and mean precision^-1 sd score. */
static void draw_shifts(parcel_state *s, random_stream *r)
{
    size_t d = s->d;
    for (size_t k = 0; k < s->n_shares; k++) {
        if (!(s->alpha[k] > 0))
            continue;
        double *eta = s->eta + k * d, sd = parcel_state_sd(s, k);
        const double *information = s->information + k * d * d;
        if (s->count[k] == 0 || sd == 0) {
            for (size_t j = 0; j < d; j++)
                eta[j] = random_normal(r);
            continue;
        }
        for (size_t i = 0; i < d * d; i++)
            s->cholesky[i] = sd * sd * information[i] + (i % (d + 1) == 0);
        triangle_cholesky(d, s->cholesky); /* of 1 + a matrix without negative eigenvalues: it succeeds */
        for (size_t j = 0; j < d; j++)
            eta[j] = sd * s->score[k * d + j];
        triangle_solve(d, s->cholesky, eta);
        for (size_t j = 0; j < d; j++)
            eta[j] += random_normal(r);
        triangle_solve_transposed(d, s->cholesky, eta);
    }
}

void parcel_gibbs_step(parcel_state *s, random_stream *r)
{
    shares_draw_labels(s->n, s->n_components, s->responsibility, s->total, r, s->label, s->component_count);
    update_score_and_information(s);
    draw_variance_given_eta(s, line_of_rho(s), r);
    draw_variance_given_eta(s, line_of_sigma(s), r);
    draw_shifts(s, r);
    draw_variance_given_shifts(s, line_of_rho(s), r);
    draw_variance_given_shifts(s, line_of_sigma(s), r);
    shares_draw(s->n_shares, s->alpha, s->count, r, s->theta);
    parcel_state_update(s, s->beta);
    parcel_move_none(s, r);
    parcel_move_exchange(s, r);
}

void parcel_gibbs_start_prior(parcel_state *s, random_stream *r)
{
    memset(s->count, 0, s->n_shares * sizeof *s->count);
    shares_draw(s->n_shares, s->alpha, s->count, r, s->theta);
    memcpy(s->log_cell_weight, s->log_prior, s->n_cells * sizeof *s->log_prior);
    s->cell = parcel_state_draw_index(s, s->n_cells, r);
    draw_shifts(s, r);
}

/* Log densities of the specimens under each origin in use, from those of its components, to proposed_log_density[*,
 * n]; origin[n_shares] are the origins in use. Returns their number. */
static size_t add_components(parcel_state *s, size_t *origin)
{
    size_t n_used = 0;
    for (size_t c = 0; c < s->n_components; c++) {
        bool first = c == 0 || s->origin_of[c] != s->origin_of[c - 1];
        n_used += first;
        origin[n_used - 1] = s->origin_of[c];
        double *out = s->proposed_log_density + (n_used - 1) * s->n;
        for (size_t i = 0; i < s->n; i++) {
            double term = s->log_density[c * s->n + i] + s->model->log_weight[s->component[c]];
            double greatest = first ? term : fmax(out[i], term);
            out[i] = first ? term : greatest + log(exp(out[i] - greatest) + exp(term - greatest));
        }
    }
    return n_used;
}

adamas_status parcel_gibbs_start_maximum_likelihood(parcel_state *s, work *w, adamas_error *error)
{
    size_t *origin = memory_new(s->n_components, sizeof *origin);
    double *share = memory_new(s->n_components, sizeof *share);
    adamas_status status = origin && share ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        memset(s->eta, 0, s->n_shares * s->d * sizeof *s->eta);
        for (size_t k = 0; k < s->n_shares; k++)
            s->theta[k] = 0;
        for (size_t c = s->cell = 0; c < s->n_cells; c++)
            s->cell = s->log_prior[c] > s->log_prior[s->cell] ? c : s->cell;
        parcel_state_update(s, 1);
        size_t n_used = add_components(s, origin);
        status = shares_maximise(s->n, n_used, s->proposed_log_density, NULL, share, w, error);
        for (size_t c = 0; !status && c < n_used; c++)
            s->theta[origin[c]] = share[c];
    }
    free(share);
    free(origin);
    return status;
}
