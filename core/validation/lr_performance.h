/* How good the likelihood ratios of a validation are. Metrics and curves are of every LR, calibrated and bounded,
 * whether the origin is rejected or not: those of an origin's specimens are its same-source cases, those of all others
 * its different-source ones; pooled are the cases of all origins together. Only the largest wrong LR is of those that
 * are quoted. */
#ifndef VALIDATION_LR_PERFORMANCE_H
#define VALIDATION_LR_PERFORMANCE_H

#include "validation/validation.h"

adamas_status validation_lr_performance(validation *h, adamas_error *error);

/* Log LRs (natural), those of the true origin first. */
typedef struct lr_cases {
    double *log_lr; /* [n_ss + n_ds], for the caller to free(); NULL on failure */
    size_t n_ss, n_ds;
} lr_cases;

/* Of one origin; of all if origin is n_origins. */
adamas_status lr_cases_collect(lr_cases *out, const validation *h, size_t origin, adamas_error *error);

#endif
