/* Special functions. */
#ifndef BASE_SPECIAL_H
#define BASE_SPECIAL_H

/* ln Γ(x) for x > 0. Unlike the C library's lgamma it leaves no sign behind in a variable of the whole process. */
double special_log_gamma(double x);

/* Natural logs of the regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P(a, x), a >= 1/2 and x >= 0,
 * each at its own relative accuracy however small it is. */
void special_log_gamma_ratios(double a, double x, double *log_lower, double *log_upper);

/* The chi-square distribution with `freedom` >= 1: P(X <= x), ln P(X > x), and the x of P(X <= x) = p, 0 <= p <= 1. */
double special_chi2_cdf(double x, double freedom);
double special_chi2_log_survival(double x, double freedom);
double special_chi2_quantile(double p, double freedom);

#endif
