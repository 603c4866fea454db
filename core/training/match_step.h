/* The matching step of a compiled method, fitted to the scores of training specimens. */
#ifndef TRAINING_MATCH_STEP_H
#define TRAINING_MATCH_STEP_H

#include "training/specimen_scores.h"

/* Fits the method's matching step to the first n_components scores of the training specimens that have used shots; the
 * caller destroys *state. ADAMAS_E_DATA if an origin has no such specimen. */
adamas_status match_step_fit(void **state, const compiled_method *compiled, const specimen_scores *s, const dataset *c,
                             const unsigned char *training, size_t n_components, adamas_error *error);

#endif
