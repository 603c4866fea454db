/* Do spectra tell in which session a specimen was measured? */
#ifndef VALIDATION_SESSION_AUDIT_H
#define VALIDATION_SESSION_AUDIT_H

#include "validation/audit.h"

enum {
    SESSION_AUDIT_FOLDS = 5,
    SESSION_AUDIT_MIN_SPECIMENS = 4 /* of a session within an origin; a session with fewer is left out */
};

/* Fills the session part of *out: whether scores tell the session within an origin. mean[n_specimens, n_components]
 * over shots[n_specimens] shots (0: none used), from a fit that was not told the sessions. Specimens are
 * cross-validated within each origin (two-level model, priors by share), and pooled over the origins. If the sessions
 * of an origin are its localities, the two cannot be told apart. The predictions of a cross-validation are not quite
 * independent, as the p-value takes them to be; in simulated libraries whose scores tell nothing p is below 0.05 in 2.5
 * % or less, below 0.01 in 0.6 % or less. ADAMAS_E_MEMORY, ADAMAS_E_CANCELLED. */
adamas_status audit_session(audit *out, const dataset *c, size_t n_components, const double *mean, const size_t *shots,
                            work *w, adamas_error *error);

#endif
