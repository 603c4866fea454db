/* Resamples spectra to another axis, preserving areas.
 *
 * An intensity is the mean over its pixel. The edge of two pixels is halfway between neighbours of a segment, and those
 * at its ends are symmetric. The cumulative integral is interpolated between the edges by cubics whose slopes at the
 * edges are computed from the four pixels around them (Colella & Woodward 1984, without their limiter: an overshoot at
 * the foot of a line does less harm than a flattened top), and differenced between the edges of the new pixels. */
#ifndef PREPROCESS_RESAMPLE_H
#define PREPROCESS_RESAMPLE_H

#include "base/axis.h"

typedef struct resampler resampler;

/* The seams of detectors or echelle orders leave gaps of some tenths of a nm, at different places in each instrument: a
 * channel no farther than this from a pixel takes the value of that pixel, as the spectrometers' own programs do when
 * they join orders. A channel in a wider gap is missing. */
extern const double resampler_max_gap_nm;

/* From one axis to another; both are copied. Each channel of `to` takes the segment of `from` that covers it with the
 * largest margin, except that segments map one to one if both axes have equally many and each covers its counterpart.
 * ADAMAS_E_AXIS, naming the wavelengths, if channels lie outside all segments by more than slack_nm. `name` (of a file)
 * begins the message. */
adamas_status resampler_make(resampler **out, const axis *from, const axis *to, double slack_nm, const char *name,
                             adamas_error *error);

/* Floats of scratch for resampler_apply, on a 64-byte boundary. */
size_t resampler_scratch(const resampler *r);

/* n_rows rows: in[k][from->n], which is finite, to out[k][to->n]; they must not overlap. shift[n_rows][to->n_segments]
 * moves each segment up by so many channels of `to`: channel i becomes the mean of the row over the pixel at i - shift,
 * whose edges are interpolated linearly between those of the segment's pixels, and extrapolated past its ends. NULL: no
 * shift. Past an end of a segment of `from` the value of its last pixel holds. If a value becomes too large for float32
 * the whole row becomes NaN. The result for a row does not depend on the other rows. */
void resampler_apply(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out,
                     float *scratch);

/* Returns 1 if the two axes are equal. */
int resampler_is_same(const resampler *r);

/* If `from` is the axis that r was made for, returns r and increments its reference count, so that each owner calls
 * resampler_free; else returns NULL. */
resampler *resampler_share(resampler *r, const axis *from);

void resampler_free(resampler *r);

#endif
