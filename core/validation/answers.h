/* What a validation answers: the likeliest origins, and if there is evidence the sets of origins that are not rejected.
 */
#ifndef VALIDATION_ANSWERS_H
#define VALIDATION_ANSWERS_H

#include "validation/validation.h"

adamas_status validation_answers(validation *h, adamas_error *error);

#endif
