/* Multivariate Student's t: degrees of freedom of a shrunk covariance, norm, density. */
#include "match/student.h"

#include "base/special.h"

#include <math.h>

double student_freedom(double f, double lambda, size_t p)
{
    return fmax(f - (1 - lambda) * (double)p + 1, 1);
}

student student_make(double freedom, double scale, size_t n_components, double log_determinant)
{
    double p = (double)n_components;
    return (student){.freedom = freedom,
                     .scale = scale,
                     .log_norm = special_log_gamma((freedom + p) / 2) - special_log_gamma(freedom / 2) -
                                 p / 2 * log(freedom * M_PI) - log_determinant};
}

double student_log_density(const student *t, size_t p, double peak, double distance)
{
    return peak - (t->freedom + (double)p) / 2 * log1p(distance / t->freedom);
}
