/* Bounds and calibration of specimens' likelihood ratios, typicality. */
#include "training/specimen_lr.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    n_origins = 3,
    localities = 5,
    specimens_each = 12,
    n = n_origins * localities * specimens_each,
    n_folds = 5,
    d = 2
};

/* Held-out specimens of three origins at the corners of a triangle. Log densities are the true ones times a slope, so
 * that there is something to calibrate; the nonconformity to the own origin is a chi-square of 2 degrees of freedom. */
typedef struct library {
    size_t origin[n], fold[n], locality[n], session[n], shots[n];
    double log_density[n * n_origins], nonconformity[n * n_origins];
    cross_fit h;
} library;

enum { overconfidence = 3 };

static void measure(const double *x, double *log_density, double *nonconformity)
{
    static const double corner[n_origins][d] = {{0, 0}, {3, 0}, {1.5, 2.6}};
    for (size_t o = 0; o < n_origins; o++) {
        double a = x[0] - corner[o][0], b = x[1] - corner[o][1];
        nonconformity[o] = a * a + b * b;
        log_density[o] = -overconfidence * nonconformity[o] / 2;
    }
}

static void draw(random_stream *r, size_t origin, double *log_density, double *nonconformity)
{
    static const double corner[n_origins][d] = {{0, 0}, {3, 0}, {1.5, 2.6}};
    const double x[d] = {corner[origin][0] + random_normal(r), corner[origin][1] + random_normal(r)};
    measure(x, log_density, nonconformity);
}

static void make(library *l, uint64_t seed)
{
    random_stream r = {.seed = seed};
    for (size_t i = 0; i < n; i++) {
        l->origin[i] = i / (localities * specimens_each);
        l->locality[i] = i / specimens_each;
        l->fold[i] = l->locality[i] % n_folds;
        l->shots[i] = 10;
        draw(&r, l->origin[i], l->log_density + i * n_origins, l->nonconformity + i * n_origins);
    }
    l->h = (cross_fit){.n_folds = n_folds,
                       .n = n,
                       .n_origins = n_origins,
                       .origin = l->origin,
                       .fold = l->fold,
                       .locality = l->locality,
                       .session = l->session,
                       .shots = l->shots,
                       .log_density = l->log_density,
                       .nonconformity = l->nonconformity,
                       .n_localities = n_origins * localities,
                       .by_locality = 1};
}

static specimen_lr evidence_of(const library *l)
{
    specimen_lr e;
    adamas_error error = {0};
    cr_assert_eq(specimen_lr_make(&e, &l->h, &error), ADAMAS_OK, "%s", error.message);
    return e;
}

Test(specimen_lr, units_are_localities)
{
    static library l;
    make(&l, 1);
    specimen_lr e = evidence_of(&l);
    for (size_t o = 0; o < n_origins; o++) {
        cr_assert_eq(e.specimens[o], localities * specimens_each);
        cr_assert_eq(e.units[o], localities);
        cr_assert(e.log10_low[o] <= 0 && e.log10_low[o] >= -log10(localities + 1));
        cr_assert(e.log10_high[o] >= 0 && e.log10_high[o] <= log10(2 * localities + 1));
    }
    cr_assert_float_eq(e.calibration.slope, 1.0 / overconfidence, 0.12, "slope %g", e.calibration.slope);
    specimen_lr_clear(&e);
    cr_assert(!e.log10_low && !e.units);
}

/* However extreme the densities are, no LR exceeds its bounds, and an LR within them is the calibrated one. */
Test(specimen_lr, likelihood_ratios_are_bounded)
{
    static library l;
    make(&l, 2);
    specimen_lr e = evidence_of(&l);
    size_t at_bounds = 0, within = 0;
    random_stream r = {.seed = 3};
    for (size_t i = 0; i < 600; i++) {
        double density[n_origins], far[n_origins], lr[n_origins], scratch[n_origins], likelihood[n_origins];
        draw(&r, i % n_origins, density, far);
        for (size_t o = 0; o < n_origins; o++)
            density[o] *= i % 5 == 0 ? 1e6 : 1;
        specimen_lr_log_lr(&e, density, lr, scratch);
        calibration_apply(&e.calibration, density, likelihood);
        for (size_t o = 0; o < n_origins; o++) {
            double low = e.log10_low[o] * M_LN10, high = e.log10_high[o] * M_LN10;
            double raw = calibration_log_lr(n_origins, likelihood, NULL, o);
            cr_assert(lr[o] >= low && lr[o] <= high, "%g not within %g, %g", lr[o], low, high);
            if (raw > low && raw < high) {
                cr_assert_float_eq(lr[o], raw, 1e-12);
                within++;
            } else {
                cr_assert_eq(lr[o], raw <= low ? low : high);
                at_bounds++;
            }
        }
    }
    cr_assert(at_bounds > 100 && within > 100, "%zu, %zu", at_bounds, within);
    specimen_lr_clear(&e);
}

/* New specimens drawn from an origin have uniform p-values of it, but for the steps of 1/61; foreign ones have small
 * p-values. */
Test(specimen_lr, typicality_of_own_specimens_is_uniform)
{
    double sum = 0, small = 0, foreign = 0;
    const size_t libraries = 40, each = 100;
    for (size_t k = 0; k < libraries; k++) {
        static library l;
        make(&l, 100 + k);
        specimen_lr e = evidence_of(&l);
        random_stream r = {.seed = 200 + k};
        for (size_t i = 0; i < each; i++) {
            double density[n_origins], own[n_folds * n_origins], p[n_origins], scratch[n + n_folds];
            size_t origin = i % n_origins;
            draw(&r, origin, density, own);
            for (size_t f = 1; f < n_folds; f++)
                memcpy(own + f * n_origins, own, n_origins * sizeof *own);
            specimen_lr_typicality(&e, &l.h, own, p, scratch);
            for (size_t o = 0; o < n_origins; o++)
                cr_assert(p[o] >= 1.0 / 61 - 1e-12 && p[o] <= 1);
            sum += p[origin];
            small += p[origin] <= 0.05;
            for (size_t f = 0; f < n_folds * n_origins; f++)
                own[f] = 40;
            specimen_lr_typicality(&e, &l.h, own, p, scratch);
            foreign += p[origin] <= 0.05;
        }
        specimen_lr_clear(&e);
    }
    double all = (double)(libraries * each);
    cr_assert_float_eq(sum / all, 0.5, 0.03, "mean %g", sum / all);
    cr_assert_float_eq(small / all, 0.05, 0.02, "p <= 0.05 for %g", small / all);
    cr_assert_eq(foreign, all);
}

Test(specimen_lr, which_origins_can_be_rejected)
{
    static library l;
    make(&l, 4);
    specimen_lr e = evidence_of(&l);
    unsigned char rejectable[n_origins];
    e.specimens[1] = 18;
    e.specimens[2] = 19;
    specimen_lr_rejectable(&e, n_origins, 0.05, rejectable);
    cr_assert(rejectable[0] && !rejectable[1] && rejectable[2]);
    specimen_lr_rejectable(&e, n_origins, 0.001, rejectable);
    cr_assert(!rejectable[0] && !rejectable[1] && !rejectable[2]);
    specimen_lr_clear(&e);
}

Test(specimen_lr, an_origin_that_could_not_be_held_out)
{
    static library l;
    make(&l, 5);
    specimen_lr e;
    adamas_error error = {0};
    l.h.n = 2 * localities * specimens_each;
    cr_assert_eq(specimen_lr_make(&e, &l.h, &error), ADAMAS_E_DATA);
    cr_assert_not_null(strstr(error.message, "each origin needs two localities at least"), "%s", error.message);
    cr_assert(!e.log10_low && !e.units);
    l.h.by_locality = 0;
    cr_assert_eq(specimen_lr_make(&e, &l.h, &error), ADAMAS_E_DATA);
    cr_assert_not_null(strstr(error.message, "each origin needs two specimens at least"), "%s", error.message);
}
