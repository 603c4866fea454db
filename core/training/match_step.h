/* The matching step of a compiled method, fitted to the scores of training specimens. */
#ifndef TRAINING_MATCH_STEP_H
#define TRAINING_MATCH_STEP_H

#include "training/specimen_scores.h"

/* Fits the method's matching step to the first n_components scores of the training specimens that have used shots; the
 * caller destroys *state. ADAMAS_E_DATA if an origin has no such specimen. */
adamas_status match_step_fit(void **state, const compiled_method *compiled, const specimen_scores *s, const dataset *c,
                             const unsigned char *training, size_t n_components, adamas_error *error);

/* Natural log densities and log probabilities of one specimen, from its mean scores of n_shots: each [n_origins]. */
adamas_status match_step_densities(const compiled_method *compiled, const void *match_state, size_t n_origins,
                                   size_t n_components, const double *mean, size_t n_shots, double *log_density,
                                   double *log_probability, adamas_error *error);

#endif
