/* Typicality: conformal p-values by hand, with coverage and power as stated. */
#include "evidence/typicality.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <math.h>

/* Six specimens in two folds; the third origin has none, and cannot be rejected. */
Test(typicality, by_hand)
{
    const double held_out[] = {1, 2, 3, 4, 9, 9};
    const size_t origin[] = {0, 0, 0, 0, 1, 1}, fold[] = {0, 0, 1, 1, 0, 1};
    const double own[] = {2, 3.5}; /* fold 0: 2 >= 2 is a tie and counts; fold 1: 4 counts */
    cr_assert_float_eq(typicality_p(6, held_out, origin, fold, 0, own), 3.0 / 5, 1e-15);
    cr_assert_float_eq(typicality_p(6, held_out, origin, fold, 1, own), 1, 1e-15);
    const double far[] = {100, INFINITY}, near[] = {-INFINITY, 0}, unknown[] = {100, NAN};
    cr_assert_float_eq(typicality_p(6, held_out, origin, fold, 0, far), 1.0 / 5, 1e-15);
    cr_assert_float_eq(typicality_p(6, held_out, origin, fold, 0, near), 1, 1e-15);
    cr_assert_float_eq(typicality_p(6, held_out, origin, fold, 0, unknown), 3.0 / 5, 1e-15);
    cr_assert_eq(typicality_p(6, held_out, origin, fold, 2, far), 1);
    const double unjudged[] = {1, NAN, 3, 4, 9, 9};
    cr_assert_float_eq(typicality_p(6, unjudged, origin, fold, 0, far), 2.0 / 5, 1e-15);
}

Test(typicality, bound_by_hand)
{
    cr_assert_float_eq(typicality_bound(0.05, 20, 20), 0.1, 1e-15);
    cr_assert_float_eq(typicality_bound(0.05, 1000, 5), 0.1 + 2 * 0.95 * 0.8 / 201, 1e-15);
    cr_assert_float_eq(typicality_bound(0.1, 100, 10), 0.2 + 0.9 / 11, 1e-15); /* the first would be 0.2 + 1.62/11 */
    cr_assert_eq(typicality_bound(0.6, 100, 100), 1);
}

Test(typicality, least)
{
    cr_assert_eq(typicality_min_specimens(0.05), 19);
    cr_assert_eq(typicality_min_specimens(0.1), 9);
    cr_assert_eq(typicality_min_specimens(0.01), 99);
    cr_assert_eq(typicality_min_specimens(0.3), 3);
    cr_assert_eq(typicality_min_specimens(1), 0);
    for (size_t n = 1; n < 2000; n++)
        cr_assert_eq(typicality_min_specimens(1 / ((double)n + 1)), n, "%zu", n);
}

enum { dims = 2, most = 300, most_folds = 10 };

typedef struct moments {
    double mean[dims], variance[dims];
} moments;

typedef struct library {
    size_t n, folds;
    double x[most][dims];
    size_t origin[most], fold[most];
    double held_out[most];
    moments without[most_folds];
} library;

static moments moments_without(const library *l, size_t fold)
{
    moments m = {{0}, {0}};
    for (size_t d = 0; d < dims; d++) {
        double sum = 0, squares = 0, count = 0;
        for (size_t i = 0; i < l->n; i++)
            if (l->fold[i] != fold) {
                sum += l->x[i][d];
                squares += l->x[i][d] * l->x[i][d];
                count++;
            }
        m.mean[d] = sum / count;
        m.variance[d] = (squares - sum * sum / count) / (count - 1);
    }
    return m;
}

static double distance(const moments *m, const double *x)
{
    double sum = 0;
    for (size_t d = 0; d < dims; d++)
        sum += (x[d] - m->mean[d]) * (x[d] - m->mean[d]) / m->variance[d];
    return sum;
}

static void draw_library(library *l, random_stream *r)
{
    for (size_t i = 0; i < l->n; i++) {
        l->fold[i] = i % l->folds;
        for (size_t d = 0; d < dims; d++)
            l->x[i][d] = 5 + random_normal(r);
    }
    for (size_t f = 0; f < l->folds; f++)
        l->without[f] = moments_without(l, f);
    for (size_t i = 0; i < l->n; i++)
        l->held_out[i] = distance(&l->without[l->fold[i]], l->x[i]);
}

static double p_of_new(const library *l, double shift, random_stream *r)
{
    double x[dims], own[most_folds];
    for (size_t d = 0; d < dims; d++)
        x[d] = 5 + random_normal(r) + (d == 0 ? shift : 0);
    for (size_t f = 0; f < l->folds; f++)
        own[f] = distance(&l->without[f], x);
    return typicality_p(l->n, l->held_out, l->origin, l->fold, 0, own);
}

/* 10,000 libraries, each with one new specimen of its origin and two strangers, 2 and 4 standard deviations away. The
 * origin's own are rejected no more often than the bound (and 3 standard errors) allows; strangers more often than eps,
 * and the more the farther, as soon as there are specimens enough to reject at all. */
static void assert_coverage(size_t n, size_t folds)
{
    enum { draws = 10000 };
    const double eps[] = {0.05, 0.1, 0.2}, shift[] = {0, 2, 4};
    double rejected[3][3] = {{0}};
    library l = {.n = n, .folds = folds};
    random_stream r = {.seed = 51, .stream = n};
    for (size_t k = 0; k < draws; k++) {
        draw_library(&l, &r);
        for (size_t s = 0; s < 3; s++) {
            double p = p_of_new(&l, shift[s], &r);
            for (size_t e = 0; e < 3; e++)
                rejected[e][s] += p <= eps[e];
        }
    }
    for (size_t e = 0; e < 3; e++) {
        double own = rejected[e][0] / draws, near = rejected[e][1] / draws, far = rejected[e][2] / draws;
        double bound = typicality_bound(eps[e], n, folds);
        cr_log_info("n %zu, %zu folds, eps %g: own %.4f (bound %.4f), 2 sd away %.4f, 4 sd away %.4f\n", n, folds,
                    eps[e], own, bound, near, far);
        cr_assert_leq(own, bound + 3 * sqrt(bound * (1 - bound) / draws), "n %zu, eps %g: %g", n, eps[e], own);
        if (n >= typicality_min_specimens(eps[e]))
            cr_assert(near > eps[e] && near > own && far > near + 0.1, "n %zu, eps %g: %g, %g", n, eps[e], near, far);
        else
            cr_assert(own == 0 && near == 0 && far == 0);
    }
}

Test(typicality, coverage_and_power_8)
{
    assert_coverage(8, 8);
}

Test(typicality, coverage_and_power_20)
{
    assert_coverage(20, 10);
}

Test(typicality, coverage_and_power_59)
{
    assert_coverage(59, 10);
}

Test(typicality, coverage_and_power_100)
{
    assert_coverage(100, 5);
}

Test(typicality, coverage_and_power_300)
{
    assert_coverage(300, 10);
}

Test(typicality, sessions_that_do_not_differ_change_nothing)
{
    const double held_out[] = {1, 2, 3, 4, 2, 2}, own[] = {2.5, 2.6, 1.5}, unknown[] = {NAN, 3.5, 3.5};
    const size_t origin[] = {0, 0, 0, 0, 1, 1}, fold[] = {0, 1, 2, 0, 1, 2}, session[] = {0, 0, 1, 1, 0, 1};
    double none[2] = {0};
    const session_effect e = {2, none, 0, 1};
    for (size_t o = 0; o < 2; o++) {
        cr_assert_float_eq(typicality_p_new_session(6, held_out, origin, fold, session, o, own, &e),
                           typicality_p(6, held_out, origin, fold, o, own), 1e-15);
        cr_assert_float_eq(typicality_p_new_session(6, held_out, origin, fold, session, o, unknown, &e),
                           typicality_p(6, held_out, origin, fold, o, unknown), 1e-15);
    }
}

/* ln 1, 2, 4 and 8, in sessions whose means are ln 2^(1/2) and ln 2^(5/2); the variance within is (ln 2)^2 / 2. */
Test(typicality, effect_of_sessions)
{
    const double held_out[] = {1, 4, 2, 8};
    const size_t session[] = {0, 2, 0, 2};
    session_effect e;
    cr_assert_eq(session_effect_fit(&e, 4, held_out, session, 3, NULL), ADAMAS_OK);
    cr_assert_float_eq(e.offset[0], -log(2), 1e-15);
    cr_assert_eq(e.offset[1], 0);
    cr_assert_float_eq(e.offset[2], log(2), 1e-15);
    cr_assert_float_eq(e.sd, log(2) * sqrt((2 - 0.25) * 1.5), 1e-15);
    cr_assert_eq(e.freedom, 1);
    session_effect_clear(&e);
}

/* 4,000 libraries of six sessions, which shift the nonconformity by a factor, and one new specimen of a new session.
 * Specimens of the origin are rejected about as often as stated; without the effect of sessions far more often; and one
 * that is far away is still rejected. */
Test(typicality, holds_for_a_new_session)
{
    enum { libraries = 4000, sessions = 6, each = 20, n = sessions * each };
    static double held_out[n];
    static size_t origin[n], fold[n], session[n];
    random_stream r = {.seed = 8};
    double rejected = 0, without = 0, far = 0;
    for (size_t k = 0; k < libraries; k++) {
        session_effect e;
        for (size_t t = 0; t < sessions; t++) {
            double shift = 0.5 * random_normal(&r);
            for (size_t i = t * each; i < (t + 1) * each; i++) {
                held_out[i] = exp(shift + 0.3 * random_normal(&r));
                session[i] = t;
            }
        }
        double own = exp(0.5 * random_normal(&r) + 0.3 * random_normal(&r)), stranger = 30 * own;
        cr_assert_eq(session_effect_fit(&e, n, held_out, session, sessions, NULL), ADAMAS_OK);
        rejected += typicality_p_new_session(n, held_out, origin, fold, session, 0, &own, &e) <= 0.05;
        without += typicality_p(n, held_out, origin, fold, 0, &own) <= 0.05;
        far += typicality_p_new_session(n, held_out, origin, fold, session, 0, &stranger, &e) <= 0.05;
        session_effect_clear(&e);
    }
    cr_log_info("rejected %.4f, without the effect %.4f, 30 times as far %.4f\n", rejected / libraries,
                without / libraries, far / libraries);
    cr_assert_leq(rejected / libraries, 0.05 + 3 * sqrt(0.05 * 0.95 / libraries));
    cr_assert_geq(rejected / libraries, 0.03);
    cr_assert_geq(without / libraries, 0.07);
    cr_assert_geq(far / libraries, 0.9);
}
