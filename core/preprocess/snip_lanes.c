#include "preprocess/snip_lanes.h"

#include "preprocess/snip.h"

/* Half windows of a group follow each other over a tile, each behind the one before by its half window: what they
 * have before them then stays in the nearest cache. */
enum { tile = 768, most_lag = 1280, steps = 4 };

/* The last half window of the group that begins with w. */
static size_t last_of_group(size_t w)
{
    size_t last = w, lag = w;
    while (last > 1 && lag + last - 1 <= most_lag)
        lag += --last;
    return last;
}

/* Of a group of half windows up to w: one alone may have more than most_lag. */
static size_t longest_lag(size_t w)
{
    return w > most_lag ? w : (size_t)most_lag;
}

size_t snip_lanes_scratch(size_t n, size_t w)
{
    return (n + 2 * w + longest_lag(w)) * LANES + 2 * w;
}

/* What a walk from channel to channel, half a window a step, holds of the rows as they were before. */
typedef struct window {
    lanes_floats left; /* halved */
    lanes_floats middle;
    lanes_floats last; /* the channel before the middle one, whole */
} window;

SIMD_INLINE void clip_and_move(window *w, lanes_floats *at, size_t half)
{
    lanes_floats right = at[half], mean = w->left + 0.5f * right;
    lanes_least(at, &mean, &w->middle);
    *w = (window){0.5f * w->middle, right, w->middle};
}

/* `count` channels, half a window apart; *before is what the one before them was, and then what the last of them was.
 */
SIMD_INLINE void walk(lanes_floats *at, size_t count, size_t half, lanes_floats *before)
{
    window w = {0.5f * *before, *at, *before};
    for (; count >= steps; count -= steps, at += steps * half)
#pragma GCC unroll 4
        for (size_t step = 0; step < steps; step++)
            clip_and_move(&w, at + step * half, half);
    for (; count > 0; count--, at += half)
        clip_and_move(&w, at, half);
    *before = w.last;
}

/* Channels begin ... end - 1, whose windows fit. before[half] holds what channels begin - half ... begin - 1 were,
 * channel i at i mod half, and then what channels end - half ... end - 1 were. */
SIMD_CLONES static void clip_range(lanes_floats *rows, size_t begin, size_t end, size_t half, lanes_floats *before)
{
    size_t n = end > begin ? end - begin : 0, count = n / half, longer = n % half, place = begin % half;
    for (size_t k = 0; k < half && k < n; k++) {
        walk(rows + begin + k, count + (k < longer), half, before + place);
        place = place + 1 < half ? place + 1 : 0;
    }
}

/* Half windows w, w - 1, ... 1 in turn; of rows[n] the ends within a half window stay as they are. */
static void clip_down(lanes_floats *rows, size_t n, size_t w, lanes_floats *scratch)
{
    for (size_t last; w > 0; w = last - 1) {
        last = last_of_group(w);
        size_t lag = 0;
        for (size_t half = w; half >= last; lag += half--)
            memcpy(scratch + lag, rows, half * sizeof *rows);
        for (size_t done = 0; done < n + lag; done += tile) {
            ptrdiff_t begin = (ptrdiff_t)done;
            lanes_floats *before = scratch;
            for (size_t half = w; half >= last; before += half--) {
                clip_range(rows, snip_between(half, begin, n - half), snip_between(half, begin + tile, n - half), half,
                           before);
                begin -= (ptrdiff_t)half - 1;
            }
        }
    }
}

/* Channels 0 ... n - 1, and what is taken for the w before and after them. */
SIMD_CLONES static void fill(const lanes_rows *rows, size_t n, size_t w, lanes_floats *lanes, float *ends)
{
    lanes_read(rows, 0, n, (float *)(lanes + w), LANES);
    for (size_t k = 0; k < LANES; k++) {
        snip_ends(rows->at[k], n, w, ends, ends + w);
        for (size_t i = 0; i < w; i++) {
            lanes[i][k] = ends[i];
            lanes[w + n + i][k] = ends[w + i];
        }
    }
}

SIMD_CLONES static void subtract(const lanes_rows *rows, size_t n, const lanes_floats *baseline)
{
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        lanes_floats turned[LANES], row;
        memcpy(turned, baseline + i, sizeof turned);
        lanes_transpose(turned);
        for (size_t k = 0; k < rows->n; k++) {
            memcpy(&row, rows->at[k] + i, sizeof row);
            row -= turned[k];
            memcpy(rows->at[k] + i, &row, sizeof row);
        }
    }
    for (; i < n; i++)
        for (size_t k = 0; k < rows->n; k++)
            rows->at[k][i] -= baseline[i][k];
}

void snip_lanes_subtract(const lanes_rows *rows, size_t n, size_t w, float *scratch)
{
    lanes_floats *lanes = (lanes_floats *)(void *)scratch, *after = lanes + n + 2 * w;
    fill(rows, n, w, lanes, (float *)(after + longest_lag(w)));
    clip_down(lanes, n + 2 * w, w, after);
    subtract(rows, n, lanes + w);
}
