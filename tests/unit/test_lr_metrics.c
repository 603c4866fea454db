/* Metrics of likelihood ratios: Cllr, its parts, error rates and curves as other programs and closed forms give them.
 * */
#include "evidence/lr_metrics.h"

#include "base/random.h"

#include <criterion/criterion.h>
#include <math.h>

static const double ln10 = 2.302585092994046;

enum { most = 20 };

typedef struct example {
    size_t n_ss, n_ds;
    double lr_ss[most], lr_ds[most];
} example;

static lr_metrics find(const example *e)
{
    double ss[most], ds[most];
    for (size_t i = 0; i < e->n_ss; i++)
        ss[i] = log(e->lr_ss[i]);
    for (size_t i = 0; i < e->n_ds; i++)
        ds[i] = log(e->lr_ds[i]);
    lr_metrics m;
    cr_assert_eq(lr_metrics_find(&m, e->n_ss, ss, e->n_ds, ds, NULL), ADAMAS_OK);
    cr_assert_eq(m.cllr_cal, m.cllr - m.cllr_min);
    cr_assert(m.n_ss == e->n_ss && m.n_ds == e->n_ds);
    return m;
}

static const example reference = {6, 5, {.5, 2, 4, 6, 8, 10}, {.2, .4, .6, .8, 1.1}};

/* Values of other programs (R, and the Netherlands Forensic Institute's lir). */
Test(lr_metrics, cllr_as_others_find_it)
{
    lr_metrics m = find(&reference);
    cr_assert_float_eq(m.cllr, 0.586298107494, 1e-12);
    cr_assert_float_eq(m.cllr_min, 0.289560574815, 1e-12);
    double ss[100], ds[1000];
    for (size_t i = 0; i < 100; i++)
        ss[i] = log(i < 90 ? 1000 : .101);
    for (size_t i = 0; i < 1000; i++)
        ds[i] = log(i < 990 ? .101 : 1000);
    cr_assert_eq(lr_metrics_find(&m, 100, ss, 1000, ds, NULL), ADAMAS_OK);
    cr_assert_float_eq(m.cllr, 0.2915175453, 1e-10);
}

Test(lr_metrics, cllr_does_not_overflow)
{
    lr_metrics m = find(&(example){1, 1, {1e-317}, {1}});
    cr_assert_float_eq(m.cllr, 527.0256, 5e-5);
    cr_assert_float_eq(m.cllr_min, 1, 1e-15);
    m = find(&(example){1, 1, {INFINITY}, {0}});
    cr_assert(m.cllr == 0 && m.cllr_min == 0 && m.eer == 0);
    m = find(&(example){2, 1, {0, 1}, {1}});
    cr_assert_eq(m.cllr, INFINITY);
    cr_assert(isfinite(m.cllr_min));
}

/* The midpoints of n equal shares of a normal law: (i + 1/2)/n inverted by bisection of erfc. */
static double normal_quantile(double p)
{
    double low = -10, high = 10;
    for (int i = 0; i < 80; i++) {
        double middle = (low + high) / 2;
        *(erfc(-middle / sqrt(2)) / 2 < p ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* Calibrated normal log LRs: N(s^2/2, s^2) and N(-s^2/2, s^2). The sample is the quantiles of the law, so that its Cllr
 * is a midpoint rule for the integral: good to some 10^-5. */
static void assert_normal_law(double sigma, double cllr)
{
    enum { n = 20000 };
    static double ss[n], ds[n];
    for (size_t i = 0; i < n; i++) {
        double z = sigma * normal_quantile(((double)i + 0.5) / n);
        ss[i] = sigma * sigma / 2 + z;
        ds[i] = -sigma * sigma / 2 + z;
    }
    lr_metrics m;
    cr_assert_eq(lr_metrics_find(&m, n, ss, n, ds, NULL), ADAMAS_OK);
    cr_assert_float_eq(m.cllr, cllr, 5e-5, "%g: Cllr %.10f", sigma, m.cllr);
    cr_assert(m.cllr_min <= m.cllr && m.cllr - m.cllr_min < 0.002, "%g: %g", sigma, m.cllr_cal);
    cr_assert_float_eq(m.eer, erfc(sigma / 2 / sqrt(2)) / 2, 3e-4, "%g: EER %g", sigma, m.eer);
}

Test(lr_metrics, normal_law)
{
    assert_normal_law(1, 0.8392527802);
    assert_normal_law(2, 0.5140558459);
    assert_normal_law(4, 0.0871777142);
}

/* The hull of scores 1 (ds), 2 (ss), 3 (ds), 4 (ss) runs (0, 1) (0, 1/2) (1/2, 0) (1, 0): it crosses at 1/4. Scores of
 * no worth give 1/2; so do scores that are the wrong way round, which PAV pools. */
Test(lr_metrics, equal_error_rate_by_hand)
{
    cr_assert_float_eq(find(&(example){2, 2, {2, 4}, {1, 3}}).eer, 0.25, 1e-15);
    cr_assert_float_eq(find(&(example){3, 2, {1, 1, 1}, {1, 1}}).eer, 0.5, 1e-15);
    cr_assert_float_eq(find(&(example){2, 2, {1, 2}, {3, 4}}).eer, 0.5, 1e-15);
    cr_assert_float_eq(find(&(example){4, 1, {1, 4, 5, 6}, {2}}).eer, 0.2, 1e-15); /* (0,1) to (1/4,0) */
}

/* Areas that can be drawn on paper, and the degenerate cases as lir has them. */
Test(lr_metrics, devpav_by_hand)
{
    const example naive = {5, 5, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}}, twice = {2, 2, {2, 2}, {2, 2}};
    cr_assert_float_eq(find(&naive).devpav, 0, 1e-15);
    cr_assert_float_eq(find(&twice).devpav, log10(2), 1e-15);
    const example two_points = {4, 4, {5, 5, 5, .2}, {5, .2, .2, .2}};
    cr_assert_float_eq(find(&two_points).devpav, (log10(5) - log10(3)) / 2, 1e-15);
    const example inner = {4, 4, {6, 5, 5, .2}, {5, .2, .2, .1}};
    cr_assert_float_eq(find(&inner).devpav, (log10(5) - log10(2)) / 2, 1e-15);
    /* PAV gives 0, 1, 1, inf at log10 LR -2, -1, 1, 2: two triangles of 1/2 over a width of 2 */
    const example crossing = {2, 2, {.1, 100}, {.01, 10}};
    cr_assert_float_eq(find(&crossing).devpav, 0.5, 1e-15);
    const example infinite = {3, 4, {5, 5, 5}, {.2, .2, .2, INFINITY}};
    cr_assert_eq(find(&infinite).devpav, INFINITY);
    const example separated = {2, 2, {3, 4}, {1, 2}};
    cr_assert(isnan(find(&separated).devpav));
}

/* All LRs too large by one factor: devPAV is about its logarithm, and only calibration has suffered. */
Test(lr_metrics, devpav_sees_a_shift)
{
    enum { n = 2000 };
    static double ss[n], ds[n];
    random_stream r = {.seed = 31};
    for (size_t i = 0; i < n; i++) {
        ss[i] = 2 + 2 * random_normal(&r);
        ds[i] = -2 + 2 * random_normal(&r);
    }
    lr_metrics calibrated, shifted;
    cr_assert_eq(lr_metrics_find(&calibrated, n, ss, n, ds, NULL), ADAMAS_OK);
    for (size_t i = 0; i < n; i++) {
        ss[i] += 1.5 * ln10;
        ds[i] += 1.5 * ln10;
    }
    cr_assert_eq(lr_metrics_find(&shifted, n, ss, n, ds, NULL), ADAMAS_OK);
    cr_assert_lt(calibrated.devpav, 0.2);
    cr_assert_float_eq(shifted.devpav, 1.5, 0.2);
    cr_assert_float_eq(shifted.cllr_min, calibrated.cllr_min, 1e-9);
    cr_assert_gt(shifted.cllr_cal, calibrated.cllr_cal + 0.3);
}

Test(lr_metrics, refuses_what_has_no_answer)
{
    const double one[] = {1}, not_a_number[] = {NAN};
    lr_metrics m;
    adamas_error error;
    cr_assert_eq(lr_metrics_find(&m, 0, NULL, 1, one, &error), ADAMAS_E_DATA);
    cr_assert_eq(lr_metrics_find(&m, 1, one, 1, not_a_number, &error), ADAMAS_E_DATA);
}

Test(lr_metrics, tippett)
{
    const double log_lr[] = {-INFINITY, -ln10, 0, 2 * ln10, INFINITY}, threshold[] = {-5, -1, -0.5, 0, 1, 3};
    const double expected[] = {0.8, 0.6, 0.6, 0.4, 0.4, 0.2};
    double share[6];
    lr_tippett(share, 6, threshold, 5, log_lr);
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(share[i], expected[i]);
}

/* At odds 1 they are the costs; elsewhere, by hand for one case of each kind: LR 4 and 1/2 at odds 1/3. */
Test(lr_metrics, empirical_cross_entropy)
{
    double ss[6], ds[5], as_is[3], after[3], neutral[3];
    for (size_t i = 0; i < 6; i++)
        ss[i] = log(reference.lr_ss[i]);
    for (size_t i = 0; i < 5; i++)
        ds[i] = log(reference.lr_ds[i]);
    const double odds[] = {-2, 0, 2};
    cr_assert_eq(lr_ece(as_is, after, neutral, 3, odds, 6, ss, 5, ds, NULL), ADAMAS_OK);
    cr_assert_float_eq(as_is[1], 0.586298107494, 1e-12);
    cr_assert_float_eq(after[1], 0.289560574815, 1e-12);
    cr_assert_float_eq(neutral[1], 1, 1e-15);
    cr_assert_float_eq(neutral[0], -log2(1 / 101.0) / 101 - log2(100 / 101.0) * 100 / 101, 1e-15);
    cr_assert_float_eq(neutral[0], neutral[2], 1e-15);
    for (size_t i = 0; i < 3; i++)
        cr_assert(after[i] <= neutral[i] + 1e-15 && after[i] <= as_is[i] + 1e-15);

    const double four = log(4), half = log(0.5), third = log10(1.0 / 3);
    cr_assert_eq(lr_ece(as_is, after, neutral, 1, &third, 1, &four, 1, &half, NULL), ADAMAS_OK);
    cr_assert_float_eq(as_is[0], 0.25 * log2(1 + 3 / 4.0) + 0.75 * log2(1 + 1 / 6.0), 1e-14);
    cr_assert_eq(after[0], 0);
    cr_assert_eq(lr_ece(as_is, after, neutral, 1, &third, 1, &four, 0, NULL, NULL), ADAMAS_E_DATA);
}

Test(lr_metrics, reliability)
{
    const double p[] = {0, 0.1, 0.3, NAN, 0.5, 1, 0.9};
    const unsigned char is_true[] = {0, 1, 0, 1, 1, 1, 0};
    double mean[4], share[4];
    size_t count[4];
    lr_reliability(mean, share, count, 4, 7, p, is_true);
    const double means[] = {0.05, 0.3, 0.5, 0.95}, shares[] = {0.5, 0, 1, 0.5};
    const size_t counts[] = {2, 1, 1, 2};
    for (size_t b = 0; b < 4; b++) {
        cr_assert_eq(count[b], counts[b]);
        cr_assert_float_eq(mean[b], means[b], 1e-15);
        cr_assert_float_eq(share[b], shares[b], 1e-15);
    }
    lr_reliability(mean, share, count, 4, 1, p, is_true);
    cr_assert(count[3] == 0 && isnan(mean[3]) && isnan(share[3]));
}
