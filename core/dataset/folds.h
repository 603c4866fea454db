/* Which specimens a cross-validation leaves out together. */
#ifndef DATASET_FOLDS_H
#define DATASET_FOLDS_H

#include "dataset/dataset.h"

enum { FOLD_NONE = -1 }; /* never left out */

typedef struct folds {
    size_t n_folds;
    size_t n_specimens;
    int *fold;    /* [n_specimens]: 0 ... n_folds - 1 or FOLD_NONE */
    char **names; /* [n_folds]: what is left out ("fold 3", or the group's name) */
    size_t n_groups;
    size_t *group; /* [n_specimens]: of specimens that are never parted */
} folds;

/* The outer folds of a protocol. ADAMAS_E_DATA where something left out would leave an origin without specimens, naming
 * it. */
adamas_status folds_of_protocol(folds *out, const dataset *c, const adamas_protocol *protocol, uint64_t seed,
                                adamas_error *error);

/* At most n inner folds of the training specimens, in which the same groups are never parted: groups sorted by origin
 * (stable) are dealt one by one, so that origins spread evenly, nothing is drawn by chance, and two groups of one
 * origin stand in different folds. Groups without which an origin would be empty are FOLD_NONE. group: NULL: each
 * specimen by itself. */
adamas_status folds_inner(folds *out, const dataset *c, const unsigned char *training, const size_t *group, size_t n,
                          adamas_error *error);

void folds_clear(folds *f);

/* A stable text for the report: "specimen", "10 folds", ... */
const char *folds_leave_name(int32_t leave);

#endif
