/* The square root stabilises the variance of counts. After baseline correction some are negative: they keep their sign,
 * so that noise about zero stays about zero and the order of intensities is kept. */
#include "preprocess/steps.h"

#include "base/simd.h"

#include <math.h>

SIMD_CLONES static void signed_roots(const float *row, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = copysignf(sqrtf(fabsf(row[i])), row[i]);
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    signed_roots(row, out, in->n);
}

const step sqrt_step = {
    .name = "sqrt",
    .summary = "square root, the sign kept",
    .apply = apply,
};
