/* Preprocessing spectra as a model does. */
#ifndef CLASSIFICATION_PREPROCESS_H
#define CLASSIFICATION_PREPROCESS_H

#include "training/model.h"

/* *out: a spectra set whose rows are those of `in` after the model's preprocessing, computed when they are read. The
 * model and `in` must outlive it; the caller frees it. ADAMAS_E_DATA if `in` is preprocessed, ADAMAS_E_AXIS if its axis
 * does not cover the model's. */
adamas_status model_preprocess(adamas_spectra **out, const adamas_model *m, const adamas_spectra *in, work *w,
                               adamas_error *error);

#endif
