/* Sample size by the hypergeometric distribution. */
#include "evidence/sampling_plan.h"

#include "base/special.h"

#include <math.h>

static double log_choose(size_t n, size_t k)
{
    return special_log_gamma((double)n + 1) - special_log_gamma((double)k + 1) - special_log_gamma((double)(n - k) + 1);
}

/* Probability that at least one foreign specimen is recognised:
 * 1 - sum_i Hypergeometric(i; whole, foreign, measured) (1 - sensitivity)^i. */
static double detection_probability(size_t whole, size_t foreign, size_t measured, double sensitivity)
{
    double all = log_choose(whole, measured), missed = 0;
    size_t first = foreign + measured > whole ? foreign + measured - whole : 0;
    size_t last = foreign < measured ? foreign : measured;
    for (size_t i = first; i <= last; i++)
        missed += exp(log_choose(foreign, i) + log_choose(whole - foreign, measured - i) - all) *
                  pow(1 - sensitivity, (double)i);
    return fmax(0, 1 - missed);
}

/* The probability rises with the number measured, so bisection finds the smallest number. */
size_t sampling_plan_min_size(size_t whole, size_t foreign, double sensitivity, double confidence)
{
    size_t below = 0, enough = whole;
    double slack = 1e-12; /* a probability that equals the confidence but for rounding suffices */
    if (!(detection_probability(whole, foreign, whole, sensitivity) >= confidence - slack))
        return 0;
    while (enough - below > 1) {
        size_t middle = below + (enough - below) / 2;
        if (detection_probability(whole, foreign, middle, sensitivity) >= confidence - slack)
            enough = middle;
        else
            below = middle;
    }
    return enough;
}
