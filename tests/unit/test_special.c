/* Special functions: chi-square distribution and quantiles against tables. */
#include "base/special.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>

static void close_to(double found, double expected, double relative, size_t i)
{
    cr_assert_float_eq(found, expected, relative * fabs(expected), "%zu: %.17g, expected %.17g", i, found, expected);
}

/* P(X <= x) of the chi-square distribution. */
static double chi2_cdf(double x, double freedom)
{
    return -expm1(special_chi2_log_survival(x, freedom));
}

/* SciPy 1.10.1, scipy.stats.chi2; logs of extreme tails are mpmath's to 50 digits. */
Test(special, chi_square)
{
    static const struct {
        double x, freedom, cdf, log_survival;
    } known[] = {
        {0.5, 1, 0.5204998778130466, -0.7350111298370846},
        {1e-10, 1, 7.978845607895682e-06, -7.978877439039026e-06},
        {3, 2, 0.7768698398515702, -1.5},
        {10, 10, 0.5595067149347879, -0.8198600776149126},
        {9.99, 10, 0.5586289398568872, -0.8178693510988577},
        {20, 5, 0.9987502694369687, -6.684827300476973},
        {40, 13, 0.999861764514388, -8.886551909605048},
        {250, 250, 0.511894679952171, -0.7172240766445848},
        {500, 500, 0.508410626968991, -0.7101115186292621},
        {420, 500, 0.003935484624230122, -0.003943249021649893},
        {700, 500, 0.9999999922710079, -18.67828736949543},
        {1e-3, 7, 2.4020490518976986e-13, -2.4020490518979784e-13},
        {80, 1, 1, -42.428936197871842},
        {2000, 13, 1, -967.66439839454343},
        {1e4, 1, 1, -5004.8310615136451},
        {1e5, 500, 1, -48434.393985713903},
        {0, 3, 0, 0},
        {INFINITY, 3, 1, -INFINITY},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        close_to(chi2_cdf(known[i].x, known[i].freedom), known[i].cdf, 1e-12, i);
        if (isinf(known[i].log_survival))
            cr_assert_eq(special_chi2_log_survival(known[i].x, known[i].freedom), -INFINITY);
        else
            close_to(special_chi2_log_survival(known[i].x, known[i].freedom), known[i].log_survival, 2e-12, i);
    }
}

Test(special, chi_square_quantiles)
{
    static const struct {
        double p, freedom, x;
    } known[] = {
        {0.95, 13, 22.362032494826934},
        {0.9998296698323473, 13, 39.435341678977586},
        {0.5, 1, 0.454936423119572},
        {1e-08, 1, 1.5707963267948962e-16},
        {0.25, 18, 13.67529035039829},
        {0.75, 6, 7.840804120585122},
        {0.99, 24, 42.97982013935165},
        {0.999999, 3, 30.66484970615427},
        {0.95, 500, 553.1268089342569},
        {1e-12, 500, 308.74389291151016},
        {1e-300, 2, 2e-300},
        {0.5, 250, 249.33365030643904},
        {0.3, 3.7, 1.9590220142245272},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        close_to(special_chi2_quantile(known[i].p, known[i].freedom), known[i].x, 1e-11, i);
    cr_assert_eq(special_chi2_quantile(0, 4), 0);
    cr_assert_eq(special_chi2_quantile(1, 4), INFINITY);
}

/* For the degrees of freedom and probabilities that class models use. */
Test(special, quantile_is_the_inverse)
{
    for (double freedom = 1; freedom <= 500; freedom = ceil(freedom * 1.3))
        for (double p = 0.001; p < 1; p += 0.0371)
            close_to(chi2_cdf(special_chi2_quantile(p, freedom), freedom), p, 1e-12, (size_t)freedom);
}

/* scipy.stats.t.sf */
Test(special, student_survival)
{
    static const struct {
        double t;
        size_t freedom;
        double survival;
    } known[] = {
        {0, 1, 0.5},
        {1, 1, 0.24999999999999978},
        {-2, 1, 0.8524163823495667},
        {1.5, 2, 0.13619656244550044},
        {3, 3, 0.028834442811218657},
        {0.1, 4, 0.4625779204697266},
        {12.7, 5, 2.690481342026008e-05},
        {-0.7, 7, 0.7467412239022001},
        {2.5, 11, 0.014753187043682073},
        {2, 100, 0.02410608936556682},
        {60, 3, 5.099796836659873e-06},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        cr_assert_float_eq(special_student_survival(known[i].t, known[i].freedom), known[i].survival, 1e-14);
    cr_assert_eq(special_student_survival(INFINITY, 5), 0);
    cr_assert_eq(special_student_survival(-INFINITY, 4), 1);
}
