/* Total area normalisation. The area is the integral over nm (trapezoidal rule, segment by segment), not the sum of the
 * channels, so that it does not depend on the width of the pixels. */
#include "preprocess/steps.h"

#include "base/simd.h"
#include "preprocess/row.h"

/* Twice the integral over a segment of n channels, summed in fixed lanes: the order is the same on any processor. */
SIMD_CLONES static double twice_area(const float *row, const double *nm, size_t n)
{
    enum { lanes = 2 * SIMD_DOUBLES };
    double lane[lanes] = {0}, sum = 0;
    size_t whole = (n - 1) - (n - 1) % lanes;
    for (size_t i = 0; i < whole; i += lanes)
        for (size_t k = 0; k < lanes; k++)
            lane[k] += ((double)row[i + k + 1] + row[i + k]) * (nm[i + k + 1] - nm[i + k]);
    for (size_t i = whole; i + 1 < n; i++)
        lane[i - whole] += ((double)row[i + 1] + row[i]) * (nm[i + 1] - nm[i]);
    for (size_t k = 0; k < lanes; k++)
        sum += lane[k];
    return sum;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    double total = 0;
    for (size_t s = 0; s < in->n_segments; s++)
        total += twice_area(row + in->first[s], in->nm + in->first[s], in->first[s + 1] - in->first[s]) / 2;
    if (!(total > 0) || !row_scale(row, 0, total, out, in->n))
        row_set_nan(out, in->n);
}

const step area_step = {
    .name = "area",
    .summary = "divides by the total area (over nm)",
    .apply = apply,
};
