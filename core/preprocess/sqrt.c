/* The square root steadies the variance of counts. After a baseline is removed some are negative: they keep their sign,
 * so that noise about zero stays about zero and no order is turned round. */
#include "preprocess/step.h"

#include <math.h>

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    for (size_t i = 0; i < in->n; i++)
        out[i] = copysignf(sqrtf(fabsf(row[i])), row[i]);
}

const step sqrt_step = {
    .name = "sqrt",
    .summary = "square root, the sign kept",
    .apply = apply,
};
