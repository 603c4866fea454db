/* Training: a model from a compiled method and reference libraries. */
#ifndef TRAINING_TRAIN_H
#define TRAINING_TRAIN_H

#include "training/model.h"

/* Trains a model; level: parts of an origin's path that are told apart. */
adamas_status model_train(adamas_model **out, const compiled_method *compiled, const adamas_spectra *const *libraries,
                          size_t n_libraries, int32_t level, work *w, adamas_error *error);

#endif
