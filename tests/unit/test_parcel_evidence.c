/* The marginal likelihood of a parcel: stepping-stone sampling agrees with an enumeration of all assignments. */
#include "evidence/parcel_evidence.h"

#include "base/triangle.h"

#include "sanitized.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { d = 2, max_rows = 150, max_specimens = 6 };

static double wave(size_t i, size_t j)
{
    return sin(12.9898 * (double)(i + 1) + 78.233 * (double)(j + 1));
}

/* Two origins of `each` specimens in two localities and two sessions each: 50 make two components, 30 one. */
static parcel_model fit(size_t each, bool localities, bool sessions)
{
    static double rows[max_rows * d];
    static size_t origin[max_rows], locality[max_rows], session[max_rows];
    for (size_t i = 0; i < 2 * each; i++) {
        origin[i] = i / each;
        locality[i] = 2 * origin[i] + i % 2;
        session[i] = i / 2 % 2;
        rows[2 * i] = wave(i, 0) + (i % 3 == 0 ? 2 : 0) + 2.2 * (double)origin[i] + wave(locality[i], 5);
        rows[2 * i + 1] = wave(i, 1) + 0.5 * wave(i, 0) + 0.7 * wave(locality[i], 6) + 0.4 * wave(session[i], 8);
    }
    parcel_library library = {.n = 2 * each, .d = d, .n_origins = 2, .rows = rows, .origin = origin};
    library.locality = localities ? locality : NULL;
    library.session = sessions ? session : NULL;
    parcel_model m;
    adamas_error error;
    cr_assert_eq(parcel_model_fit(&m, &library, NULL, 0, &error), ADAMAS_OK, "%s", error.message);
    return m;
}

/* Log density of those specimens that component_of puts into the components of one origin, its shift of
 * variance v in whitened coordinates integrated out: of all their features at once, from the joint covariance. */
static double log_joint(const parcel_model *m, size_t n, const double *rows, const size_t *component_of, size_t origin,
                        double v)
{
    double covariance[max_specimens * d * max_specimens * d] = {0}, centred[max_specimens * d], y[d], inverse[d * d];
    size_t size = 0, specimen[max_specimens];
    double log_whiten = triangle_log_determinant(d, m->whiten), squares = 0;
    for (size_t i = 0; i < n; i++)
        if (component_of[i] >= m->first[origin] && component_of[i] < m->first[origin + 1])
            specimen[size++] = i;
    for (size_t a = 0; a < size; a++) {
        memcpy(y, rows + specimen[a] * d, sizeof y);
        triangle_solve(d, m->whiten, y);
        triangle_invert(d, m->inverse_cholesky + component_of[specimen[a]] * d * d, inverse);
        for (size_t i = 0; i < d; i++) {
            centred[a * d + i] = y[i] - m->mean[component_of[specimen[a]] * d + i];
            for (size_t b = 0; b < size; b++)
                covariance[(a * d + i) * size * d + b * d + i] += v;
            for (size_t j = 0; j < d; j++)
                for (size_t k = 0; k < d; k++)
                    covariance[(a * d + i) * size * d + a * d + j] += inverse[i * d + k] * inverse[j * d + k];
        }
    }
    if (size == 0)
        return 0;
    cr_assert(triangle_cholesky(size * d, covariance));
    triangle_solve(size * d, covariance, centred);
    for (size_t i = 0; i < size * d; i++)
        squares += centred[i] * centred[i];
    return -squares / 2 - triangle_log_determinant(size * d, covariance) - (double)size * log_whiten -
           (double)(size * d) / 2 * log(2 * M_PI);
}

/* Probability of the labels' origins under Dirichlet(alpha) shares, times the weights of the components within origins.
 */
static double log_prior(const parcel_model *m, size_t n, const size_t *component_of, const double *alpha)
{
    double value = 0, sum = 0;
    for (size_t k = 0; k <= m->n_origins; k++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += component_of[i] >= m->first[k] && component_of[i] < m->first[k + 1];
        sum += alpha[k];
        if (count > 0)
            value += alpha[k] > 0 ? lgamma(alpha[k] + (double)count) - lgamma(alpha[k]) : -INFINITY;
    }
    for (size_t i = 0; i < n; i++)
        value += m->log_weight[component_of[i]];
    return value + lgamma(sum) - lgamma(sum + (double)n);
}

/* Log densities that were computed before: most assignments share their specimens of an origin with others. */
typedef struct enumeration {
    const parcel_model *m;
    size_t n, cells;
    const double *rows;
    double *known; /* [n_origins + 1][max_subsets][cells], NaN if not computed */
} enumeration;

/* A specimen is in one of at most two components of an origin, or in none: 3^6. */
enum { max_subsets = 729 };

static enumeration enumeration_begin(const parcel_model *m, size_t n, const double *rows)
{
    enumeration e = {.m = m, .n = n, .cells = m->ratio.n_rho * m->ratio.n_sigma, .rows = rows};
    size_t size = (m->n_origins + 1) * max_subsets * e.cells;
    e.known = malloc(size * sizeof *e.known);
    cr_assert_not_null(e.known);
    for (size_t i = 0; i < size; i++)
        e.known[i] = NAN;
    return e;
}

static double known_joint(const enumeration *e, const size_t *component_of, size_t origin, size_t cell, double v)
{
    size_t first = e->m->first[origin], components = e->m->first[origin + 1] - first, subset = 0;
    for (size_t i = 0; i < e->n; i++)
        subset = subset * (components + 1) +
                 (component_of[i] >= first && component_of[i] < first + components ? 1 + component_of[i] - first : 0);
    cr_assert_lt(subset, max_subsets);
    double *value = e->known + (origin * max_subsets + subset) * e->cells + cell;
    if (isnan(*value))
        *value = log_joint(e->m, e->n, e->rows, component_of, origin, v);
    return *value;
}

/* The sum over all labels and all cells of the grid, each shift integrated in closed form. */
static double enumerate(const parcel_model *m, size_t n, const double *rows, const double *alpha, double tau_scale)
{
    enumeration e = enumeration_begin(m, n, rows);
    double total = 0, offset = NAN; /* sums over e^offset */
    size_t assignments = 1;
    for (size_t i = 0; i < n; i++)
        assignments *= m->n_components;
    for (size_t a = 0; a < assignments; a++) {
        size_t component_of[max_specimens], rest = a;
        for (size_t i = 0; i < n; i++, rest /= m->n_components)
            component_of[i] = rest % m->n_components;
        double prior = log_prior(m, n, component_of, alpha);
        for (size_t c = 0; prior > -INFINITY && c < e.cells; c++) {
            double rho = m->ratio.rho[c / m->ratio.n_sigma], sigma = m->ratio.sigma[c % m->ratio.n_sigma];
            double sessions = m->n_sessions ? 1 + 1 / (double)m->n_sessions : 1;
            double value = prior + known_joint(&e, component_of, m->n_origins, c, m->tau * tau_scale + rho + sigma);
            for (size_t k = 0; k < m->n_origins; k++)
                value +=
                    known_joint(&e, component_of, k, c, rho * (1 + 1 / (double)m->n_localities[k]) + sigma * sessions);
            offset = isnan(offset) ? value : offset;
            total += m->ratio.weight[c] * exp(value - offset);
        }
    }
    free(e.known);
    return offset + log(total);
}

/* Specimens of the first origin, of the second, and of none. */
static const double parcel[max_specimens * d] = {0.3, 0.2, 2.4, -0.6, 0.9, -0.8, 4.6, 1.8, 3.0, 0.9, 4.2, 2.2};

static parcel_log_estimate step(const parcel_model *m, size_t n, const double *alpha, double tau_scale)
{
    parcel_stepping stepping = parcel_stepping_default;
    parcel_log_estimate result;
    adamas_error error;
    stepping.tau_scale = tau_scale;
    stepping.seed = 17;
    stepping.n_runs = 16;
    stepping.n_draws = 1000;
    cr_assert_eq(parcel_log_marginal(&result, m, &(parcel_specimens){.n = n, .rows = parcel}, alpha, &stepping, &error),
                 ADAMAS_OK);
    return result;
}

/* The Monte Carlo error itself, from 16 runs, is known to 20 %; the floor is for where they happen to agree. */
static void assert_agrees(const parcel_model *m, size_t n, const double *alpha, double tau_scale)
{
    double exact = enumerate(m, n, parcel, alpha, tau_scale);
    parcel_log_estimate found = step(m, n, alpha, tau_scale);
    cr_log_info("n %zu, %zu components: exact %.4f, found %.4f +- %.4f", n, m->n_components, exact, found.value,
                found.error);
    cr_assert(found.error > 0 && found.error < 0.1, "error %g", found.error);
    cr_assert_float_eq(found.value, exact, 4 * fmax(found.error, 0.008), "n %zu: exact %.5f, found %.5f +- %.5f", n,
                       exact, found.value, found.error);
}

Test(parcel_evidence, one_component_an_origin)
{
    parcel_model m = fit(30, true, false);
    cr_assert_eq(m.n_components, 3);
    cr_assert_eq(m.ratio.n_rho, 25);
    for (size_t n = 1; n <= 6; n += is_sanitized ? 5 : 1)
        assert_agrees(&m, n, (double[]){1, 1, 0.5}, 1);
    parcel_model_free(&m);
}

Test(parcel_evidence, two_components_an_origin)
{
    parcel_model m = fit(50, true, false);
    cr_assert_eq(m.n_components, 5);
    for (size_t n = 1; n <= 6; n += is_sanitized ? 5 : 1)
        assert_agrees(&m, n, (double[]){1, 1, 0.5}, 1);
    assert_agrees(&m, 4, (double[]){0.3, 2, 1}, 1. / 3);
    parcel_model_free(&m);
}

Test(parcel_evidence, localities_and_sessions_and_neither)
{
    parcel_model m = fit(50, true, true);
    cr_assert_eq(m.ratio.n_rho * m.ratio.n_sigma, 625);
    assert_agrees(&m, 4, (double[]){1, 1, 0.5}, 1);
    parcel_model_free(&m);
    m = fit(50, false, false);
    cr_assert_eq(m.ratio.n_rho * m.ratio.n_sigma, 1);
    assert_agrees(&m, 4, (double[]){1, 1, 0.5}, 1);
    parcel_model_free(&m);
}

/* The declared origin alone against all, and none of the origins alone. */
Test(parcel_evidence, one_origin_against_all)
{
    const double declared[3] = {1, 0, 0}, all[3] = {0.5, 0.5, 0.5}, none[3] = {0, 0, 1};
    parcel_model m = fit(50, true, false);
    assert_agrees(&m, 3, declared, 1);
    assert_agrees(&m, 6, declared, 1);
    assert_agrees(&m, 3, none, 1);
    parcel_log_estimate lr;
    adamas_error error;
    parcel_specimens specimens = {.n = 3, .rows = parcel};
    cr_assert_eq(parcel_log_lr(&lr, &m, &specimens, declared, all, &parcel_stepping_default, &error), ADAMAS_OK);
    double exact = enumerate(&m, 3, parcel, declared, 1) - enumerate(&m, 3, parcel, all, 1);
    cr_assert_float_eq(lr.value, exact, 4 * fmax(lr.error, 0.01), "exact %.5f, found %.5f +- %.5f", exact, lr.value,
                       lr.error);
    parcel_model_free(&m);
}

/* With one specimen and no shifts the sum is short enough to be written down. */
Test(parcel_evidence, the_enumeration_by_hand)
{
    parcel_model m = fit(30, false, false);
    const double alpha[3] = {1, 2, 0.5};
    double sum = 0, y[d];
    for (size_t k = 0; k < 3; k++) {
        double covariance[d * d] = {0}, inverse[d * d], v = k == 2 ? m.tau : 0;
        triangle_invert(d, m.inverse_cholesky + k * d * d, inverse);
        covariance[0] = inverse[0] * inverse[0] + v;
        covariance[1] = inverse[0] * inverse[2];
        covariance[3] = inverse[2] * inverse[2] + inverse[3] * inverse[3] + v;
        double determinant = covariance[0] * covariance[3] - covariance[1] * covariance[1];
        y[0] = parcel[0] / m.whiten[0] - m.mean[k * d];
        y[1] = (parcel[1] - m.whiten[2] * parcel[0] / m.whiten[0]) / m.whiten[3] - m.mean[k * d + 1];
        double square =
            (covariance[3] * y[0] * y[0] - 2 * covariance[1] * y[0] * y[1] + covariance[0] * y[1] * y[1]) / determinant;
        sum += alpha[k] / 3.5 * exp(-square / 2) / (2 * M_PI * sqrt(determinant) * m.whiten[0] * m.whiten[3]);
    }
    cr_assert_float_eq(enumerate(&m, 1, parcel, alpha, 1), log(sum), 1e-12);
    parcel_model_free(&m);
}

Test(parcel_evidence, what_is_refused)
{
    parcel_model m = fit(30, true, false);
    parcel_log_estimate result;
    adamas_error error;
    parcel_specimens specimens = {.n = 3, .rows = parcel}, none = {.rows = parcel};
    const double alpha[3] = {1, 1, 1};
    parcel_stepping one_run = parcel_stepping_default;
    one_run.n_runs = 1;
    cr_assert_eq(parcel_log_marginal(&result, &m, &specimens, alpha, &one_run, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(parcel_log_marginal(&result, &m, &none, alpha, &parcel_stepping_default, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(parcel_log_marginal(&result, &m, &specimens, (double[]){0, 0, 0}, &parcel_stepping_default, &error),
                 ADAMAS_E_ARGUMENT);
    cr_assert(isnan(result.value));
    parcel_model_free(&m);
}
