/* components=auto and directions=auto: the numbers of principal components, and of directions that epo removes, with
 * the smallest log loss in an inner cross-validation, after calibration to its held-out specimens. */
#ifndef TRAINING_COMPONENTS_H
#define TRAINING_COMPONENTS_H

#include "training/fit.h"

enum { COMPONENTS_FOLDS = 5, COMPONENTS_GRID = 22 };

/* The numbers chosen, and the log loss of each number of components that was tried with those directions. */
typedef struct components_choice {
    reduction chosen;
    size_t n_folds; /* inner folds */
    size_t n_tried;
    double tried[COMPONENTS_GRID];
    double log_loss[COMPONENTS_GRID]; /* of the held-out specimens, calibrated (calibration_log_loss) */
} components_choice;

/* Chooses from the grid for these training specimens; group: as in folds_inner. Everything that the method fits is
 * fitted anew in each inner fold. If the method names the numbers, those are the choice and nothing is tried. */
adamas_status components_choose(components_choice *out, const compiled_method *compiled, const axis *library,
                                dataset *c, const unsigned char *training, const size_t *group, work *w,
                                adamas_error *error);

#endif
