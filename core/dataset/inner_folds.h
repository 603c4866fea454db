/* Inner folds: what is held out of the training specimens, to choose or to calibrate something. */
#ifndef DATASET_INNER_FOLDS_H
#define DATASET_INNER_FOLDS_H

#include "dataset/folds.h"

enum { FOLDS_CROSSED_GROUPS = 4 };

/* At most n inner folds of the training specimens that split no group: the groups, sorted by origin (stable), are dealt
 * to the folds in turn, so that origins are spread evenly, nothing is random, and two groups of one origin are in
 * different folds. A group without which an origin would have no training specimen is FOLD_NONE. group: NULL if each
 * specimen is a group.
 *
 * If it is possible (crossed_folds.h), sessions are held out together with the groups, which are then dealt to
 * FOLDS_CROSSED_GROUPS parts. */
adamas_status folds_inner(folds *out, const dataset *c, const unsigned char *training, const size_t *group, size_t n,
                          adamas_error *error);

#endif
