/* Min-max normalisation: the lowest channel becomes 0, the highest 1. */
#include "preprocess/steps.h"

#include "preprocess/row.h"

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    float min, max;
    row_extremes(&min, &max, row, in->n);
    if (!(max > min) || !row_scale(row, min, (double)max - min, out, in->n))
        row_set_nan(out, in->n);
}

const step minmax_step = {
    .name = "minmax",
    .summary = "lowest channel 0, highest 1",
    .apply = apply,
};
