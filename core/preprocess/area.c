/* Total area normalisation. The area is the integral over nm (trapezoids, segment by segment), not the sum of the
 * channels: so it does not change with the pitch of the pixels. */
#include "preprocess/step.h"

#include "preprocess/row.h"

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    double total = 0;
    for (size_t s = 0; s < in->n_segments; s++)
        for (size_t i = in->first[s] + 1; i < in->first[s + 1]; i++)
            total += ((double)row[i] + row[i - 1]) / 2 * (in->nm[i] - in->nm[i - 1]);
    if (!(total > 0)) {
        row_set_nan(out, in->n);
        return;
    }
    for (size_t i = 0; i < in->n; i++)
        out[i] = (float)(row[i] / total);
    row_check(out, in->n);
}

const step area_step = {
    .name = "area",
    .summary = "divides by the total area (over nm)",
    .apply = apply,
};
