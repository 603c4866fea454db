/* components=auto: the number of principal components with the least log loss in an inner cross-validation. */
#ifndef TRAINING_COMPONENTS_H
#define TRAINING_COMPONENTS_H

#include "training/fit.h"

enum { COMPONENTS_FOLDS = 5, COMPONENTS_GRID = 22 };

/* How a number was chosen: the log loss of each that was tried. */
typedef struct components_choice {
    size_t chosen;
    size_t n_folds; /* in which they were tried */
    size_t n_tried;
    double tried[COMPONENTS_GRID];
    double log_loss[COMPONENTS_GRID]; /* mean over the held-out specimens */
} components_choice;

/* Chooses among the grid for these training specimens; group as in folds_inner (NULL: specimens). Everything that the
 * compiled_method fits is fitted anew in each inner fold. Where the compiled_method names a number that is the answer,
 * and nothing is tried. */
adamas_status components_choose(components_choice *out, const compiled_method *r, const axis *library, dataset *c,
                                const unsigned char *training, const size_t *group, work *w, adamas_error *error);

#endif
