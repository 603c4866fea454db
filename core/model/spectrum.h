/* Where in the spectrum a parcel's evidence lies. */
#ifndef MODEL_SPECTRUM_H
#define MODEL_SPECTRUM_H

#include "model/judge.h"
#include "model/result.h"

/* Fills ADAMAS_SPECTRUM: the parcel's mean spectrum after preprocessing (v->spectrum), those of the origins within the
 * plane, and what each channel contributes to the log10 LR of one origin against the others, slope times the log
 * densities: the gradient of the log LR at the parcel's mean, times how far the parcel is from the mean of the origins.
 */
adamas_status spectrum_put(result *out, const judge *j, const verdicts *v, const char *const *origins, size_t origin,
                           double slope, adamas_error *error);

#endif
