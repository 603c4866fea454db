/* Pool adjacent violators: isotonic regression, by hand and against its definition. */
#include "evidence/pav.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

/* Scores 1 2 2 3 4 5 with truths d, s+d, d, s, s (3 ss, 3 ds): the tie at 2 is one point, and is pooled with 3. */
Test(pav, ties_and_pools_by_hand)
{
    const double ss[] = {2, 4, 5}, ds[] = {1, 2, 3};
    pav p;
    cr_assert_eq(pav_find(&p, 3, ss, 3, ds, NULL), ADAMAS_OK);
    const double score[] = {1, 2, 3, 4, 5}, of_ss[] = {0, 1, 0, 1, 1}, of_ds[] = {1, 1, 1, 0, 0};
    const double log_lr[] = {-INFINITY, log(0.5), log(0.5), INFINITY, INFINITY};
    cr_assert_eq(p.n, 5);
    for (size_t i = 0; i < 5; i++) {
        cr_assert(p.score[i] == score[i] && p.n_ss[i] == of_ss[i] && p.n_ds[i] == of_ds[i]);
        cr_assert(p.log_lr[i] == log_lr[i] || fabs(p.log_lr[i] - log_lr[i]) < 1e-15, "%zu: %g", i, p.log_lr[i]);
    }
    pav_free(&p);
    pav_free(&p);
}

Test(pav, refuses_what_has_no_answer)
{
    const double one[] = {1}, not_a_number[] = {NAN};
    pav p;
    adamas_error error;
    cr_assert_eq(pav_find(&p, 0, NULL, 1, one, &error), ADAMAS_E_DATA);
    cr_assert_eq(pav_find(&p, 1, one, 0, NULL, &error), ADAMAS_E_DATA);
    cr_assert_eq(pav_find(&p, 1, not_a_number, 1, one, &error), ADAMAS_E_DATA);
    cr_assert_eq(pav_find(&p, 1, one, 1, not_a_number, &error), ADAMAS_E_DATA);
    cr_assert(p.n == 0 && p.score == NULL);
}

/* The greatest over a <= i of the least over b >= i of the mean of scores a ... b: what isotonic regression is (Barlow
 * et al. 1972), here of n cases with the share of same-source cases as mean. */
static double minimax(size_t n, const double *is_ss, size_t i)
{
    double greatest = 0;
    for (size_t a = 0; a <= i; a++) {
        double least = 1, sum = 0;
        for (size_t b = a; b < n; b++) {
            sum += is_ss[b];
            if (b >= i)
                least = fmin(least, sum / (double)(b - a + 1));
        }
        greatest = fmax(greatest, least);
    }
    return greatest;
}

Test(pav, is_isotonic_regression)
{
    enum { n = 60 };
    double ss[n], ds[n], is_ss[n];
    for (uint64_t draw = 0; draw < 20; draw++) {
        random_stream r = {.seed = 71, .stream = draw};
        size_t n_ss = 0, n_ds = 0;
        for (size_t i = 0; i < n; i++) {
            is_ss[i] = random_uniform(&r) < (double)i / n;
            *(is_ss[i] > 0 ? &ss[n_ss++] : &ds[n_ds++]) = (double)i;
        }
        pav p;
        cr_assert_eq(pav_find(&p, n_ss, ss, n_ds, ds, NULL), ADAMAS_OK);
        cr_assert_eq(p.n, n);
        for (size_t i = 0; i < n; i++) {
            double share = minimax(n, is_ss, i);
            double log_lr = log(share / (1 - share)) + log((double)n_ds / (double)n_ss);
            cr_assert(p.log_lr[i] == log_lr || fabs(p.log_lr[i] - log_lr) < 1e-12, "%zu: %g, %g", i, p.log_lr[i],
                      log_lr);
        }
        pav_free(&p);
    }
}
