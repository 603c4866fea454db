/* Where in the spectrum a parcel's evidence lies. */
#ifndef CLASSIFICATION_SPECTRUM_H
#define CLASSIFICATION_SPECTRUM_H

#include "training/classifier.h"
#include "training/result.h"

/* Fills ADAMAS_SPECTRUM: the parcel's mean spectrum after preprocessing (v->spectrum), those of the origins within the
 * plane, and what each channel contributes to the log10 LR of one origin against the others, slope times the log
 * densities: the gradient of the log LR at the parcel's mean, times how far the parcel is from the mean of the origins.
 */
adamas_status spectrum_put(result *out, const classifier *j, const specimen_results *v, const char *const *origins,
                           size_t origin, double slope, adamas_error *error);

#endif
