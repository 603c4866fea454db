/* Special functions. */
#ifndef BASE_SPECIAL_H
#define BASE_SPECIAL_H

#include <stddef.h>

/* ln Γ(x) for x > 0. Unlike the C library's lgamma it does not write the sign to a global variable. */
double special_log_gamma(double x);

/* The chi-square distribution with `freedom` >= 1 degrees of freedom: ln P(X > x), and the x for which P(X <= x) = p, 0
 * <= p <= 1. */
double special_chi2_log_survival(double x, double freedom);
double special_chi2_quantile(double p, double freedom);

/* P(T > t) of Student's t with a whole number of degrees of freedom, 1 or more; within 1e-15. */
double special_student_survival(double t, size_t freedom);

#endif
