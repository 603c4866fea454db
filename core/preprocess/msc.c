/* Multiplicative scatter correction (Geladi, MacDougall & Martens 1985): x = a + b r by least squares over all
 * channels, r the mean of the training spectra; the result is (x - a) / b. A row that is constant or negatively
 * correlated with r (b <= 0) becomes NaN. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "base/sums.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A standard deviation below this share of the mean is rounding error: float32 resolves differences of 1e-7 in a
 * channel. */
static const double rounding = 1e-12;

typedef struct msc {
    sums_moments moments; /* of the reference */
    float reference[];
} msc;

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)values;
    *state = NULL;
    sums_moments moments = sums_moments_of(reference, in->n);
    if (!(sqrt(moments.squares / (double)in->n) > rounding * fabs(moments.mean)))
        return status_set(error, ADAMAS_E_DATA, "msc: the mean of the training spectra is the same in all channels");
    msc *made = memory_raw(1, sizeof *made + in->n * sizeof *reference);
    if (!made)
        return status_no_memory(error);
    made->moments = moments;
    memcpy(made->reference, reference, in->n * sizeof *reference);
    *state = made;
    return ADAMAS_OK;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)scratch;
    const msc *m = state;
    const sums_moments *r = &m->moments;
    double products, mean = sums_moments_with(row, m->reference, r->mean, in->n, &products).mean;
    double b = products / r->squares;
    if (!(b * sqrt(r->squares / (double)in->n) > rounding * fabs(mean)) ||
        !row_scale(row, mean - b * r->mean, b, out, in->n))
        row_set_nan(out, in->n);
}

const step msc_step = {
    .name = "msc",
    .summary = "multiplicative scatter correction: fits each row to the mean of the training spectra",
    .needs_reference = 1,
    .create = create,
    .apply = apply,
};
