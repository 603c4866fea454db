/* Which specimens a cross-validation leaves out together. */
#ifndef DATASET_FOLDS_H
#define DATASET_FOLDS_H

#include "dataset/dataset.h"

enum { FOLD_NONE = -1 }; /* in no fold: never left out */

typedef struct folds {
    size_t n_folds;
    size_t n_specimens;
    int *fold;    /* [n_specimens]: 0 ... n_folds - 1 or FOLD_NONE */
    char **names; /* [n_folds]: what is left out ("fold 3", or the group's name) */
    size_t n_groups;
    size_t *group; /* [n_specimens]: specimens of a group are in one fold; if sessions are held out too, in as many
                      folds as there are parts of sessions */
    size_t n_session_parts; /* sessions are held out too, in so many parts; 0: they are not */
    size_t *session_part;   /* [n_specimens]: 0 ... n_session_parts - 1; NULL if they are not */
} folds;

/* The outer folds of a protocol. ADAMAS_E_DATA, naming the origin, if leaving out a fold leaves an origin without
 * specimens. */
adamas_status folds_of_protocol(folds *out, const dataset *c, const adamas_protocol *protocol, uint64_t seed,
                                adamas_error *error);

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

/* out[n_specimens]: the training specimens of a classifier that is to be evaluated on a fold. training: NULL if all
 * specimens may be trained on. */
void folds_training(const folds *f, const unsigned char *training, size_t fold, unsigned char *out);

/* *out: is every label of a fold's specimens left out with the fold, so that its classifier knows none of them?
 * label[n_specimens], below n_labels; one that is not is not known, and *out then 0. */
adamas_status folds_leave_all_of(int *out, const folds *f, const size_t *label, size_t n_labels, adamas_error *error);

void folds_clear(folds *f);

/* What a protocol leaves out: "folds", "specimen", "locality", ... */
const char *folds_leave_name(int32_t leave);

/* work_each over folds that each fit a method: in parallel if the Gram matrices of all threads together take at most
 * FOLDS_MAX_GRAM_BYTES, else one after the other, each on all threads. */
#define FOLDS_MAX_GRAM_BYTES ((size_t)1 << 30)
adamas_status folds_each(work *w, const dataset *c, const axis *library, size_t n_folds, work_item each, void *context,
                         adamas_error *error);

#endif
