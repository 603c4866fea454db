/* The restricted likelihood on a grid of variances, by mixed-model equations with the localities absorbed. */
#include "evidence/variance_ratio.h"

#include "base/blas_threads.h"
#include "base/linalg.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sufficient statistics of the specimens, and the mixed-model equations with the effects of localities absorbed. With X
 * and Z_s the indicators of origins and of sessions, Z_l those of localities and A = (1 + rho Z_l Z_l^T)^-1 = 1 - Z_l
 * diag(rho / (1 + rho n_g)) Z_l^T, they are those of the fixed effects X and the session effects Z_s sqrt(sigma) in the
 * metric A. */
typedef struct statistics {
    size_t d, n_origins, n_localities, n_sessions; /* n_sessions is 0 if they are not known */
    size_t size;                                   /* n_origins + n_sessions */
    double *n_specimens;                           /* [n_localities] */
    size_t *origin;                                /* [n_localities] */
    double *cell;                                  /* [n_localities, n_sessions]: numbers of specimens */
    double *locality_sum, *session_sum;            /* [n_localities, d], [n_sessions, d]: of y less its origin's mean */
    double square;                                 /* the sum of squares of all y less their origins' means */
    double *left, *right;                          /* [size, size], [size, d]: the equations at sigma = 1, less the 1 of
                                                      the sessions' own precision */
    double log_determinant;                        /* of A^-1 */
    double rest;                                   /* tr(y^T A y) */
    double *scaled_left, *scaled_right;            /* at sigma */
} statistics;

static bool has_sessions(size_t n, const size_t *session)
{
    bool two = false;
    for (size_t i = 0; session && i < n; i++)
        two |= session[i] != session[0];
    return two;
}

static void fill_grid(size_t *n, double *value, bool known)
{
    *n = known ? variance_ratio_steps : 1;
    value[0] = 0;
    for (size_t i = 1; i < *n; i++)
        value[i] = 0.003 * pow(1000, (double)(i - 1) / (variance_ratio_steps - 2));
}

static adamas_status make(statistics *c, adamas_error *error)
{
    c->size = c->n_origins + c->n_sessions;
    c->n_specimens = memory_new(c->n_localities, sizeof *c->n_specimens);
    c->origin = memory_new(c->n_localities, sizeof *c->origin);
    c->cell = memory_new(c->n_localities * c->n_sessions, sizeof *c->cell);
    c->locality_sum = memory_new(c->n_localities * c->d, sizeof *c->locality_sum);
    c->session_sum = memory_new(c->n_sessions * c->d, sizeof *c->session_sum);
    c->left = memory_new(c->size * c->size, sizeof *c->left);
    c->right = memory_new(c->size * c->d, sizeof *c->right);
    c->scaled_left = memory_new(c->size * c->size, sizeof *c->scaled_left);
    c->scaled_right = memory_new(c->size * c->d, sizeof *c->scaled_right);
    if (!c->n_specimens || !c->origin || !c->cell || !c->locality_sum || !c->session_sum || !c->left || !c->right ||
        !c->scaled_left || !c->scaled_right)
        return status_no_memory(error);
    return ADAMAS_OK;
}

static void destroy(statistics *c)
{
    free(c->n_specimens);
    free(c->origin);
    free(c->cell);
    free(c->locality_sum);
    free(c->session_sum);
    free(c->left);
    free(c->right);
    free(c->scaled_left);
    free(c->scaled_right);
}

/* mean[n_origins, d]. The fixed effects take up the origins' means; to subtract them first costs no digits later. */
static void find_means(const statistics *c, size_t n, const double *y, const size_t *origin, double *mean)
{
    for (size_t k = 0; k < c->n_origins; k++) {
        size_t specimens = 0;
        for (size_t i = 0; i < n; i++) {
            specimens += origin[i] == k;
            for (size_t j = 0; origin[i] == k && j < c->d; j++)
                mean[k * c->d + j] += y[i * c->d + j];
        }
        for (size_t j = 0; specimens && j < c->d; j++)
            mean[k * c->d + j] /= (double)specimens;
    }
}

static void count(statistics *c, size_t n, const double *y, const size_t *origin, const size_t *locality,
                  const size_t *session, const double *mean)
{
    for (size_t i = 0; i < n; i++) {
        size_t g = locality[i];
        c->n_specimens[g]++;
        c->origin[g] = origin[i];
        if (c->n_sessions)
            c->cell[g * c->n_sessions + session[i]]++;
        for (size_t j = 0; j < c->d; j++) {
            double centred = y[i * c->d + j] - mean[origin[i] * c->d + j];
            c->locality_sum[g * c->d + j] += centred;
            if (c->n_sessions)
                c->session_sum[session[i] * c->d + j] += centred;
            c->square += centred * centred;
        }
    }
}

/* One locality's contribution to the equations' lower triangle and right side. */
static void absorb_locality(statistics *c, size_t g, double rho)
{
    double n = c->n_specimens[g], kept = 1 / (1 + rho * n), taken = rho * kept;
    size_t k = c->origin[g];
    const double *cell = c->cell + g * c->n_sessions, *sum = c->locality_sum + g * c->d;
    c->log_determinant += log(1 + rho * n);
    c->left[k * c->size + k] += n * kept;
    for (size_t j = 0; j < c->d; j++) {
        c->right[k * c->d + j] += sum[j] * kept;
        c->rest -= taken * sum[j] * sum[j];
    }
    for (size_t s = 0; s < c->n_sessions; s++) {
        if (cell[s] == 0)
            continue;
        double *row = c->left + (c->n_origins + s) * c->size;
        row[k] += cell[s] * kept;
        row[c->n_origins + s] += cell[s];
        for (size_t t = 0; t <= s; t++)
            row[c->n_origins + t] -= taken * cell[s] * cell[t];
        for (size_t j = 0; j < c->d; j++)
            c->right[(c->n_origins + s) * c->d + j] -= taken * cell[s] * sum[j];
    }
}

static void absorb_localities(statistics *c, double rho)
{
    memset(c->left, 0, c->size * c->size * sizeof *c->left);
    memset(c->right, 0, c->n_origins * c->d * sizeof *c->right);
    memcpy(c->right + c->n_origins * c->d, c->session_sum, c->n_sessions * c->d * sizeof *c->right);
    c->log_determinant = 0;
    c->rest = c->square;
    for (size_t g = 0; g < c->n_localities; g++)
        if (c->n_specimens[g] > 0)
            absorb_locality(c, g, rho);
    for (size_t k = 0; k < c->n_origins; k++) /* an origin without specimens is an equation by itself */
        if (c->left[k * c->size + k] == 0)
            c->left[k * c->size + k] = 1;
}

/* -2 l = d (ln|V| + ln|X^T V^-1 X|) + tr(y^T P y) = d (ln|A^-1| + ln|C|) + tr(y^T A y) - tr(r^T C^-1 r), C and r the
 * left and right side at sigma. NaN if C is singular. */
static double restricted(statistics *c, double sigma)
{
    double root = sqrt(sigma), squares = 0, log_determinant = c->log_determinant;
    for (size_t a = 0; a < c->size; a++) {
        double own = a < c->n_origins ? 1 : root;
        for (size_t b = 0; b <= a; b++)
            c->scaled_left[a * c->size + b] = own * (b < c->n_origins ? 1 : root) * c->left[a * c->size + b];
        c->scaled_left[a * c->size + a] += a >= c->n_origins;
        for (size_t j = 0; j < c->d; j++)
            c->scaled_right[a * c->d + j] = own * c->right[a * c->d + j];
    }
    if (linalg_cholesky(c->size, c->scaled_left, NULL))
        return NAN;
    linalg_solve_lower(c->size, c->scaled_left, c->d, c->scaled_right);
    for (size_t a = 0; a < c->size; a++)
        log_determinant += 2 * log(c->scaled_left[a * c->size + a]);
    for (size_t i = 0; i < c->size * c->d; i++)
        squares += c->scaled_right[i] * c->scaled_right[i];
    return -((double)c->d * log_determinant + c->rest - squares) / 2;
}

/* Cells whose likelihood is less than a thousandth of the greatest have no weight, so the sampler never visits them. */
static const double min_log_likelihood = -6.9;

static void set_weights(variance_ratio *v)
{
    size_t cells = v->n_rho * v->n_sigma;
    double greatest = -INFINITY, sum = 0;
    for (size_t i = 0; i < cells; i++)
        greatest = fmax(greatest, v->log_likelihood[i]);
    for (size_t i = 0; i < cells; i++) {
        v->log_likelihood[i] -= greatest;
        sum += v->weight[i] = v->log_likelihood[i] > min_log_likelihood ? exp(v->log_likelihood[i]) : 0;
    }
    for (size_t i = 0; i < cells; i++) {
        v->weight[i] /= sum;
        v->rho_mean += v->weight[i] * v->rho[i / v->n_sigma];
        v->sigma_mean += v->weight[i] * v->sigma[i % v->n_sigma];
    }
}

static adamas_status fill(variance_ratio *v, statistics *c, adamas_error *error)
{
    for (size_t i = 0; i < v->n_rho; i++) {
        absorb_localities(c, v->rho[i]);
        for (size_t j = 0; j < v->n_sigma; j++) {
            double value = restricted(c, v->sigma[j]);
            if (!isfinite(value))
                return status_set(error, ADAMAS_E_DATA, "the variances of localities and sessions are not determined");
            v->log_likelihood[i * v->n_sigma + j] = value;
        }
    }
    set_weights(v);
    return ADAMAS_OK;
}

/* Whether some origin has specimens of two localities. */
static bool has_localities(const statistics *c)
{
    for (size_t g = 0; g < c->n_localities; g++)
        for (size_t h = 0; h < g; h++)
            if (c->n_specimens[g] > 0 && c->n_specimens[h] > 0 && c->origin[g] == c->origin[h])
                return true;
    return false;
}

adamas_status variance_ratio_fit(variance_ratio *out, size_t n, size_t d, const double *y, size_t n_origins,
                                 const size_t *origin, size_t n_localities, const size_t *locality, size_t n_sessions,
                                 const size_t *session, adamas_error *error)
{
    *out = (variance_ratio){.sigma_known = has_sessions(n, session)};
    statistics c = {.d = d, .n_origins = n_origins, .n_localities = n_localities};
    c.n_sessions = out->sigma_known ? n_sessions : 0;
    double *mean = memory_new(n_origins * d, sizeof *mean);
    adamas_status status = mean ? make(&c, error) : status_no_memory(error);
    if (!status) {
        find_means(&c, n, y, origin, mean);
        count(&c, n, y, origin, locality, session, mean);
        out->rho_known = has_localities(&c);
        fill_grid(&out->n_rho, out->rho, out->rho_known);
        fill_grid(&out->n_sigma, out->sigma, out->sigma_known);
        blas_threads_limit();
        status = fill(out, &c, error);
        blas_threads_restore();
    }
    free(mean);
    destroy(&c);
    return status;
}
