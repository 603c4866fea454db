/* What a validation answers: the likeliest origins, and if there is evidence the sets of origins that are not rejected.
 */
#ifndef VALIDATION_ANSWERS_H
#define VALIDATION_ANSWERS_H

#include "validation/validation.h"

/* As what a specimen's set of origins is counted: its one origin, n_origins ("not resolved") or n_origins + 1 ("none").
 * A set that holds an origin which cannot be rejected at all resolves nothing. */
size_t validation_answer(const specimen_results *v, size_t specimen);

adamas_status validation_answers(validation *h, adamas_error *error);

#endif
