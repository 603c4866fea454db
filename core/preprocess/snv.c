/* Standard normal variate (Barnes, Dhanoa & Lister 1989), with the standard deviation of divisor n, as in chemotools (n
 * - 1 would multiply all rows by the same factor). */
#include "preprocess/steps.h"

#include "base/sums.h"
#include "preprocess/row.h"

#include <math.h>

/* A standard deviation below this share of the mean is rounding error: float32 resolves differences of 1e-7 in a
 * channel. */
static const double rounding = 1e-12;

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    sums_moments m = sums_moments_of(row, in->n);
    double deviation = sqrt(m.squares / (double)in->n);
    if (!(deviation > rounding * fabs(m.mean)) || !row_scale(row, m.mean, deviation, out, in->n))
        row_set_nan(out, in->n);
}

const step snv_step = {
    .name = "snv",
    .summary = "standard normal variate: mean 0, standard deviation 1",
    .apply = apply,
};
