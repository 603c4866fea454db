/* Could a library have learned how its specimens were measured? The confound audit of a validation: the same
 * cross-validation on what should carry no origin, and whether spectra tell the session. */
#ifndef VALIDATION_AUDIT_H
#define VALIDATION_AUDIT_H

#include "dataset/folds.h"
#include "evidence/metrics.h"
#include "validation/nuisance.h"

enum {
    AUDIT_MOST = NUISANCE_VARIABLES + 1, /* nuisance.h's numbers, and the session */
    AUDIT_SESSION_FOLDS = 5,
    AUDIT_SESSION_LEAST = 4 /* specimens that a session needs within an origin */
};

typedef struct audit {
    size_t n_features;
    const char *features[AUDIT_MOST]; /* used; static texts */
    size_t n_left_out;
    const char *left_out[AUDIT_MOST]; /* missing for some specimen, or the same for all */
    metrics nuisance;                 /* held out; of nobody where there is no feature */

    int has_session; /* some origin has two sessions of AUDIT_SESSION_LEAST specimens or more */
    size_t session_n, session_right;
    double session_accuracy; /* session_right / session_n */
    double session_chance;   /* of one who knows of each origin only which session is the commonest */
    double session_p;        /* with which he would be right as often or more often */
} audit;

/* The nuisance, by the folds of the spectra's own validation. The numbers, standardised, are judged by a two-level
 * model of one shot, and the session by its share among the origin's training specimens; origins are equally probable
 * before. All is fitted to the training specimens of each fold alone. *out is filled, with no session. */
adamas_status audit_run(audit *out, dataset *c, const folds *outer, work *w, adamas_error *error);

/* Fills in whether scores tell the session within an origin: mean[n_specimens, n_components] over shots[n_specimens]
 * shots (0: none of use), of whatever fit knows no session. Specimens are cross-validated within each origin (two-level
 * model, priors by share), and pooled. A session that is a locality of its own cannot be told from it. The guesses of
 * a cross-validation are not quite independent; in simulated libraries whose scores tell nothing p is below 0.05 in 2.5
 * % or less, below 0.01 in 0.6 % or less. */
adamas_status audit_session(audit *out, const dataset *c, size_t n_components, const double *mean, const size_t *shots,
                            work *w, adamas_error *error);

#endif
