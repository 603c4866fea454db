/* Shifts rows along their own axis, or along one that is a selection of its channels. */
#ifndef PREPROCESS_RESAMPLE_SHIFT_H
#define PREPROCESS_RESAMPLE_SHIFT_H

#include "preprocess/resampler.h"

/* As resampler_apply, if each segment of `to` is a run of channels of `from` (r->within). */
void resample_shift(const resampler *r, size_t n_rows, const float *const *in, const double *shift, float *const *out);

#endif
