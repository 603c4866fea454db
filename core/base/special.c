#define _DEFAULT_SOURCE /* lgamma_r */
#include "base/special.h"

#include <math.h>

double special_log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}
