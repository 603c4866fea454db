/* A validation while it runs, and what its report says of it; validate.c runs the folds. */
#ifndef VALIDATION_VALIDATION_H
#define VALIDATION_VALIDATION_H

#include "dataset/folds.h"
#include "training/fitted_method.h"

/* The library without one origin, and what it says of that origin's specimens. */
typedef struct open_set_run {
    specimen_results v;        /* over the other origins; only rows of the origin's specimens are filled */
    unsigned char *rejectable; /* [n_origins - 1] */
    int has_evidence;
} open_set_run;

typedef struct validation {
    const compiled_method *r;
    const axis *library;
    dataset *c;
    const folds *folds;
    inner_groups inner_groups;
    double epsilon;
    work *w;

    specimen_results v;        /* of each specimen, from what was learnt without its fold */
    unsigned char *rejectable; /* [n_origins] in every fold */
    int has_evidence;          /* of all specimens: evidence of some alone would be told of the easy ones */
    double *components;        /* [n_folds] */
    double *specimens;         /* [n_folds] left out */
    double *bound;             /* [n_folds, VALIDATION_LEVELS + 1]: the worst origin's, at each level and at epsilon */
    char **why;                /* [n_folds]: why a fold has no evidence; NULL where it has */
    open_set_run *strangers;   /* [n_origins], each origin left out of the library; NULL with fewer than 3 origins */
} validation;

/* Significance levels at which coverage is told. */
enum { VALIDATION_LEVELS = 9 };
extern const double validation_levels[VALIDATION_LEVELS];

/* Was a specimen judged? */
int validation_has_result(const validation *h, size_t specimen);

/* A column of ADAMAS_ORIGINS: what/origin, or `what` alone where origin is NULL. */
adamas_status validation_column(result *out, const validation *h, const char *what, const char *origin,
                                const double *values, adamas_error *error);

/* validation_answers.c: the likeliest origins, and where there is evidence the sets of origins that are not rejected.
 */
adamas_status validation_answers(result *out, const validation *h, adamas_error *error);

/* validation_lr.c: how good the LRs are. Metrics and curves are of every LR, calibrated and bounded, whether the origin
 * is rejected or not: those of an origin's specimens are its same-source cases, those of all others its
 * different-source ones; pooled are the cases of all origins together. Only the largest wrong LR is of those that are
 * quoted. */
adamas_status validation_lr(result *out, const validation *h, adamas_error *error);

/* validation_curves.c: Tippett, reliability and empirical cross-entropy of the pooled cases. Reliability is of the
 * statements "this specimen is from this origin", one of each specimen and origin, whose probability at equal priors of
 * all K origins is LR / (LR + K - 1); a specimen's K statements are not independent. */
adamas_status validation_curves(result *out, const validation *h, adamas_error *error);

/* The pooled cases: log LRs (natural), true ones first. Both NULL on failure; the caller frees *log_lr. */
typedef struct lr_cases {
    double *log_lr;
    size_t n_ss, n_ds; /* log_lr[n_ss + n_ds] */
} lr_cases;

/* Of one origin; of all where origin is n_origins. */
adamas_status validation_cases(lr_cases *out, const validation *h, size_t origin, adamas_error *error);

/* validation_open_set.c: the open set. Learns without one origin and classifiers its specimens; then tells of all. */
adamas_status validation_leave_origin(validation *h, size_t origin, adamas_error *error);
adamas_status validation_open_set(result *out, const validation *h, adamas_error *error);

/* validation_audit.c: could the library have learned how it was measured? */
adamas_status validation_audit(result *out, const validation *h, adamas_error *error);

#endif
