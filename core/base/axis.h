/* A wavelength axis: float64 nm, rising within each detector segment. */
#ifndef BASE_AXIS_H
#define BASE_AXIS_H

#include "base/status.h"

typedef struct axis {
    size_t n;   /* channels */
    double *nm; /* [n] */
    size_t n_segments;
    size_t *first; /* [n_segments + 1] first channel of each segment; first[n_segments] == n */
} axis;

/* Copies nm[n] and finds the segments: a new one starts where the axis steps back, and where a step is more than
 * `axis_gap` times the mean of the step before it and the one after it. Refuses (ADAMAS_E_AXIS, naming the channel) a
 * wavelength that is not finite or not above 0, two equal neighbours, a falling axis, and fewer than 2 channels.
 * `where` starts the message (a file's name). *out is unchanged on failure. */
adamas_status axis_make(axis *out, const double *nm, size_t n, const char *where, adamas_error *error);

/* The same with its segments told: first[n_segments] are the channels, from 0 and rising, at which they start. Within
 * each the axis rises, else ADAMAS_E_FORMAT. */
adamas_status axis_make_segments(axis *out, const double *nm, size_t n, const double *first, size_t n_segments,
                                 const char *where, adamas_error *error);

/* The axis of the kept channels of another, with its segments, which end where a channel is left out: keep[in->n] is 0
 * or 1. */
adamas_status axis_select(axis *out, const axis *in, const unsigned char *keep, adamas_error *error);

adamas_status axis_copy(axis *out, const axis *in, adamas_error *error);

/* Channels of the longest segment. */
size_t axis_longest_segment(const axis *a);

/* Same channels, bit for bit. */
int axis_equal(const axis *a, const axis *b);

/* Frees what it holds and sets it to nothing. */
void axis_clear(axis *a);

#endif
