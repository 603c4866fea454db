/* A validation while it runs: what the parts of it work on. */
#ifndef VALIDATION_VALIDATION_H
#define VALIDATION_VALIDATION_H

#include "training/fitted_method.h"
#include "validation/validation_result.h"

typedef struct validation {
    validation_result *out;
    const compiled_method *r;
    const axis *library;
    dataset *c;
    const folds *folds;
    inner_groups inner_groups;
    work *w;
    double *bound;              /* [n_folds, COVERAGE_LEVELS + 1]: the most that P(p <= level) can be for any origin, at
                                   each level and at epsilon */
    char **why;                 /* [n_folds]: why a fold has no evidence; NULL if it has */
    specimen_results *open_set; /* [n_origins], of the library without that origin, over the other origins: only rows of
                                   the origin's specimens are filled; NULL if there are fewer than 3 origins */
    specimen_results *cases;    /* [CROSSED_CASES], of cases.h; of CROSSED_BOTH_NEW it is out->specimens. NULL unless
                                   localities and sessions are left out together */
} validation;

/* Significance levels at which coverage is told. */
extern const double validation_levels[COVERAGE_LEVELS];

#endif
