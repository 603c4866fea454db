/* The lowest channel becomes 0, the highest 1. */
#include "preprocess/step.h"

#include "base/simd.h"
#include "preprocess/row.h"

enum { lanes = 4 * SIMD_FLOATS };

SIMD_CLONES static void find_extremes(const float *row, size_t n, float *least, float *most)
{
    float low[lanes], high[lanes];
    for (size_t k = 0; k < lanes; k++)
        low[k] = high[k] = row[0];
    size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (size_t k = 0; k < lanes; k++) {
            low[k] = row[i + k] < low[k] ? row[i + k] : low[k];
            high[k] = row[i + k] > high[k] ? row[i + k] : high[k];
        }
    for (; i < n; i++) {
        low[0] = row[i] < low[0] ? row[i] : low[0];
        high[0] = row[i] > high[0] ? row[i] : high[0];
    }
    *least = low[0];
    *most = high[0];
    for (size_t k = 1; k < lanes; k++) {
        *least = low[k] < *least ? low[k] : *least;
        *most = high[k] > *most ? high[k] : *most;
    }
}

SIMD_CLONES static void scale(const float *row, double least, double factor, float *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (float)((row[i] - least) * factor);
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)state;
    (void)scratch;
    float least, most;
    find_extremes(row, in->n, &least, &most);
    if (!(most > least)) {
        row_set_nan(out, in->n);
        return;
    }
    scale(row, least, 1 / ((double)most - least), out, in->n);
    row_check(out, in->n);
}

const step minmax_step = {
    .name = "minmax",
    .summary = "lowest channel 0, highest 1",
    .apply = apply,
};
