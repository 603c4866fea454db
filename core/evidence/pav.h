/* Pool adjacent violators (PAV): the best calibration of scores among all that keep their order (Bruemmer and du Preez
 * 2013, "The PAV algorithm optimizes binary proper scoring rules"). Logs are natural. */
#ifndef EVIDENCE_PAV_H
#define EVIDENCE_PAV_H

#include "base/status.h"

/* One entry for each different score, in ascending order: equal scores are pooled first. */
typedef struct pav {
    size_t n;       /* different scores */
    double *score;  /* as given */
    double *n_ss;   /* same-source cases with this score */
    double *n_ds;   /* different-source cases with this score */
    double *log_lr; /* calibrated, not falling; -inf if no same-source case is at or below, +inf if no different-source
                       case is at or above */
} pav;

/* Each proposition has the same total weight, so that the result is likelihood ratios whatever the numbers of cases.
 * Scores may be infinite. ADAMAS_E_DATA: there is no case of one kind, or a score is NaN. *out is to be freed. */
adamas_status pav_find(pav *out, size_t n_ss, const double *score_ss, size_t n_ds, const double *score_ds,
                       adamas_error *error);

void pav_free(pav *p);

#endif
