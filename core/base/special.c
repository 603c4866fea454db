/* Special functions: the incomplete gamma function and the chi-square distribution. */
#define _DEFAULT_SOURCE /* lgamma_r */
#include "base/special.h"

#include <float.h>
#include <math.h>

double special_log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

/* ln of x^a e^-x / Γ(a) */
static double log_front(double a, double x)
{
    return a * log(x) - x - special_log_gamma(a);
}

/* P / front = sum of x^n / (a (a+1) ... (a+n)); DLMF 8.7.1 */
static double series(double a, double x)
{
    double term = 1 / a, sum = term;
    for (double n = 1; term > sum * DBL_EPSILON / 4; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* Q / front: the continued fraction 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - ...))), DLMF 8.9.2 made even, by
 * the modified Lentz method. For x > a + 1 no partial denominator is 0. */
static double fraction(double a, double x)
{
    double b = x + 1 - a, c = INFINITY, d = 1 / b, value = d, change = 0;
    for (double n = 1; fabs(change - 1) > DBL_EPSILON && n < 1e5; n++) {
        double numerator = -n * (n - a);
        b += 2;
        d = 1 / (b + numerator * d);
        c = b + numerator / c;
        change = c * d;
        value *= change;
    }
    return value;
}

/* ln (1 - e^x) for x < 0 */
static double log_rest(double x)
{
    return x > -M_LN2 ? log(-expm1(x)) : log1p(-exp(x));
}

/* Natural logs of the regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), a >= 1/2 and x >= 0,
 * each at full relative accuracy however small it is. */
static void log_gamma_ratios(double a, double x, double *log_lower, double *log_upper)
{
    if (x <= 0) {
        *log_lower = -INFINITY;
        *log_upper = 0;
    } else if (isinf(x)) {
        *log_lower = 0;
        *log_upper = -INFINITY;
    } else if (x < a + 1) {
        *log_lower = fmin(log_front(a, x) + log(series(a, x)), 0);
        *log_upper = log_rest(*log_lower);
    } else {
        *log_upper = fmin(log_front(a, x) + log(fraction(a, x)), 0);
        *log_lower = log_rest(*log_upper);
    }
}

double special_chi2_log_survival(double x, double freedom)
{
    double lower, upper;
    log_gamma_ratios(freedom / 2, x / 2, &lower, &upper);
    return upper;
}

/* Newton's method for the log of the smaller tail as a function of ln x, which is nearly linear, within a bracket. */
double special_chi2_quantile(double p, double freedom)
{
    if (p <= 0)
        return 0;
    if (p >= 1)
        return INFINITY;
    double a = freedom / 2, low = -800, high = log(a) + 8, at = log(a), step = 1;
    double wanted = p < 0.5 ? log(p) : log1p(-p);
    for (int i = 0; i < 200 && fabs(step) > 2 * DBL_EPSILON; i++) {
        double lower, upper, x = exp(at);
        log_gamma_ratios(a, x, &lower, &upper);
        double tail = p < 0.5 ? lower : upper;
        double slope = exp(log_front(a, x) - tail) * (p < 0.5 ? 1 : -1);
        double next = at - (tail - wanted) / slope;
        *((tail < wanted) == (p < 0.5) ? &low : &high) = at;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        step = next - at;
        at = next;
    }
    return 2 * exp(at);
}

/* Abramowitz & Stegun (1964), 26.7.3 and 26.7.4: a finite sum. */
double special_student_survival(double t, size_t freedom)
{
    double angle = atan(t / sqrt((double)freedom)), cosine = cos(angle), square = cosine * cosine;
    double term = freedom % 2 ? cosine : 1, sum = 0;
    for (size_t k = freedom % 2 ? 3 : 2; k <= freedom; k += 2) {
        sum += term;
        term *= square * (double)(k - 1) / (double)k;
    }
    double within = freedom % 2 ? 2 / M_PI * (angle + sin(angle) * sum) : sin(angle) * sum;
    return (1 - within) / 2;
}
