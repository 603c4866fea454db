/* Rows shifted along their own axis: all new edges of a segment are at the same fraction of a pixel, which saves the
 * integral. */
#include "preprocess/resample_shift.h"

#include "preprocess/resample_kernel.h"
#include "preprocess/row.h"

#include <math.h>
#include <string.h>

static ptrdiff_t clamp(ptrdiff_t low, ptrdiff_t i, ptrdiff_t high)
{
    return i < low ? low : i < high ? i : high;
}

/* Channels of a tile (the last one has some more): their weights stay in the L1 cache from row to row. */
enum { tile = 1024 };

/* One segment of a row, n pixels: all new edges are at the same fraction f of a pixel, so that the difference of the
 * cumulative integral is that of the parts of two adjacent pixels. */
typedef struct move {
    size_t n, edge;
    const float *in;
    float f;
} move;

/* The slope at edge j less the pixel after it (at the last edge, the pixel before it). */
static float rise_of(const resampler *r, const move *m, size_t j)
{
    const double *slopes = r->slopes + (m->edge + j) * RESAMPLE_STENCIL;
    const float *pixel = m->in + resample_slope_start(j, m->n);
    double sum = 0;
    for (size_t i = 0; i < resample_stencil_length(m->n); i++)
        sum += slopes[i] * pixel[i];
    return (float)(sum - m->in[j < m->n ? j : m->n - 1]);
}

/* The part of pixel j, as resample_part; the rise at the right edge of the last pixel is relative to that pixel. */
static float part_at(const resampler *r, const move *m, size_t j)
{
    float next = m->in[j + 1 < m->n ? j + 1 : j];
    return resample_part(m->in[j], rise_of(r, m, j), next, rise_of(r, m, j + 1), m->f);
}

/* The channels that begin in pixels first ... end - 1, each of which has a next one. */
static void move_ends(const resampler *r, const move *m, size_t first, size_t end, float *out)
{
    for (size_t j = first; j < end; j++)
        *out++ = resample_mean(m->in[j], part_at(r, m, j), part_at(r, m, j + 1), r->growth[m->edge + j], m->f);
}

/* The same, by the kernel for the pixels whose stencils are complete. */
static void move_inside(const resampler *r, const move *m, size_t first, size_t end, float *out)
{
    size_t last = m->n > 3 ? m->n - 3 : 0, from = first < 2 ? 2 : first, to = end < last ? end : last;
    if (to < from + SIMD_FLOATS) {
        move_ends(r, m, first, end, out);
        return;
    }
    move_ends(r, m, first, from, out);
    SIMD_WIDEST(resample_between, r->near + m->edge + from, resample_edges(r), m->in + from, r->growth + m->edge + from,
                to - from, m->f, out + (from - first));
    move_ends(r, m, to, end, out + (to - first));
}

/* Channels begin ... end - 1 of a segment, a tile or fewer. Channel i begins in pixel i + whole. */
static void move_channels(const resampler *r, const move *m, ptrdiff_t whole, size_t begin, size_t end, float *out)
{
    ptrdiff_t i = (ptrdiff_t)begin, stop = (ptrdiff_t)end, last = (ptrdiff_t)m->n - 1 - whole;
    ptrdiff_t from = clamp(i, -whole, stop), to = clamp(from, last, stop);
    const float *in = m->in;
    for (; i < from; i++)
        out[i] = i + whole < -1 ? in[0] : (1 - m->f) * in[0] + part_at(r, m, 0);
    if (to > from)
        move_inside(r, m, (size_t)(from + whole), (size_t)(to + whole), out + from);
    for (i = to; i < stop; i++)
        out[i] = i > last ? in[m->n - 1] : (1 + m->f) * in[m->n - 1] - part_at(r, m, m->n - 1);
}

/* A tile of a segment's channels of a row, moved up by `shift` of them. */
static void move_tile(const resampler *r, size_t segment, double shift, const float *in, size_t begin, size_t end,
                      float *out)
{
    const resample_inset *u = &r->insets[segment];
    size_t first = r->from.first[u->source], n = r->from.first[u->source + 1] - first;
    double past = fmax(-(double)n - 1, fmin(-shift, (double)n + 1)), whole = floor(past);
    move m = {n, first + u->source, in + first, (float)(past - whole)};
    out += r->to.first[segment];
    if (shift == 0)
        memcpy(out + begin, m.in + u->first + begin, (end - begin) * sizeof *out);
    else
        move_channels(r, &m, (ptrdiff_t)whole + (ptrdiff_t)u->first, begin, end, out);
}

static int moves(const double *shift, size_t n)
{
    size_t s = 0;
    while (s < n && shift[s] == 0)
        s++;
    return s < n;
}

void resample_shift(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out)
{
    size_t segments = r->to.n_segments;
    for (size_t s = 0; s < segments; s++) {
        size_t n = r->to.first[s + 1] - r->to.first[s];
        for (size_t begin = 0, end; begin < n; begin = end) {
            end = n - begin < tile + 2 * SIMD_FLOATS ? n : begin + tile;
            for (size_t k = 0; k < n_rows; k++)
                move_tile(r, s, shift ? shift[k * segments + s] : 0, in[k], begin, end, out[k]);
        }
    }
    for (size_t k = 0; shift && k < n_rows; k++)
        if (moves(shift + k * segments, segments))
            row_check(out[k], r->to.n);
}
