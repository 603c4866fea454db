/* The lowest channel becomes 0, the highest 1. */
#include "preprocess/steps.h"

#include "preprocess/row.h"

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    float least, most;
    row_extremes(&least, &most, row, in->n);
    if (!(most > least) || !row_scale(row, least, (double)most - least, out, in->n))
        row_set_nan(out, in->n);
}

const step minmax_step = {
    .name = "minmax",
    .summary = "lowest channel 0, highest 1",
    .apply = apply,
};
