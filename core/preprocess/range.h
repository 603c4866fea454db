/* Steps that select channels by a range of wavelengths: from lo to hi (nm). */
#ifndef PREPROCESS_RANGE_H
#define PREPROCESS_RANGE_H

#include "preprocess/step.h"

enum { RANGE_PARAMETERS = 2 };

extern const step_parameter range_parameters[RANGE_PARAMETERS];

/* keep[in->n]: the channels that lie in the range (inside), or those that do not. ADAMAS_E_METHOD where lo is not below
 * hi, ADAMAS_E_AXIS where fewer than 2 channels stay; `name` is the step's. */
adamas_status range_select(const char *name, int inside, const step_value *values, const axis *in, unsigned char *keep,
                           adamas_error *error);

#endif
