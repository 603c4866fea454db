/* Confidence intervals of a proportion. */
#ifndef EVIDENCE_INTERVAL_H
#define EVIDENCE_INTERVAL_H

#include <stddef.h>

/* The exact interval of Clopper and Pearson (1934) for `successes` of n at this confidence (such as 0.95): each tail
 * has the probability (1 - confidence) / 2. n = 0 gives 0 and 1. */
void interval_clopper_pearson(size_t successes, size_t n, double confidence, double *low, double *high);

/* P(X >= successes) of a binomial of n at probability p. */
double interval_upper_tail(size_t successes, size_t n, double p);

#endif
