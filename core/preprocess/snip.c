/* Subtracts the baseline found by statistics-sensitive non-linear iterative peak clipping: Ryan et al. (1988), with the
 * window decreasing (Morháč & Matoušek 2008), and neither logarithms nor smoothing first. */
#include "preprocess/snip.h"

#include "base/memory.h"
#include "preprocess/row.h"
#include "preprocess/steps.h"

#include <math.h>

static const step_parameter parameters[] = {
    {.name = "max_half_window", .fallback = 40, .low = 1, .high = 1e5, .whole = 1},
};

typedef struct snip {
    size_t max_half_window;
    size_t scratch; /* floats of the longest segment, folded */
} snip;

static size_t limit_window(size_t w, size_t n)
{
    return w < (n - 1) / 2 ? w : (n - 1) / 2;
}

/* The shape of a folded segment, with as many channels before and after it as the widest window needs. */
static folded shape_of(const snip *s, size_t n)
{
    size_t w = limit_window(s->max_half_window, n);
    return folded_shape(n, w, w, w);
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    snip *made = memory_new(1, sizeof *made);
    *state = made;
    if (!made)
        return status_no_memory(error);
    made->max_half_window = (size_t)values[0].number;
    for (size_t k = 0; k < in->n_segments; k++) {
        folded f = shape_of(made, in->first[k + 1] - in->first[k]);
        size_t floats = folded_floats(&f);
        made->scratch = floats > made->scratch ? floats : made->scratch;
    }
    return ADAMAS_OK;
}

static size_t scratch(const void *state)
{
    return ((const snip *)state)->scratch;
}

/* A straight line through channels that are numbered from 0. */
typedef struct line {
    double mean, slope, middle;
} line;

static float on_line(const line *l, double place)
{
    return (float)(l->mean + l->slope * (place - l->middle));
}

/* The least-squares line through y[n]. */
static line line_through(const float *y, size_t n)
{
    double middle = (double)(n - 1) / 2, sum = 0, moment = 0, spread = 0;
    for (size_t i = 0; i < n; i++) {
        double place = (double)i - middle;
        sum += y[i];
        moment += place * y[i];
        spread += place * place;
    }
    return (line){sum / (double)n, spread > 0 ? moment / spread : 0, middle};
}

/* Extrapolates beyond an end, as pybaselines does, by a straight line through the first or last w channels of
 * row[f->n], from channel `to` on; but not below the lowest channel of the row, which a line from a steep end would
 * reach. The whole row is searched only if the line falls below the w channels. */
static void extrapolate(const folded *f, const float *row, ptrdiff_t to, float *at)
{
    size_t w = f->reach, from = to < 0 ? 0 : f->n - w;
    line l = line_through(row + from, w);
    double begin = (double)to - (double)from, end = begin + (double)w - 1;
    float lowest = fminf(on_line(&l, begin), on_line(&l, end)), min, max;
    row_extremes(&min, &max, row + from, w);
    if (lowest < min)
        row_extremes(&min, &max, row, f->n);
    for (size_t i = 0; i < w; i++) {
        float y = on_line(&l, begin + (double)i);
        at[folded_index(f, to + (ptrdiff_t)i)] = y > min ? y : min;
    }
}

static void subtract(const folded *f, const float *row, float *out, float *array)
{
    float *at = folded_first(f, array);
    folded_pack(f, row, at);
    if (f->reach) {
        extrapolate(f, row, -(ptrdiff_t)f->reach, at);
        extrapolate(f, row, (ptrdiff_t)f->n, at);
    }
    for (size_t w = f->reach; w > 0; w--)
        folded_clip(f, at, w);
    folded_subtract(f, row, at, out);
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *array)
{
    for (size_t k = 0; k < in->n_segments; k++) {
        size_t first = in->first[k];
        folded f = shape_of(state, in->first[k + 1] - first);
        subtract(&f, row + first, out + first, array);
    }
    row_check(out, in->n);
}

void snip_envelope(const folded *f, float *at, size_t widest)
{
    for (size_t w = widest; w > 0; w /= 2)
        folded_clip(f, at, limit_window(w, f->n));
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
