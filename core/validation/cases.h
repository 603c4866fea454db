/* The cases of a validation that leaves out localities and sessions together: the classifier of a fold knows neither
 * the localities nor the sessions of the fold's specimens, but of others it knows one or the other. */
#ifndef VALIDATION_CASES_H
#define VALIDATION_CASES_H

#include "validation/validation.h"

/* Evaluates what a fold's classifier is to be evaluated on beside the fold. */
adamas_status validation_cases_evaluate(validation *h, size_t fold, const fitted_method *t, adamas_error *error);

/* Fills the cases of the result, once all folds are done and the answers are known. */
adamas_status validation_cases_summarise(validation *h, adamas_error *error);

#endif
