/* Steps that select channels by a range of wavelengths, lo to hi (nm). */
#ifndef PREPROCESS_RANGE_H
#define PREPROCESS_RANGE_H

#include "preprocess/step.h"

enum { RANGE_PARAMETERS = 2 };

extern const step_parameter range_parameters[RANGE_PARAMETERS];

/* keep[in->n]: the channels in the range (inside), or those outside it. ADAMAS_E_METHOD if lo is not below hi,
 * ADAMAS_E_AXIS if fewer than 2 channels are left; `name` is the name of the step. */
adamas_status range_select(const char *name, int inside, const step_value *values, const axis *in, unsigned char *keep,
                           adamas_error *error);

#endif
