/* The model of a parcel: all numbers of a small library, and what is unknown or cannot be fitted. */
#include "evidence/parcel_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n = 80, d = 2 };

/* 48 specimens of three localities in two components, 18 of one locality, 14 of two; three sessions cross them. */
typedef struct specimens {
    double rows[n * d];
    size_t origin[n], locality[n], session[n];
} specimens;

static double wave(size_t i, size_t j)
{
    return sin(12.9898 * (double)(i + 1) + 78.233 * (double)(j + 1));
}

static parcel_library write_library(specimens *s)
{
    for (size_t i = 0; i < n; i++) {
        size_t origin = i < 48 ? 0 : i < 66 ? 1 : 2;
        size_t locality = origin == 0 ? i % 3 : origin == 1 ? 3 : 4 + i % 2, session = i / 2 % 3;
        double first = (double[]){0, 2.5, 0.5}[origin], second = (double[]){0, 0.7, 2.8}[origin];
        s->rows[2 * i] = wave(i, 0) + (origin == 0 && i % 4 == 0 ? 2.2 : 0) + first + 0.8 * wave(locality, 5) +
                         0.6 * wave(session, 9);
        s->rows[2 * i + 1] = 0.7 * wave(i, 1) + 0.4 * wave(i, 0) + second + 0.5 * wave(locality, 6);
        s->origin[i] = origin;
        s->locality[i] = locality;
        s->session[i] = session;
    }
    return (parcel_library){.n = n,
                            .d = d,
                            .n_origins = 3,
                            .rows = s->rows,
                            .origin = s->origin,
                            .locality = s->locality,
                            .session = s->session};
}

static parcel_model fit(const parcel_library *library, const unsigned char *use)
{
    parcel_model m;
    adamas_error error;
    cr_assert_eq(parcel_model_fit(&m, library, use, 0, &error), ADAMAS_OK, "%s", error.message);
    return m;
}

/* Weighted log density of a component at x, by the model's arrays. */
static double log_component(const parcel_model *m, size_t component, const double *x)
{
    const double *w = m->whiten, *mean = m->mean + component * d, *root = m->inverse_cholesky + component * d * d;
    double y0 = x[0] / w[0], y1 = (x[1] - w[2] * y0) / w[3];
    double z0 = root[0] * (y0 - mean[0]), z1 = root[2] * (y0 - mean[0]) + root[3] * (y1 - mean[1]);
    return m->log_weight[component] + m->log_norm[component] - (z0 * z0 + z1 * z1) / 2;
}

/* Each number by NumPy and SciPy from the definition: dense REML, minimize_scalar for tau, covariances inverted in
 * full, every specimen's densities anew at each likelihood_power. */
Test(parcel_model, all_numbers_of_a_small_library)
{
    static specimens s;
    parcel_library library = write_library(&s);
    parcel_model m = fit(&library, NULL);
    static const double whiten[4] = {1.081066642669546, 0, -0.1364570012865672, 0.2063862220477099};
    for (size_t i = 0; i < 4; i++)
        cr_assert_float_eq(m.whiten[i], whiten[i], 1e-12);
    cr_assert_arr_eq(m.n_localities, ((size_t[]){3, 1, 2}), 3 * sizeof(size_t));
    cr_assert_eq(m.n_sessions, 3);
    cr_assert_float_eq(m.ratio.rho_mean, 0.025673613500604691, 1e-10);
    cr_assert_float_eq(m.ratio.sigma_mean, 0.02090316466605064, 1e-10);
    cr_assert_float_eq(m.tau, 17.5659851846, 1e-5, "tau %.12g", m.tau);
    static const size_t checked[4] = {0, 7, 10, 19};
    static const double scores[4] = {-0.09935719198443811, -0.04003169424687904, -0.035976198770851564,
                                     -0.03497242671700979};
    for (size_t i = 0; i < 4; i++)
        cr_assert_float_eq(m.likelihood_power_scores[checked[i]], scores[i], 1e-7, "score %zu", i);
    cr_assert_float_eq(m.likelihood_power, 0.831578947368421, 1e-14);
    static const double x[2] = {1.3, -0.4};
    static const double terms[5] = {-5.99970626833679, -11.379960133599514, -20.72824565801207, -87.92762366870623,
                                    -28.273812280541165};
    cr_assert_arr_eq(m.first, ((size_t[]){0, 2, 3, 4, 5}), 5 * sizeof(size_t));
    for (size_t p = 0; p < 5; p++)
        cr_assert_float_eq(log_component(&m, p, x), terms[p], 1e-6, "component %zu: %.12g", p, log_component(&m, p, x));
    for (size_t p = 0; p < 5; p++) {
        const double *r = m.inverse_cholesky + 4 * p;
        double precision[4] = {r[0] * r[0] + r[2] * r[2], r[2] * r[3], r[2] * r[3], r[3] * r[3]};
        for (size_t i = 0; i < 4; i++)
            cr_assert_float_eq(m.precision[4 * p + i], precision[i], 1e-12 * precision[0]);
    }
    parcel_model_free(&m);
}

static void assert_same(const parcel_model *a, const parcel_model *b)
{
    cr_assert_eq(a->n_components, b->n_components);
    cr_assert_eq(a->tau, b->tau);
    cr_assert_eq(a->likelihood_power, b->likelihood_power);
    cr_assert_arr_eq(a->likelihood_power_scores, b->likelihood_power_scores, sizeof a->likelihood_power_scores);
    cr_assert_arr_eq(a->ratio.weight, b->ratio.weight, sizeof a->ratio.weight);
    cr_assert_arr_eq(a->whiten, b->whiten, d * d * sizeof(double));
    cr_assert_arr_eq(a->log_weight, b->log_weight, a->n_components * sizeof(double));
    cr_assert_arr_eq(a->log_norm, b->log_norm, a->n_components * sizeof(double));
    cr_assert_arr_eq(a->mean, b->mean, a->n_components * d * sizeof(double));
    cr_assert_arr_eq(a->precision, b->precision, a->n_components * d * d * sizeof(double));
}

/* Two fits are the same to the byte; so are one that leaves a locality out and one of a library without it. */
Test(parcel_model, a_locality_left_out)
{
    static specimens s, fewer;
    parcel_library library = write_library(&s), smaller = write_library(&fewer);
    parcel_model once = fit(&library, NULL), twice = fit(&library, NULL);
    assert_same(&once, &twice);
    unsigned char use[n];
    smaller.n = 0;
    for (size_t i = 0; i < n; i++) {
        use[i] = s.locality[i] != 1;
        if (!use[i])
            continue;
        memcpy(fewer.rows + smaller.n * d, s.rows + i * d, d * sizeof(double));
        fewer.origin[smaller.n] = s.origin[i];
        fewer.locality[smaller.n] = 7 * s.locality[i]; /* other numbers, same order */
        fewer.session[smaller.n++] = s.session[i];
    }
    parcel_model left = fit(&library, use), without = fit(&smaller, NULL);
    assert_same(&left, &without);
    cr_assert_neq(left.tau, once.tau);
    cr_assert_eq(left.n_specimens[0], 32);
    cr_assert_eq(left.n_components, 4); /* 32 specimens make one component */
    parcel_model_free(&once);
    parcel_model_free(&twice);
    parcel_model_free(&left);
    parcel_model_free(&without);
}

Test(parcel_model, what_is_not_known)
{
    static specimens s;
    parcel_library library = write_library(&s);
    library.locality = library.session = NULL;
    parcel_model m = fit(&library, NULL);
    cr_assert(!m.ratio.rho_known && !m.ratio.sigma_known);
    cr_assert_eq(m.n_sessions, 0);
    cr_assert_arr_eq(m.n_localities, ((size_t[]){1, 1, 1}), 3 * sizeof(size_t));
    cr_assert(m.likelihood_power_scores[19] < 0); /* tenths of the origins are left out */
    parcel_model_free(&m);
    library.session = s.session;
    s.session[70] = PARCEL_UNKNOWN;
    m = fit(&library, NULL);
    cr_assert_not(m.ratio.sigma_known);
    parcel_model_free(&m);
}

/* An origin none of whose specimens is used has no components; with one origin there is nothing to tell apart. */
Test(parcel_model, origins_without_specimens)
{
    static specimens s;
    parcel_library library = write_library(&s);
    unsigned char use[n];
    for (size_t i = 0; i < n; i++)
        use[i] = s.origin[i] != 1;
    parcel_model m = fit(&library, use);
    cr_assert_arr_eq(m.first, ((size_t[]){0, 2, 2, 3, 4}), 5 * sizeof(size_t));
    cr_assert_eq(m.n_specimens[1], 0);
    parcel_model_free(&m);
    for (size_t i = 0; i < n; i++)
        use[i] = s.origin[i] == 0;
    m = fit(&library, use);
    cr_assert_eq(m.tau, 1);
    cr_assert_eq(m.likelihood_power, 1);
    cr_assert(isnan(m.likelihood_power_scores[0]));
    parcel_model_free(&m);
}

Test(parcel_model, origins_that_lie_close_have_the_least_tau)
{
    static specimens s;
    parcel_library library = write_library(&s);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < d; j++)
            s.rows[d * i + j] = wave(i, j);
    parcel_model m = fit(&library, NULL);
    cr_assert_eq(m.tau, 1);
    parcel_model_free(&m);
}

static adamas_status refusal(const parcel_library *library, double likelihood_power)
{
    parcel_model m;
    adamas_error error;
    adamas_status status = parcel_model_fit(&m, library, NULL, likelihood_power, &error);
    cr_assert_null(m.mean);
    return status;
}

Test(parcel_model, what_cannot_be_fitted)
{
    static specimens s;
    parcel_library library = write_library(&s);
    cr_assert_eq(refusal(&library, -0.5), ADAMAS_E_ARGUMENT);
    cr_assert_eq(refusal(&library, 1.5), ADAMAS_E_ARGUMENT);
    parcel_library wrong = library;
    wrong.d = 21;
    cr_assert_eq(refusal(&wrong, 0), ADAMAS_E_ARGUMENT);
    wrong = library;
    wrong.n_origins = 2;
    cr_assert_eq(refusal(&wrong, 0), ADAMAS_E_ARGUMENT);
    wrong = library;
    wrong.n = 3; /* of three localities */
    cr_assert_eq(refusal(&wrong, 0), ADAMAS_E_DATA);
    wrong.n = 0;
    cr_assert_eq(refusal(&wrong, 0), ADAMAS_E_DATA);
    for (size_t i = 0; i < n; i++)
        s.rows[2 * i + 1] = s.rows[2 * i] * 2;
    cr_assert_eq(refusal(&library, 0), ADAMAS_E_DATA);
    s.rows[7] = NAN;
    cr_assert_eq(refusal(&library, 0), ADAMAS_E_DATA);
}
