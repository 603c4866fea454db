#include "preprocess/resample_move.h"

#include "preprocess/resample_kernel.h"
#include "preprocess/row.h"

#include <math.h>
#include <string.h>

static ptrdiff_t between(ptrdiff_t least, ptrdiff_t i, ptrdiff_t most)
{
    return i < least ? least : i < most ? i : most;
}

/* Channels that are moved at a time: what belongs to them stays in the nearest cache from row to row. */
enum { tile = 512 };

/* Of one segment of a row, n pixels: all new edges lie at the same fraction f of one of them, so that of the running
 * integral nothing is left but the parts of two neighbours. */
typedef struct move {
    size_t n, edge;
    const float *in;
    float f;
} move;

/* How much the slope at edge j is above the pixel after it (at the last edge, before it). */
static float rise_of(const resampler *r, const move *m, size_t j)
{
    const double *slopes = r->slopes + (m->edge + j) * stencil;
    const float *pixel = m->in + slope_start(j, m->n);
    double sum = 0;
    for (size_t i = 0; i < stencil_length(m->n); i++)
        sum += slopes[i] * pixel[i];
    return (float)(sum - m->in[j < m->n ? j : m->n - 1]);
}

/* The part of the last pixel; its rise at the right edge is above the pixel itself. */
static float last_part(const resampler *r, const move *m)
{
    size_t last = m->n - 1;
    return part_of(m->in[last], rise_of(r, m, last), m->in[last], rise_of(r, m, m->n), m->f);
}

static float first_part(const resampler *r, const move *m)
{
    if (m->n == 1)
        return last_part(r, m);
    return part_of(m->in[0], rise_of(r, m, 0), m->in[1], rise_of(r, m, 1), m->f);
}

/* What begins in pixels first ... end - 1, each of which has a next one. */
static void move_inside(const resampler *r, const move *m, size_t first, size_t end, float *out)
{
    float rise[tile + 2], part[tile + 1];
    size_t edges = end + 2 - first, from = first < 2 ? 2 - first : 0, to = end + 2 < m->n ? edges : m->n - 1 - first;
    const float *near = r->near + m->edge + first + from;
    for (size_t j = 0; j < from && j < edges; j++)
        rise[j] = rise_of(r, m, first + j);
    if (from < to)
        SIMD_WIDEST(resample_rises, near, n_edges(r), m->in + first + from, to - from, rise + from);
    for (size_t j = from < to ? to : from; j < edges; j++)
        rise[j] = rise_of(r, m, first + j);
    if (end + 1 < m->n) {
        SIMD_WIDEST(resample_parts, m->in + first, rise, end + 1 - first, m->f, part);
    } else {
        SIMD_WIDEST(resample_parts, m->in + first, rise, end - first, m->f, part);
        part[end - first] = last_part(r, m);
    }
    SIMD_WIDEST(resample_between, m->in + first, part, r->growth + m->edge + first, end - first, m->f, out);
}

/* Channels begin ... end - 1 of a segment, a tile or fewer. Channel i begins in pixel i + whole. */
static void move_channels(const resampler *r, const move *m, ptrdiff_t whole, size_t begin, size_t end, float *out)
{
    ptrdiff_t i = (ptrdiff_t)begin, stop = (ptrdiff_t)end, last = (ptrdiff_t)m->n - 1 - whole;
    ptrdiff_t from = between(i, -whole, stop), to = between(from, last, stop);
    const float *in = m->in;
    for (; i < from; i++)
        out[i] = i + whole < -1 ? in[0] : (1 - m->f) * in[0] + first_part(r, m);
    if (to > from)
        move_inside(r, m, (size_t)(from + whole), (size_t)(to + whole), out + from);
    for (i = to; i < stop; i++)
        out[i] = i > last ? in[m->n - 1] : (1 + m->f) * in[m->n - 1] - last_part(r, m);
}

/* A tile of a segment's channels of a row, moved up by `shift` of them. */
static void move_tile(const resampler *r, size_t segment, double shift, const float *in, size_t begin, size_t end,
                      float *out)
{
    const inset *u = &r->insets[segment];
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

void resample_move(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out)
{
    size_t segments = r->to.n_segments;
    for (size_t s = 0; s < segments; s++) {
        size_t n = r->to.first[s + 1] - r->to.first[s];
        for (size_t begin = 0, end; begin < n; begin = end) {
            end = begin + tile < n ? begin + tile : n;
            for (size_t k = 0; k < n_rows; k++)
                move_tile(r, s, shift ? shift[k * segments + s] : 0, in[k], begin, end, out[k]);
        }
    }
    for (size_t k = 0; shift && k < n_rows; k++)
        if (moves(shift + k * segments, segments))
            row_check(out[k], r->to.n);
}
