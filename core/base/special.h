/* Special functions. */
#ifndef BASE_SPECIAL_H
#define BASE_SPECIAL_H

/* ln Γ(x) for x > 0. Unlike the C library's lgamma it leaves no sign behind in a variable of the whole process. */
double special_log_gamma(double x);

#endif
