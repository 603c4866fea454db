/* Smooths with a Gaussian of sigma channels, truncated at 4 sigma, with weights of sum 1; each detector segment is
 * extended by reflection (d c b a | a b c d | d c b a). As SciPy's gaussian_filter1d. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "preprocess/convolve.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double truncate = 4;

static const step_parameter parameters[] = {
    {.name = "sigma", .fallback = 1, .low = 0.01, .high = 1e4},
};

typedef struct gaussian {
    taps *taps;
    size_t longest;
} gaussian;

static void destroy(void *state)
{
    gaussian *g = state;
    if (g)
        free(g->taps);
    free(g);
}

static void fill(taps *t, double sigma)
{
    double sum = 0;
    for (size_t k = 0; k <= t->half; k++)
        sum += (k ? 2 : 1) * exp(-0.5 * (double)(k * k) / (sigma * sigma));
    for (size_t k = 0; k <= t->half; k++)
        t->weights[k] = (float)(exp(-0.5 * (double)(k * k) / (sigma * sigma)) / sum);
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    double sigma = values[0].number;
    gaussian *made = memory_new(1, sizeof *made);
    if (made) {
        made->taps = taps_new((size_t)(truncate * sigma + 0.5));
        made->longest = axis_longest_segment(in);
    }
    *state = made && made->taps ? made : NULL;
    if (!*state) {
        destroy(made);
        return status_no_memory(error);
    }
    fill(made->taps, sigma);
    return ADAMAS_OK;
}

/* Floats before a segment in the scratch, so that the segment starts on a 64-byte boundary. */
static size_t margin(const gaussian *g)
{
    return (g->taps->half + 15) / 16 * 16;
}

static size_t scratch(const void *state)
{
    const gaussian *g = state;
    return 2 * margin(g) + g->longest;
}

/* Fills `half` channels before and after x[n] by reflection; half may be more than n. */
static void mirror(float *x, size_t n, size_t half)
{
    for (size_t k = 0; k < half; k++) {
        size_t at = k % (2 * n), from = at < n ? at : 2 * n - 1 - at;
        *(x - 1 - k) = x[from];
        x[n + k] = x[n - 1 - from];
    }
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *buffer)
{
    const gaussian *g = state;
    float *x = buffer + margin(g);
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t first = in->first[s], n = in->first[s + 1] - first;
        memcpy(x, row + first, n * sizeof *row);
        mirror(x, n, g->taps->half);
        convolve(g->taps, x, out + first, n);
    }
    row_check(out, in->n);
}

const step gaussian_step = {
    .name = "gaussian",
    .summary = "smooths: Gaussian of sigma channels, the ends mirrored",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .destroy = destroy,
    .scratch = scratch,
    .apply = apply,
};
