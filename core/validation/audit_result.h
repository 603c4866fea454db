/* The confound audit of a validation: could the library have learned how it was measured? */
#ifndef VALIDATION_AUDIT_RESULT_H
#define VALIDATION_AUDIT_RESULT_H

#include "validation/validation.h"

/* Runs the audit (audit.h) on the validation's folds and fills h->out->audit and its warnings. */
adamas_status validation_audit(validation *h, adamas_error *error);

#endif
