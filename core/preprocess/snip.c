/* Subtracts the baseline found by statistics-sensitive non-linear iterative peak clipping: Ryan et al. (1988), with the
 * window decreasing (Morháč & Matoušek 2008), and neither logarithms nor smoothing first. */
#include "preprocess/snip.h"

#include "base/memory.h"
#include "preprocess/row.h"
#include "preprocess/step.h"

#include <math.h>

static const step_parameter parameters[] = {
    {.name = "max_half_window", .fallback = 40, .low = 1, .high = 1e5, .whole = 1},
};

typedef struct snip {
    size_t max_half_window;
    size_t most_records; /* that leave some room in the nearest cache */
    size_t room;         /* for a segment's arrays */
} snip;

static size_t that_fits(size_t w, size_t n)
{
    return w < (n - 1) / 2 ? w : (n - 1) / 2;
}

/* A segment of n channels, whose windows fall from w. A window's end changes what is within another window of it, and
 * so on: blocks that overlap by all windows together are, but for the overlap, what the segment is. */
typedef struct blocks {
    size_t n, w, overlap;
    size_t own; /* channels of a block without the overlap */
} blocks;

/* Block k: with the overlap channels first ... end - 1, and as many before and after it as the widest window wants
 * where the segment ends. */
static folded shape(const blocks *b, size_t k, size_t *first)
{
    size_t begin = k * b->own, end = begin + b->own;
    *first = begin > b->overlap ? begin - b->overlap : 0;
    size_t last = end + b->overlap < b->n ? end + b->overlap : b->n;
    return folded_shape(last - *first, *first == 0 ? b->w : 0, last == b->n ? b->w : 0, b->w);
}

static size_t count(const blocks *b)
{
    return (b->n + b->own - 1) / b->own;
}

/* As few as fit the nearest cache, or one where they would be mostly overlap. */
static blocks cut(const snip *s, size_t n)
{
    size_t w = that_fits(s->max_half_window, n), first;
    blocks b = {n, w, w * (w + 1) / 2, n};
    for (size_t parts = 2; b.own == n || b.own > b.overlap; parts++) {
        folded middle = shape(&b, count(&b) / 2, &first);
        if (middle.records + 2 * w <= s->most_records)
            return b;
        b.own = (n + parts - 1) / parts;
    }
    b.own = n;
    return b;
}

/* All blocks' arrays, one after the other. */
static size_t room_for(const blocks *b)
{
    size_t room = 0, first;
    for (size_t k = 0; k < count(b); k++) {
        folded f = shape(b, k, &first);
        room += folded_floats(&f);
    }
    return room;
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
    made->most_records = memory_nearest_cache() / 6 * 5 / (FOLDED_LANES * sizeof(float));
    for (size_t k = 0; k < in->n_segments; k++) {
        blocks b = cut(made, in->first[k + 1] - in->first[k]);
        size_t room = room_for(&b);
        made->room = room > made->room ? room : made->room;
    }
    return ADAMAS_OK;
}

static size_t scratch(const void *state)
{
    return ((const snip *)state)->room;
}

/* Through some channels, the first of which is number 0. */
typedef struct line {
    double mean, slope, middle;
} line;

static float on_line(const line *l, double place)
{
    return (float)(l->mean + l->slope * (place - l->middle));
}

/* Through y[n], by least squares. */
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

/* Windows need channels beyond the ends: like pybaselines, a straight line through the first or last w channels of
 * row[n] goes on there, from channel `to` on, but not below the lowest channel, to where it would run at a steep end:
 * the whole row is looked through only where the line is below these. */
static void extrapolate(const blocks *b, const float *row, ptrdiff_t to, const folded *f, size_t first, float *at)
{
    size_t from = to < 0 ? 0 : b->n - b->w;
    line l = line_through(row + from, b->w);
    double begin = (double)to - (double)from, end = begin + (double)b->w - 1;
    float lowest = fminf(on_line(&l, begin), on_line(&l, end)), least, most;
    row_extremes(&least, &most, row + from, b->w);
    if (lowest < least)
        row_extremes(&least, &most, row, b->n);
    for (size_t i = 0; i < b->w; i++) {
        float y = on_line(&l, begin + (double)i);
        at[folded_place(f, to + (ptrdiff_t)i - (ptrdiff_t)first)] = y > least ? y : least;
    }
}

/* All blocks are laid before the first is taken off. */
static void subtract(const blocks *b, const float *row, float *out, float *arrays)
{
    size_t first;
    float *array = arrays;
    for (size_t k = 0; k < count(b); k++) {
        folded f = shape(b, k, &first);
        float *at = folded_first(&f, array);
        folded_lay(&f, row + first, at);
        if (f.before)
            extrapolate(b, row, -(ptrdiff_t)b->w, &f, first, at);
        if (f.after)
            extrapolate(b, row, (ptrdiff_t)b->n, &f, first, at);
        array += folded_floats(&f);
    }
    array = arrays;
    for (size_t k = 0; k < count(b); k++) {
        folded f = shape(b, k, &first);
        float *at = folded_first(&f, array);
        size_t begin = k * b->own, end = begin + b->own < b->n ? begin + b->own : b->n;
        for (size_t w = b->w; w > 0; w--)
            folded_clip(&f, at, w);
        folded_subtract(&f, row + first, at, begin - first, end - first, out + first);
        array += folded_floats(&f);
    }
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *arrays)
{
    const snip *s = state;
    for (size_t k = 0; k < in->n_segments; k++) {
        size_t first = in->first[k];
        blocks b = cut(s, in->first[k + 1] - first);
        subtract(&b, row + first, out + first, arrays);
    }
    row_check(out, in->n);
}

void snip_envelope(const folded *f, float *at, size_t widest)
{
    for (size_t w = widest; w > 0; w /= 2)
        folded_clip(f, at, that_fits(w, f->n));
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
