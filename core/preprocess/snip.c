/* Subtracts the baseline found by statistics-sensitive non-linear iterative peak clipping: Ryan et al. (1988), with the
 * window decreasing (Morháč & Matoušek 2008), and neither logarithms nor smoothing first. */
#include "preprocess/snip.h"

#include "base/memory.h"
#include "base/simd.h"
#include "preprocess/row.h"
#include "preprocess/snip_lanes.h"
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
    made->longest = axis_longest(in);
    return ADAMAS_OK;
}

/* A segment and what is laid before and after it. The two buffers stand half a page apart, whatever the length:
 * processors take a load for one of what was just stored where the last 12 bits of their addresses are the same. */
static size_t room(const snip *s)
{
    return (s->longest + 2 * s->max_half_window + 1023) / 1024 * 1024 + 512;
}

static size_t scratch(const void *state)
{
    const snip *s = state;
    size_t one = 2 * room(s), lanes = snip_lanes_scratch(s->longest, s->max_half_window);
    return one > lanes ? one : lanes;
}

static inline float clip(float y, float left, float right)
{
    float mean = 0.5f * left + 0.5f * right;
    return mean < y ? mean : y;
}

/* Channels first ... end - 1, whose windows fit. */
SIMD_CLONES static void clip_range(const float *restrict in, float *restrict out, size_t first, size_t end, size_t w)
{
    const float *restrict left = in + first - w, *restrict middle = in + first, *restrict right = in + first + w;
    float *restrict result = out + first;
    for (size_t i = 0; i < end - first; i++)
        result[i] = clip(middle[i], left[i], right[i]);
}

/* Into out[n]; 2 w < n. Within w of an end the window shrinks to what fits. */
static void clip_all(const float *restrict in, float *restrict out, size_t n, size_t w)
{
    out[0] = in[0];
    out[n - 1] = in[n - 1];
    for (size_t i = 1; i < w; i++) {
        out[i] = clip(in[i], in[0], in[2 * i]);
        out[n - 1 - i] = clip(in[n - 1 - i], in[n - 1 - 2 * i], in[n - 1]);
    }
    clip_range(in, out, w, n - w, w);
}

static size_t that_fits(size_t w, size_t n)
{
    return w < (n - 1) / 2 ? w : (n - 1) / 2;
}

/* Windows go two by two, there and back, so that the last result is in `envelope`. */
void snip_envelope(const float *y, size_t n, size_t widest, float *before, float *envelope)
{
    size_t passes = 0;
    for (size_t w = widest; w > 0; w /= 2)
        passes++;
    if (passes == 0)
        memcpy(envelope, y, n * sizeof *y);
    for (size_t w = widest; w > 0; w /= 2, passes--) {
        float *out = passes % 2 ? envelope : before;
        clip_all(y, out, n, that_fits(w, n));
        y = out;
    }
}

/* Windows of a group follow each other over a tile of a row, and lag behind by their sum: with both buffers that is
 * what level 1 caches hold. */
enum { tile = 1024, most_lag = 1280 };

/* Tiles begin at cache lines: so most stores touch one. */
static size_t lag_of(size_t w)
{
    return (w + SIMD_FLOATS - 1) / SIMD_FLOATS * SIMD_FLOATS;
}

/* Half windows w, w - 1, ... last of a row of n, which ends begin and follow that no window changes; even passes read
 * `even` and write `odd`. A pass is a window or more behind the one before: it finds all that it reads (which reaches
 * less far than that window), and overwrites nothing that the one before will read in the next tile. */
static void clip_group(float *even, float *odd, size_t n, size_t w, size_t last, size_t lag)
{
    for (size_t done = 0; done < n + lag; done += tile) {
        float *in = even, *out = odd;
        ptrdiff_t first = (ptrdiff_t)done, end = first + tile;
        for (size_t half = w; half >= last; half--) {
            size_t from = snip_between(half, first, n - half);
            size_t to = snip_between(half, end, n - half);
            clip_range(in, out, from, to, half);
            first -= (ptrdiff_t)lag_of(half);
            end -= (ptrdiff_t)lag_of(half);
            float *swap = in;
            in = out;
            out = swap;
        }
    }
}

/* All half windows from w to 1; both buffers hold the ends. The buffer with the result. */
static float *clip_down(float *in, float *out, size_t n, size_t w)
{
    while (w > 0) {
        size_t last = w, lag = lag_of(w);
        while (last > 1 && lag + lag_of(last - 1) <= most_lag)
            lag += lag_of(--last);
        clip_group(in, out, n, w, last, lag);
        if ((w - last + 1) % 2) {
            float *swap = in;
            in = out;
            out = swap;
        }
        w = last - 1;
    }
    return in;
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
void snip_ends(const float *row, size_t n, size_t w, float *before, float *after)
{
    float least, most;
    if (w == 0)
        return;
    row_extremes(&least, &most, row, n);
    extrapolate(row, w, -(double)w, least, before);
    extrapolate(row + n - w, w, (double)w, least, after);
}

static void subtract_from_one(float *row, size_t n, size_t w, float *baseline, float *other)
{
    snip_ends(row, n, w, baseline, baseline + w + n);
    memcpy(baseline + w, row, n * sizeof *row);
    memcpy(other, baseline, w * sizeof *other);
    memcpy(other + w + n, baseline + w + n, w * sizeof *other);
    baseline = clip_down(baseline, other, n + 2 * w, w);
    for (size_t i = 0; i < n; i++)
        row[i] -= baseline[w + i];
}

/* Fewer rows than this take longer in lanes, most of which are then idle, than one after the other. */
enum { worth_lanes = 5 };

static void apply_rows(const void *state, const axis *in, size_t n_rows, float *rows, size_t stride, float *buffers)
{
    const snip *s = state;
    for (size_t k = 0; k < in->n_segments; k++) {
        float *segment = rows + in->first[k];
        size_t n = in->first[k + 1] - in->first[k], w = that_fits(s->max_half_window, n), done = 0;
        for (; done + worth_lanes <= n_rows; done += LANES) {
            lanes_rows eight;
            lanes_take(&eight, segment, stride, done, n_rows);
            snip_lanes_subtract(&eight, n, w, buffers);
        }
        for (; done < n_rows; done++)
            subtract_from_one(segment + done * stride, n, w, buffers, buffers + room(s));
    }
    for (size_t i = 0; i < n_rows; i++)
        row_check(rows + i * stride, in->n);
}

const step snip_step = {
    .name = "snip",
    .summary = "subtracts the SNIP baseline, windows falling from max_half_window channels",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = scratch,
    .apply_rows = apply_rows,
};
