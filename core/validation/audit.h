/* The confound audit of a validation: could the library have learned how its specimens were measured? The origins are
 * predicted from what should carry no information on them (audit_run), and the session from the spectra
 * (session_audit.h). */
#ifndef VALIDATION_AUDIT_H
#define VALIDATION_AUDIT_H

#include "dataset/folds.h"
#include "evidence/metrics.h"
#include "validation/nuisance.h"

/* The nuisance variables, and the session. */
enum { AUDIT_MAX_FEATURES = NUISANCE_VARIABLES + 1 };

typedef struct audit {
    size_t n_features;
    const char *features[AUDIT_MAX_FEATURES]; /* used; static texts */
    size_t n_left_out;
    const char *left_out[AUDIT_MAX_FEATURES]; /* missing for some specimen, or the same for all */
    metrics nuisance;                         /* cross-validated; of no specimen if there is no feature */

    /* Filled by audit_session. */
    int has_session;                 /* some origin has two sessions with enough specimens */
    size_t session_n, session_right; /* specimens, and how many sessions are predicted correctly */
    double session_accuracy;         /* session_right / session_n */
    double session_chance;           /* accuracy of predicting the commonest session of the origin */
    double session_p;                /* P(as many or more correct) if spectra carry no information on the session */
} audit;

/* Cross-validates the nuisance variables by the folds of the spectra's own validation: their standardised values with a
 * two-level model of one shot, the session with its share among the origin's training specimens; equal priors. All is
 * fitted to the training specimens of each fold alone. *out is filled, without the session part. ADAMAS_E_DATA if no
 * training specimen of an origin has a used shot, and the errors of nuisance_measure. */
adamas_status audit_run(audit *out, dataset *c, const folds *outer, work *w, adamas_error *error);

#endif
