/* Tippett plot, reliability and empirical cross-entropy of a validation's pooled cases. Reliability is of the
 * statements "this specimen is from this origin", one of each specimen and origin, whose probability at equal priors of
 * all K origins is LR / (LR + K - 1); a specimen's K statements are not independent. */
#ifndef VALIDATION_CURVES_H
#define VALIDATION_CURVES_H

#include "validation/validation.h"

adamas_status validation_find_curves(validation *h, adamas_error *error);

#endif
