/* Exact binomial intervals by bisection of the tail probability. */
#include "evidence/interval.h"

#include "base/special.h"

#include <math.h>

/* P(X >= k) of a binomial, k = 1 ... n. The order of the sum does not matter: all terms are positive. */
static double upper_tail(size_t k, size_t n, double p)
{
    double sum = 0;
    for (size_t i = k; i <= n; i++)
        sum += exp(special_log_gamma((double)n + 1) - special_log_gamma((double)i + 1) -
                   special_log_gamma((double)(n - i) + 1) + (double)i * log(p) + (double)(n - i) * log1p(-p));
    return sum;
}

/* The p at which k or more successes have the probability `tail`, which rises with p. */
static double solve(size_t k, size_t n, double tail)
{
    double low = 0, high = 1;
    while (1) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            return middle;
        if (upper_tail(k, n, middle) < tail)
            low = middle;
        else
            high = middle;
    }
}

double interval_upper_tail(size_t successes, size_t n, double p)
{
    return successes == 0 ? 1 : upper_tail(successes, n, p);
}

void interval_clopper_pearson(size_t successes, size_t n, double confidence, double *low, double *high)
{
    double tail = (1 - confidence) / 2;
    *low = successes == 0 ? 0 : solve(successes, n, tail);
    *high = successes == n ? 1 : solve(successes + 1, n, 1 - tail);
}
