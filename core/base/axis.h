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

/* Copies nm[n] and finds the segments: a new one starts after a falling step, and after a step of more than `axis_gap`
 * times the mean of the steps before and after it. Refuses (ADAMAS_E_AXIS, naming the channel) a
 * wavelength that is not finite or not above 0, two equal neighbours, a falling axis, and fewer than 2 channels.
 * `source` starts the message (a file's name). *out is unchanged on failure. */
adamas_status axis_make(axis *out, const double *nm, size_t n, const char *source, adamas_error *error);

/* The same with given segments: first[n_segments] are the channels, from 0 and rising, at which they start.
 * ADAMAS_E_FORMAT if the axis does not rise within each. */
adamas_status axis_make_segments(axis *out, const double *nm, size_t n, const double *first, size_t n_segments,
                                 const char *source, adamas_error *error);

/* The axis of those channels of `in` for which keep[in->n] is 1, not 0. A segment is split at channels left out. */
adamas_status axis_select(axis *out, const axis *in, const unsigned char *keep, adamas_error *error);

adamas_status axis_copy(axis *out, const axis *in, adamas_error *error);

/* Channels of the longest segment. */
size_t axis_longest_segment(const axis *a);

/* Same channels, bit for bit. */
int axis_equal(const axis *a, const axis *b);

/* Frees its arrays and sets it to zero. */
void axis_clear(axis *a);

#endif
