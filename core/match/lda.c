/* Linear discriminant analysis on specimens' means: each origin normal around its mean with the covariance pooled over
 * origins, divisor specimens - origins, no shrinkage: scikit-learn's LinearDiscriminantAnalysis. The number of shots
 * has no influence. It needs at least components + origins specimens. */
#include "match/matchers.h"

#include "base/linalg.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct lda {
    size_t n_origins, p;
    double *mean;  /* [n_origins, p] */
    double *lower; /* [p, p]: Cholesky factor of the pooled covariance */
    double *prior; /* [n_origins]; during the fit the number of specimens of each origin */
    double *white; /* [n_origins, p]: whitened means L^-1 mean, so that distances are Euclidean */
    double log_norm;
} lda;

static const step_parameter parameters[] = {
    {.name = "priors", .low = 1, .words = "training|equal", .fallback_word = "training"},
};

static void destroy(void *state)
{
    lda *m = state;
    if (!m)
        return;
    free(m->mean);
    free(m->lower);
    free(m->prior);
    free(m->white);
    free(m);
}

static void *reserve(size_t n_origins, size_t p, size_t rows)
{
    (void)rows;
    lda *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (lda){.n_origins = n_origins, .p = p};
    m->mean = memory_new(n_origins, p * sizeof *m->mean);
    m->lower = memory_new(p, p * sizeof *m->lower);
    m->prior = memory_new(n_origins, sizeof *m->prior);
    m->white = memory_new(n_origins, p * sizeof *m->white);
    if (m->mean && m->lower && m->prior && m->white)
        return m;
    destroy(m);
    return NULL;
}

static void pool(lda *m, const match_data *d, double *r)
{
    double f = (double)d->n_specimens - (double)d->n_origins;
    for (size_t i = 0; i < d->n_specimens; i++) {
        for (size_t a = 0; a < m->p; a++)
            r[a] = d->mean[i * d->n_components + a] - m->mean[d->origin[i] * m->p + a];
        for (size_t a = 0; a < m->p; a++)
            for (size_t b = 0; b <= a; b++)
                m->lower[a * m->p + b] += r[a] * r[b] / f;
    }
}

/* The whitened means and the normalising constant, from the means and the factor. */
static void find_derived(lda *m)
{
    memcpy(m->white, m->mean, m->n_origins * m->p * sizeof *m->white);
    for (size_t k = 0; k < m->n_origins; k++)
        linalg_solve_lower(m->p, m->lower, 1, m->white + k * m->p);
    m->log_norm = (double)m->p / 2 * log(2 * M_PI);
    for (size_t a = 0; a < m->p; a++)
        m->log_norm += log(m->lower[a * m->p + a]);
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    *state = NULL;
    if (d->n_specimens < d->n_origins + p)
        return status_set(
            error, ADAMAS_E_DATA,
            "lda on %zu components of %zu origins needs %zu training specimens, %zu found (twolevel needs fewer)", p,
            d->n_origins, d->n_origins + p, d->n_specimens);
    lda *m = reserve(d->n_origins, p, 0);
    double *r = memory_new(p, sizeof *r);
    adamas_status status = m && r ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        match_origin_means(d, p, m->mean, m->prior);
        pool(m, d, r);
        for (size_t k = 0; k < m->n_origins; k++)
            m->prior[k] =
                step_value_is(values[0], "equal") ? 1 / (double)m->n_origins : m->prior[k] / (double)d->n_specimens;
        status = linalg_cholesky(p, m->lower, error);
    }
    free(r);
    if (status) {
        destroy(m);
        return status;
    }
    find_derived(m);
    *state = m;
    return ADAMAS_OK;
}

static void peak(const void *state, size_t n_shots, double *out)
{
    (void)n_shots;
    const lda *m = state;
    for (size_t k = 0; k < m->n_origins; k++)
        out[k] = -m->log_norm;
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    const lda *m = state;
    peak(m, n_shots, log_density);
    memcpy(scratch, mean, m->p * sizeof *scratch);
    linalg_solve_lower(m->p, m->lower, 1, scratch);
    for (size_t k = 0; k < m->n_origins; k++)
        for (size_t a = 0; a < m->p; a++) {
            double d = scratch[a] - m->white[k * m->p + a];
            log_density[k] -= d * d / 2;
        }
}

static void prior(const void *state, double *out)
{
    const lda *m = state;
    memcpy(out, m->prior, m->n_origins * sizeof *out);
}

static size_t fields(void *state, match_field out[MATCH_MAX_FIELDS])
{
    lda *m = state;
    const match_field all[] = {{"mean", m->n_origins, m->p, m->mean},
                               {"covariance_cholesky", m->p, m->p, m->lower},
                               {"prior", m->n_origins, 0, m->prior}};
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

static adamas_status complete(void *state, const char *file, const char *group, adamas_error *error)
{
    (void)file;
    (void)group;
    (void)error;
    find_derived(state);
    return ADAMAS_OK;
}

const match lda_match = {.name = "lda",
                         .summary = "linear discriminant analysis on specimens' means, as scikit-learn's",
                         .n_parameters = 1,
                         .parameters = parameters,
                         .fit = fit,
                         .density = density,
                         .peak = peak,
                         .prior = prior,
                         .reserve = reserve,
                         .fields = fields,
                         .complete = complete,
                         .destroy = destroy};
