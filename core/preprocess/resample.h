/* Puts spectra on another axis, keeping areas.
 *
 * An intensity is taken as the mean over its pixel. Pixels meet halfway between neighbours of a segment, and those at
 * its ends are symmetric. The running integral is interpolated between the edges of pixels by cubics whose slopes at
 * the edges come from the four pixels around them (Colella & Woodward 1984, without their limiter: an overshoot at a
 * line's foot does less harm than a line's flattened top), and taken between the edges of the new pixels. */
#ifndef PREPROCESS_RESAMPLE_H
#define PREPROCESS_RESAMPLE_H

#include "base/axis.h"

typedef struct resampler resampler;

/* Seams between detectors or echelle orders leave gaps of some tenths of a nm, at other places on each instrument: a
 * channel that lies no farther from a pixel takes that pixel's value, as spectrometers' own programs do when they join
 * orders. A wider gap is missing. */
extern const double resampler_max_gap_nm;

/* From one axis to another; both are copied. Each channel of `to` takes the segment of `from` that covers it with the
 * largest margin, except that segments map one to one where both axes have as many and each covers its own.
 * ADAMAS_E_AXIS, naming the wavelengths, where channels lie outside all of them by more than slack_nm. `where` (a
 * file's name) starts the message. */
adamas_status resampler_make(resampler **out, const axis *from, const axis *to, double slack_nm, const char *where,
                             adamas_error *error);

/* Floats of scratch that resampler_apply wants, on a 64-byte boundary. */
size_t resampler_scratch(const resampler *r);

/* n_rows rows: in[k][from->n], which is finite, to out[k][to->n]; they must not overlap. shift[n_rows][to->n_segments]
 * in channels of `to` is added to the place of what a row shows: channel i of a segment becomes the mean of the row
 * over the pixel at i - shift, whose edges lie between those of the segment's pixels as i - shift between its channels,
 * and go on evenly past its ends. NULL: no shift. Past an end of a segment of `from` its last pixel goes on. What
 * becomes too large for float32 makes the row NaN throughout. A row's bytes do not depend on its company. */
void resampler_apply(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out,
                     float *scratch);

/* 1 where rows are already on the axis that it leads to. */
int resampler_is_same(const resampler *r);

/* One resampler for several owners, each of whom frees it: where `from` is the axis that r was made for r itself, with
 * one owner more; else NULL. */
resampler *resampler_share(resampler *r, const axis *from);

void resampler_free(resampler *r);

#endif
