/* Folded rows: lanes that the row fills only partly go through copies; the arithmetic is in folded_kernel.c. */
#include "preprocess/folded.h"

#include "preprocess/folded_kernel.h"

#include <math.h>
#include <string.h>

folded folded_shape(size_t n, size_t before, size_t after, size_t reach)
{
    size_t even = (before + n + after + FOLDED_LANES - 1) / FOLDED_LANES;
    return (folded){n, before, after, reach, even > reach ? even : reach};
}

static size_t records_in_array(const folded *f)
{
    return f->records + 2 * f->reach + FOLDED_UNROLL;
}

size_t folded_floats(const folded *f)
{
    return (records_in_array(f) + f->records) * FOLDED_LANES;
}

/* The copy of a lane that the row fills only partly. */
static float *copy_of(const folded *f, float *at, size_t lane)
{
    return at + (records_in_array(f) - f->reach) * FOLDED_LANES + lane * f->records;
}

/* The part of the row in a lane: n channels, from place `begin` of the lane and `channel` of the row. */
typedef struct share {
    size_t begin;
    size_t n;
    size_t channel;
} share;

static share share_of(const folded *f, size_t lane)
{
    size_t begins = lane * f->records, ends = begins + f->records;
    size_t from = f->before > begins ? f->before : begins, to = f->before + f->n < ends ? f->before + f->n : ends;
    return (share){from - begins, to > from ? to - from : 0, from - f->before};
}

/* The source or destination of a lane: the row itself, or the copy of a lane that it fills only partly. */
static const float *lane_of(const folded *f, const float *row, float *at, size_t lane)
{
    share s = share_of(f, lane);
    return s.n == f->records ? row + s.channel : copy_of(f, at, lane);
}

void folded_pack(const folded *f, const float *row, float *at)
{
    const float *lane[FOLDED_LANES];
    for (size_t l = 0; l < FOLDED_LANES; l++) {
        share s = share_of(f, l);
        lane[l] = lane_of(f, row, at, l);
        if (s.n == f->records)
            continue;
        float *copy = copy_of(f, at, l);
        for (size_t i = 0; i < f->records; i++)
            copy[i] = INFINITY;
        if (s.n > 0)
            memcpy(copy + s.begin, row + s.channel, s.n * sizeof *row);
    }
    SIMD_WIDEST(folded_pack_kernel, lane, f->records, at);
}

void folded_zero_padding(const folded *f, float *at)
{
    for (size_t c = f->before + f->n; c < f->records * FOLDED_LANES; c++)
        at[folded_index(f, (ptrdiff_t)(c - f->before))] = 0;
    for (size_t c = 0; c < f->before; c++)
        at[folded_index(f, (ptrdiff_t)c - (ptrdiff_t)f->before)] = 0;
}

/* out[n] = unfolded; with `row` not NULL, out = row - unfolded. */
static void unfold(const folded *f, const float *row, float *at, float *out)
{
    const float *lane[FOLDED_LANES];
    float *to[FOLDED_LANES];
    for (size_t l = 0; l < FOLDED_LANES; l++) {
        lane[l] = row ? lane_of(f, row, at, l) : NULL;
        to[l] = (float *)lane_of(f, out, at, l);
    }
    SIMD_WIDEST(folded_unpack_kernel, row ? lane : NULL, to, f->records, at);
    for (size_t l = 0; l < FOLDED_LANES; l++) {
        share s = share_of(f, l);
        if (s.n < f->records && s.n > 0)
            memcpy(out + s.channel, to[l] + s.begin, s.n * sizeof *out);
    }
}

void folded_unpack(const folded *f, float *at, float *out)
{
    unfold(f, NULL, at, out);
}

void folded_subtract(const folded *f, const float *row, float *at, float *out)
{
    unfold(f, row, at, out);
}

void folded_fill_margins(const folded *f, float *at, size_t width, float beyond)
{
    SIMD_WIDEST(folded_margins_kernel, at, f->records, width, beyond);
}

void folded_clip(const folded *f, float *at, size_t half)
{
    folded_fill_margins(f, at, half, INFINITY);
    SIMD_WIDEST(folded_clip_kernel, at, f->records, half);
}
