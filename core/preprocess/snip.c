/* Subtracts the baseline found by statistics-sensitive non-linear iterative peak clipping: Ryan et al. (1988), with the
 * window decreasing (Morháč & Matoušek 2008), and neither logarithms nor smoothing first. */
#include "preprocess/snip.h"

#include "base/memory.h"
#include "preprocess/row.h"
#include "preprocess/step.h"

#include <string.h>

static const step_parameter parameters[] = {
    {.name = "max_half_window", .fallback = 40, .low = 1, .high = 1e5, .whole = 1},
};

typedef struct snip {
    size_t max_half_window;
    size_t longest; /* channels of the longest segment */
} snip;

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    snip *made = memory_new(1, sizeof *made);
    *state = made;
    if (!made)
        return status_no_memory(error);
    made->max_half_window = (size_t)values[0].number;
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t n = in->first[s + 1] - in->first[s];
        made->longest = n > made->longest ? n : made->longest;
    }
    return ADAMAS_OK;
}

/* A segment and what is laid before and after it. */
static size_t room(const snip *s)
{
    return (s->longest + 2 * s->max_half_window + 15) / 16 * 16;
}

static size_t scratch(const void *state)
{
    return 2 * room(state);
}

static inline float clip(float y, float left, float right)
{
    float mean = 0.5f * left + 0.5f * right;
    return mean < y ? mean : y;
}

void snip_clip(const float *restrict in, float *restrict out, size_t n, size_t w)
{
    out[0] = in[0];
    out[n - 1] = in[n - 1];
    for (size_t i = 1; i < w; i++) {
        out[i] = clip(in[i], in[0], in[2 * i]);
        out[n - 1 - i] = clip(in[n - 1 - i], in[n - 1 - 2 * i], in[n - 1]);
    }
    const float *restrict left = in, *restrict middle = in + w, *restrict right = in + 2 * w;
    float *restrict result = out + w;
    for (size_t i = 0; i < n - 2 * w; i++)
        result[i] = clip(middle[i], left[i], right[i]);
}

void snip_envelope(const float *y, size_t n, size_t widest, float *before, float *envelope)
{
    memcpy(envelope, y, n * sizeof *y);
    for (size_t w = widest; w > 0; w /= 2) {
        memcpy(before, envelope, n * sizeof *y);
        snip_clip(before, envelope, n, w < (n - 1) / 2 ? w : (n - 1) / 2);
    }
}

/* The straight line through y[w] (least squares), at the places from `first` on, to out[w]; never below `least`. */
static void extrapolate(const float *y, size_t w, double first, float least, float *out)
{
    double middle = (double)(w - 1) / 2, sum = 0, moment = 0, spread = 0;
    for (size_t i = 0; i < w; i++) {
        double place = (double)i - middle;
        sum += y[i];
        moment += place * y[i];
        spread += place * place;
    }
    double mean = sum / (double)w, slope = spread > 0 ? moment / spread : 0;
    for (size_t i = 0; i < w; i++) {
        float line = (float)(mean + slope * (first + (double)i - middle));
        out[i] = line > least ? line : least;
    }
}

/* Windows need channels beyond the ends: like pybaselines, a straight line through the last w channels goes on there,
 * but not below the lowest channel, to where it would run at a steep end. */
static void subtract_baseline(const float *row, float *out, size_t n, size_t w, float *baseline, float *other)
{
    w = w <= (n - 1) / 2 ? w : (n - 1) / 2;
    float least = row[0];
    for (size_t i = 1; i < n; i++)
        least = row[i] < least ? row[i] : least;
    if (w > 0) {
        extrapolate(row, w, -(double)w, least, baseline);
        extrapolate(row + n - w, w, (double)w, least, baseline + w + n);
    }
    memcpy(baseline + w, row, n * sizeof *row);
    for (size_t half = w; half > 0; half--) {
        snip_clip(baseline, other, n + 2 * w, half);
        memcpy(other, baseline, half * sizeof *other);
        memcpy(other + n + 2 * w - half, baseline + n + 2 * w - half, half * sizeof *other);
        float *swap = baseline;
        baseline = other;
        other = swap;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = row[i] - baseline[w + i];
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *buffers)
{
    const snip *s = state;
    for (size_t k = 0; k < in->n_segments; k++) {
        size_t first = in->first[k], n = in->first[k + 1] - first;
        subtract_baseline(row + first, out + first, n, s->max_half_window, buffers, buffers + room(s));
    }
    row_check(out, in->n);
}

const step snip_step = {
    .name = "snip",
    .summary = "subtracts the SNIP baseline, windows falling from max_half_window channels",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = scratch,
    .apply = apply,
};
