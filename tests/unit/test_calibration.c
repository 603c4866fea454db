/* Logistic calibration: the optimum is SciPy's, weights count origins and units equally, and separated classes do not
 * diverge. */
#include "evidence/calibration.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { most = 400, most_origins = 50 };

static const calibration_prior none = {INFINITY, INFINITY};

typedef struct library {
    size_t n, n_origins;
    size_t truth[most];
    double log_density[most * most_origins];
} library;

/* Densities that anyone can write down again; two origins are of unequal numbers. */
static void write_library(library *l, size_t n, size_t n_origins)
{
    l->n = n;
    l->n_origins = n_origins;
    for (size_t i = 0; i < n; i++) {
        l->truth[i] = n_origins == 2 ? i % 3 != 0 : i % n_origins;
        for (size_t k = 0; k < n_origins; k++)
            l->log_density[i * n_origins + k] = 3 * sin(12.9898 * (double)(i + 1) + 78.233 * (double)(k + 1)) +
                                                1.5 * (k == l->truth[i]) + 0.5 * (double)k;
    }
}

static calibration fit(const library *l, double n_units, const calibration_prior *prior)
{
    calibration c;
    adamas_error error;
    cr_assert_eq(calibration_fit(&c, l->n, l->n_origins, l->truth, l->log_density, NULL, n_units, prior, &error),
                 ADAMAS_OK, "%s", error.message);
    cr_assert_eq(c.n_origins, l->n_origins);
    return c;
}

static void assert_optimum(const library *l, double n_units, const calibration_prior *prior, double slope,
                           const double *offset)
{
    calibration c = fit(l, n_units, prior);
    cr_assert_float_eq(c.slope, slope, 1e-10, "slope %.14g", c.slope);
    for (size_t k = 0; k < l->n_origins; k++)
        cr_assert_float_eq(c.offset[k], offset[k], 1e-10, "offset %zu: %.14g", k, c.offset[k]);
    calibration_free(&c);
}

/* Roots of the gradient found by scipy.optimize.root; the first agrees with scikit-learn's LogisticRegression without
 * penalty and with balanced class weights, to the 6 digits of that. */
Test(calibration, optimum_as_scipy_finds_it)
{
    static library l;
    write_library(&l, 24, 2);
    assert_optimum(&l, 1, &none, 0.18783288481975277, (double[]){0.15540996364361345, -0.15540996364361345});
    assert_optimum(&l, 1000, &none, 0.18783288481975277, (double[]){0.15540996364361345, -0.15540996364361345});
    assert_optimum(&l, 8, &calibration_weak, 0.16618606805420633,
                   (double[]){0.06448779803784009, -0.06448779803784009});
    write_library(&l, 40, 4);
    assert_optimum(&l, 1, &none, 0.2807421298005359,
                   (double[]){0.3032814680006881, -0.031946930156596526, 0.009999383390917908, -0.28133392123500944});
    assert_optimum(
        &l, 12, &calibration_weak, 0.25381590970785073,
        (double[]){0.10687719588032156, -0.002429629155917465, -0.0010329358392291161, -0.10341463088517498});
}

/* A specimen that stands twice is one of twice the weight. */
Test(calibration, weights_within_an_origin)
{
    static library l, doubled;
    write_library(&l, 40, 4);
    doubled = l;
    double weight[41];
    for (size_t i = 0; i < 40; i++)
        weight[i] = i == 5 ? 6 : 3;
    doubled.n = 41;
    doubled.truth[40] = l.truth[5];
    for (size_t k = 0; k < 4; k++)
        doubled.log_density[160 + k] = l.log_density[20 + k];
    calibration one, two = fit(&doubled, 10, &calibration_weak);
    cr_assert_eq(calibration_fit(&one, 40, 4, l.truth, l.log_density, weight, 10, &calibration_weak, NULL), ADAMAS_OK);
    cr_assert_float_eq(one.slope, two.slope, 1e-10);
    for (size_t k = 0; k < 4; k++)
        cr_assert_float_eq(one.offset[k], two.offset[k], 1e-10);
    calibration_free(&one);
    calibration_free(&two);
}

/* Origins that separate: no finite slope without a prior; with it, LRs that grow with the number of units, are worth
 * some of them, and do not depend on how far the densities lie apart. */
static double separated(size_t n_origins, double n_units, double apart)
{
    static library l;
    l.n = 2 * n_origins;
    l.n_origins = n_origins;
    for (size_t i = 0; i < l.n; i++) {
        l.truth[i] = i / 2;
        for (size_t k = 0; k < n_origins; k++)
            l.log_density[i * n_origins + k] = -700 - (k != l.truth[i]) * apart;
    }
    adamas_error error;
    calibration c;
    cr_assert_eq(calibration_fit(&c, l.n, n_origins, l.truth, l.log_density, NULL, n_units, &none, &error),
                 ADAMAS_E_DATA);
    cr_assert(c.offset == NULL && c.slope == 0);
    c = fit(&l, n_units, &calibration_weak);
    double log_likelihood[most_origins];
    calibration_apply(&c, l.log_density, log_likelihood);
    calibration_free(&c);
    return exp(calibration_log_lr(n_origins, log_likelihood, NULL, 0));
}

/* The roots of n_units / (1 + LR) = ln LR / (ln 100)^2 are 52.5 for 10 and 359.4 for 100 units. */
Test(calibration, separated_origins_do_not_diverge)
{
    cr_assert_float_eq(separated(2, 10, 200), 52.5, 0.05);
    cr_assert_float_eq(separated(2, 100, 200), 359.4, 0.05);
    cr_assert_float_eq(separated(2, 10, 2), separated(2, 10, 20000), 1e-6);
    double few = separated(5, 10, 50), more = separated(5, 100, 50);
    cr_assert(few > 20 && few < 500 && more > 2 * few, "%g, %g", few, more);
}

/* Densities that point the wrong way, or nowhere: LR = 1. */
Test(calibration, slope_is_not_negative)
{
    static library l;
    write_library(&l, 40, 4);
    for (size_t i = 0; i < 160; i++)
        l.log_density[i] = -l.log_density[i];
    for (int round = 0; round < 2; round++) {
        calibration c = fit(&l, 20, &calibration_weak);
        const double density[] = {-3, -INFINITY, 5, 1};
        double log_likelihood[4];
        calibration_apply(&c, density, log_likelihood);
        cr_assert_eq(c.slope, 0);
        for (size_t k = 0; k < 4; k++)
            cr_assert(c.offset[k] == 0 && log_likelihood[k] == 0);
        calibration_free(&c);
        for (size_t i = 0; i < 160; i++)
            l.log_density[i] = 7;
    }
}

/* Densities with the log LRs of a normal law, and then the first origin's 2 too high: many units find slope 1 and take
 * the 2 back, few leave the offsets near 0. */
Test(calibration, offsets_move_where_the_units_support_it)
{
    static library l = {.n = most, .n_origins = 2};
    random_stream r = {.seed = 61};
    for (size_t i = 0; i < most; i++) {
        l.truth[i] = i % 2;
        l.log_density[2 * i] = (i % 2 ? -2 : 2) + 2 * random_normal(&r) + 2;
        l.log_density[2 * i + 1] = 0;
    }
    calibration few = fit(&l, 4, &calibration_weak), many = fit(&l, 4000, &calibration_weak);
    cr_assert_float_eq(many.slope, 1, 0.15, "%g", many.slope);
    cr_assert_float_eq(many.offset[0], -1, 0.2, "%g", many.offset[0]);
    cr_assert_float_eq(many.offset[0] + many.offset[1], 0, 1e-10);
    cr_assert(fabs(few.offset[0]) < 0.25 && few.offset[0] < 0, "%g", few.offset[0]);
    cr_assert(few.slope > 0.3 && few.slope < many.slope, "%g", few.slope);
    calibration_free(&few);
    calibration_free(&many);
}

static double gain(const library *l, const calibration *c, double n_units, double slope_sd)
{
    double own[most_origins], value = -c->slope * c->slope / (2 * slope_sd * slope_sd);
    for (size_t k = 0; k < c->n_origins; k++)
        value -= c->offset[k] * c->offset[k] / (2 * 0.25);
    for (size_t i = 0; i < l->n; i++) {
        calibration_apply(c, l->log_density + i * l->n_origins, own);
        double sum = 0;
        for (size_t k = 0; k < l->n_origins; k++)
            sum += exp(own[k] - own[l->truth[i]]);
        value -= n_units / (double)l->n * log(sum);
    }
    return value;
}

/* The objective as the header states it falls to all sides of what is found, for 50 origins. */
Test(calibration, fifty_origins)
{
    static library l = {.n = most, .n_origins = most_origins};
    random_stream r = {.seed = 62};
    double squares = 0;
    for (size_t i = 0; i < most; i++) {
        l.truth[i] = i % most_origins;
        double *own = l.log_density + i * most_origins;
        for (size_t k = 0; k < most_origins; k++)
            own[k] = -1000 * random_uniform(&r) + 900 * (k == l.truth[i]) + 3 * (double)k;
        for (size_t k = 0; k < most_origins; k++)
            squares += (own[l.truth[i]] - own[k]) * (own[l.truth[i]] - own[k]);
    }
    double slope_sd = log(100) / sqrt(squares / most / (most_origins - 1));
    calibration c = fit(&l, 60, &calibration_weak);
    double best = gain(&l, &c, 60, slope_sd), sum = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
        c.slope += sign * 1e-3 * c.slope;
        cr_assert_lt(gain(&l, &c, 60, slope_sd), best);
        c.slope /= 1 + sign * 1e-3;
        for (size_t k = 0; k < most_origins; k++) {
            c.offset[k] += sign * 1e-3;
            cr_assert_lt(gain(&l, &c, 60, slope_sd), best);
            c.offset[k] -= sign * 1e-3;
        }
    }
    for (size_t k = 0; k < most_origins; k++)
        sum += c.offset[k];
    cr_assert_float_eq(sum, 0, 1e-9);
    calibration_free(&c);
}

Test(calibration, refuses_what_has_no_answer)
{
    const size_t truth[] = {0, 0, 2};
    double d[9] = {0};
    calibration c;
    adamas_error error;
    cr_assert_eq(calibration_fit(&c, 3, 3, truth, d, NULL, 3, &calibration_weak, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, "calibration: origin 2 has no held-out specimen");
    cr_assert_eq(calibration_fit(&c, 2, 1, truth, d, NULL, 3, &calibration_weak, &error), ADAMAS_E_DATA);
    const size_t both[] = {0, 1};
    d[3] = -INFINITY;
    cr_assert_eq(calibration_fit(&c, 2, 2, both, d, NULL, 3, &calibration_weak, &error), ADAMAS_E_DATA);
    cr_assert(c.offset == NULL);
}

/* L = 8, 2, 1 against equal others: 8 / 1.5; against weights 1 and 3: 8 / (5/4); far below what exp can hold. */
Test(calibration, log_lr_against_the_others)
{
    const double l[] = {log(8) - 2000, log(2) - 2000, log(1) - 2000}, weight[] = {100, 1, 3}, alone[] = {1, 0, 0};
    cr_assert_float_eq(calibration_log_lr(3, l, NULL, 0), log(8 / 1.5), 1e-12);
    cr_assert_float_eq(calibration_log_lr(3, l, weight, 0), log(8 / 1.25), 1e-12);
    cr_assert_float_eq(calibration_log_lr(3, l, NULL, 2), log(1 / 5.0), 1e-12);
    cr_assert(isnan(calibration_log_lr(3, l, alone, 0)));
    const double impossible[] = {0, -INFINITY, -INFINITY};
    cr_assert_eq(calibration_log_lr(3, impossible, NULL, 0), INFINITY);
    cr_assert_eq(calibration_log_lr(3, impossible, NULL, 1), -INFINITY);
}

/* Two origins: probabilities 3/4 and 1/2 of the first one's specimens, of weights 1 and 3, and one of the other that is
 * farther off than is counted. */
Test(calibration, the_log_loss_by_hand)
{
    double offset[2] = {0, 0}, scratch[2];
    const calibration c = {2, 2, offset};
    const size_t truth[] = {0, 0, 1};
    const double log_density[] = {log(3) / 2, 0, 1, 1, 50, 0}, weight[] = {1, 3, 1};
    double first = (log(4.0 / 3) + 3 * log(2)) / 4, other = 20;
    cr_assert_float_eq(calibration_log_loss(&c, 3, truth, log_density, weight, scratch), (first + other) / 2, 1e-14);
    cr_assert_float_eq(calibration_log_loss(&c, 2, truth, log_density, weight, scratch), first, 1e-14);
    cr_assert_float_eq(calibration_log_loss(&c, 2, truth, log_density, NULL, scratch), (log(4.0 / 3) + log(2)) / 2,
                       1e-14);
}
