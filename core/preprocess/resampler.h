/* The parts of a resampler, for resample.c and resample_shift.c. */
#ifndef PREPROCESS_RESAMPLER_H
#define PREPROCESS_RESAMPLER_H

#include "base/axis.h"

#include <stdatomic.h>
#include <stddef.h>

enum { RESAMPLE_STENCIL = 4 };

/* Adjacent channels of one segment of `to` that are taken from the same segment of `from`. */
typedef struct resample_piece {
    size_t first;
    size_t n;
    size_t target; /* segment of `to` */
    size_t source; /* segment of `from` */
} resample_piece;

/* The place of a segment of `to` that is a run of channels of a segment of `from`. */
typedef struct resample_inset {
    size_t source;
    size_t first; /* channel of the source */
} resample_inset;

/* Segment s of n channels has n + 1 edges; those of channel i of the axis are at i + s and i + s + 1 of the edges. */
typedef struct resampler {
    atomic_int owners;
    axis from;
    axis to;
    int same;
    int within;             /* is each segment of `to` a run of channels of `from`? */
    resample_inset *insets; /* [to.n_segments] */
    double *from_edges;     /* [from.n + from.n_segments] */
    double *to_edges;       /* [to.n + to.n_segments] */
    double *slopes;         /* [from.n + from.n_segments][RESAMPLE_STENCIL]: weights of the pixels around an edge */
    float *near;            /* [3][from.n + from.n_segments] if within: see make_stencils in resample.c */
    float *growth;          /* [from.n + from.n_segments] relative increase of the width to the next pixel */
    size_t n_pieces;
    resample_piece *pieces; /* [to.n] */
} resampler;

static inline size_t resample_stencil_length(size_t n)
{
    return n < RESAMPLE_STENCIL ? n : RESAMPLE_STENCIL;
}

/* The first of the pixels around edge j of n pixels. */
static inline size_t resample_slope_start(size_t j, size_t n)
{
    size_t length = resample_stencil_length(n), start = j > length / 2 ? j - length / 2 : 0;
    return start < n - length ? start : n - length;
}

static inline size_t resample_edges(const resampler *r)
{
    return r->from.n + r->from.n_segments;
}

#endif
