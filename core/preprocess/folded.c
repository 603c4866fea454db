#include "preprocess/folded.h"

#include "preprocess/folded_kernel.h"

#include <math.h>

folded folded_shape(size_t n, size_t ends, size_t reach)
{
    size_t even = (n + 2 * ends + FOLDED_LANES - 1) / FOLDED_LANES;
    return (folded){n, ends, reach, even > reach ? even : reach};
}

size_t folded_floats(const folded *f)
{
    return (f->records + 2 * f->reach + FOLDED_AT_ONCE) * FOLDED_LANES;
}

/* Lanes first ... end - 1 hold channels of the row alone; the others, which an end cuts, are gone through one channel
 * after the other. */
typedef struct whole {
    size_t first;
    size_t end;
} whole;

static whole whole_lanes(const folded *f)
{
    size_t first = (f->ends + f->records - 1) / f->records, end = (f->ends + f->n) / f->records;
    end = end < FOLDED_LANES ? end : (size_t)FOLDED_LANES;
    return (whole){first < end ? first : end, end};
}

static size_t first_cut(whole w)
{
    return w.first > 0 ? 0 : w.end;
}

static size_t next_cut(whole w, size_t lane)
{
    return lane + 1 == w.first ? w.end : lane + 1;
}

/* The row's channel that a lane begins with. */
static ptrdiff_t begin_of(const folded *f, size_t lane)
{
    return (ptrdiff_t)(lane * f->records) - (ptrdiff_t)f->ends;
}

static int is_of_row(const folded *f, ptrdiff_t channel)
{
    return channel >= 0 && channel < (ptrdiff_t)f->n;
}

void folded_lay(const folded *f, const float *row, float *at)
{
    const float *lane[FOLDED_LANES];
    whole w = whole_lanes(f);
    for (size_t l = 0; l < FOLDED_LANES; l++)
        lane[l] = row + begin_of(f, l >= w.first && l < w.end ? l : w.first);
    if (w.first < w.end)
        SIMD_WIDEST(folded_lay_kernel)(lane, f->records, at);
    for (size_t l = first_cut(w); l < FOLDED_LANES; l = next_cut(w, l))
        for (size_t i = 0; i < f->records; i++) {
            ptrdiff_t channel = begin_of(f, l) + (ptrdiff_t)i;
            at[i * FOLDED_LANES + l] = is_of_row(f, channel) ? row[channel] : INFINITY;
        }
}

void folded_subtract(const folded *f, const float *row, const float *at, float *out)
{
    const float *lane[FOLDED_LANES] = {0};
    float *to[FOLDED_LANES] = {0};
    whole w = whole_lanes(f);
    for (size_t l = w.first; l < w.end; l++) {
        lane[l] = row + begin_of(f, l);
        to[l] = out + begin_of(f, l);
    }
    SIMD_WIDEST(folded_subtract_kernel)(lane, to, w.first, w.end, f->records, at);
    for (size_t l = first_cut(w); l < FOLDED_LANES; l = next_cut(w, l))
        for (size_t i = 0; i < f->records; i++) {
            ptrdiff_t channel = begin_of(f, l) + (ptrdiff_t)i;
            if (is_of_row(f, channel))
                out[channel] = row[channel] - at[i * FOLDED_LANES + l];
        }
}

void folded_fill_margins(const folded *f, float *at, size_t width, float beyond)
{
    SIMD_WIDEST(folded_margins_kernel)(at, f->records, width, beyond);
}

void folded_clip(const folded *f, float *at, size_t half)
{
    folded_fill_margins(f, at, half, INFINITY);
    SIMD_WIDEST(folded_clip_kernel)(at, f->records, half);
}
