/* Two-level normal model (after Aitken & Lucy 2004, with normal origins): a specimen's mean score over n shots is
 * normal around its origin's mean with covariance B + W/n, B between the specimens of an origin and W between the shots
 * of a specimen, both pooled over origins, and the density is predictive: Student's t, with the variance of an origin's
 * mean of S_k specimens added.
 *
 * Shrinkage. With p components and S specimens of K origins the covariance T of specimens' means has S - K degrees of
 * freedom, often no more than p. T and W are each shrunk to their own diagonal by Schaefer & Strimmer's (2005) estimate
 * for covariances (their target D): components are uncorrelated over all shots by construction, so that they are also
 * uncorrelated within origins is the natural prior, while their variances differ by orders of magnitude and must not be
 * shrunk (a target proportional to the identity was worse on every set that was tried).
 *
 * B. In the basis that makes W the identity and T diagonal, B = max(T - hW, 0) where h is the mean of 1/n over the
 * specimens (truncated eigenvalues: Amemiya 1985). If there are too few shots to estimate W (one shot a specimen, or
 * fewer degrees of freedom than specimens have), W = 0 and B = T: T then contains both covariances, and a specimen is
 * treated as if it had as many shots as the library's.
 *
 * Degrees of freedom. The predictive t of an unshrunk covariance with f = S - K degrees of freedom has nu = f - p + 1;
 * a diagonal one is f + 1 on each component alone. Shrunk by lambda: nu = max(f - (1 - lambda)p + 1, 1), scale f/nu. */
#include "match/matchers.h"
#include "match/spread.h"
#include "match/student.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct twolevel {
    size_t n_origins, p;
    student t;                  /* nu, its scale f / nu, and the norm */
    spread spread;              /* W and B, and their axes */
    double *mean;               /* [n_origins, p]: origins' means on those axes */
    double *specimens;          /* [n_origins]: S_k */
    double *mean_inverse_shots; /* [n_origins]: h_k, the mean of 1/n over an origin's specimens */
    double numbers[4];          /* as the model file holds them: freedom, scale, spread.has_within, log_norm */
} twolevel;

static void destroy(void *state)
{
    twolevel *m = state;
    if (!m)
        return;
    spread_clear(&m->spread);
    free(m->mean);
    free(m->specimens);
    free(m->mean_inverse_shots);
    free(m);
}

static void *reserve(size_t n_origins, size_t p, size_t rows)
{
    (void)rows;
    twolevel *m = memory_new(1, sizeof *m);
    if (!m)
        return NULL;
    *m = (twolevel){.n_origins = n_origins, .p = p};
    m->mean = memory_new(n_origins, p * sizeof *m->mean);
    m->specimens = memory_new(n_origins, sizeof *m->specimens);
    m->mean_inverse_shots = memory_new(n_origins, sizeof *m->mean_inverse_shots);
    if (m->mean && m->specimens && m->mean_inverse_shots && !spread_reserve(&m->spread, p, NULL))
        return m;
    destroy(m);
    return NULL;
}

/* r[p]: scratch. */
static adamas_status estimate(twolevel *m, const match_data *d, double *r, adamas_error *error)
{
    match_origin_means(d, m->p, m->mean, m->specimens);
    match_mean_inverse_shots(d, m->specimens, m->mean_inverse_shots);
    adamas_status status = spread_fit(&m->spread, d, m->mean, m->specimens, error);
    if (status)
        return status;
    for (size_t k = 0; k < m->n_origins; k++) {
        spread_project(&m->spread, m->mean + k * m->p, r);
        memcpy(m->mean + k * m->p, r, m->p * sizeof *r);
    }
    double f = m->spread.freedom, nu = student_freedom(f, m->spread.shrinkage, m->p);
    m->t = student_make(nu, f / nu, m->p, m->spread.log_determinant);
    const double numbers[] = {m->t.freedom, m->t.scale, m->spread.has_within, m->t.log_norm};
    memcpy(m->numbers, numbers, sizeof numbers);
    return ADAMAS_OK;
}

static adamas_status fit(void **state, const step_value *values, const match_data *d, size_t p, adamas_error *error)
{
    (void)values;
    *state = NULL;
    twolevel *m = reserve(d->n_origins, p, 0);
    double *r = memory_new(p, sizeof *r);
    adamas_status status = m && r ? estimate(m, d, r, error) : status_no_memory(error);
    if (status)
        destroy(m);
    else
        *state = m;
    free(r);
    return status;
}

/* Variance of a mean over n_shots shots of origin k on axis a, with that of the origin's estimated mean. */
static double variance(const twolevel *m, size_t k, size_t a, size_t n_shots)
{
    const spread *s = &m->spread;
    double shots = s->has_within * (1 / (double)n_shots + m->mean_inverse_shots[k] / m->specimens[k]);
    return m->t.scale * (s->between[a] * (1 + 1 / m->specimens[k]) + shots);
}

static void peak(const void *state, size_t n_shots, double *out)
{
    const twolevel *m = state;
    for (size_t k = 0; k < m->n_origins; k++) {
        out[k] = m->t.log_norm;
        for (size_t a = 0; a < m->p; a++)
            out[k] -= log(variance(m, k, a, n_shots)) / 2;
    }
}

static void density(const void *state, const double *mean, size_t n_shots, double *log_density, double *scratch)
{
    const twolevel *m = state;
    spread_project(&m->spread, mean, scratch);
    peak(m, n_shots, log_density);
    for (size_t k = 0; k < m->n_origins; k++) {
        double distance = 0;
        for (size_t a = 0; a < m->p; a++) {
            double u = scratch[a] - m->mean[k * m->p + a];
            distance += u * u / variance(m, k, a, n_shots);
        }
        log_density[k] = student_log_density(&m->t, m->p, log_density[k], distance);
    }
}

static void prior(const void *state, double *out)
{
    const twolevel *m = state;
    match_equal_prior(m->n_origins, out);
}

static size_t fields(void *state, match_field out[MATCH_MAX_FIELDS])
{
    twolevel *m = state;
    const match_field all[] = {{"numbers", 4, 1, m->numbers},
                               {"basis", m->p, m->p, m->spread.basis},
                               {"between", m->p, 1, m->spread.between},
                               {"mean", m->n_origins, m->p, m->mean},
                               {"specimens", m->n_origins, 1, m->specimens},
                               {"mean_inverse_shots", m->n_origins, 1, m->mean_inverse_shots}};
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof *all;
}

static adamas_status complete(void *state, const char *file, const char *group, adamas_error *error)
{
    (void)file;
    (void)group;
    (void)error;
    twolevel *m = state;
    m->t = (student){.freedom = m->numbers[0], .scale = m->numbers[1], .log_norm = m->numbers[3]};
    m->spread.has_within = m->numbers[2] > 0;
    return ADAMAS_OK;
}

const match twolevel_match = {.name = "twolevel",
                              .summary = "two-level normal model of specimens and shots, predictive, equal priors",
                              .fit = fit,
                              .density = density,
                              .peak = peak,
                              .prior = prior,
                              .reserve = reserve,
                              .fields = fields,
                              .complete = complete,
                              .destroy = destroy};
