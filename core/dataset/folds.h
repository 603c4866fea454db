/* Which specimens a cross-validation leaves out together. */
#ifndef DATASET_FOLDS_H
#define DATASET_FOLDS_H

#include "base/random.h"
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

/* Room for so many specimens, of group and fold 0. To be cleared, on failure too. */
adamas_status folds_reserve(folds *f, size_t n_specimens, adamas_error *error);

/* Deals the groups of the training specimens, in their order or shuffled by `random` (NULL: in their order) but sorted
 * by origin (stable), to n folds in turn, so that origins are spread evenly and two groups of one origin are in
 * different folds. There are fewer folds if there are fewer groups. What does not train is FOLD_NONE. */
adamas_status folds_deal(folds *f, const dataset *c, const unsigned char *training, size_t n, random_stream *random,
                         adamas_error *error);

/* The first origin that has training specimens, but none outside a fold; c->n_origins if there is none. */
size_t folds_emptied_origin(const folds *f, const dataset *c, const unsigned char *training, int fold);

/* out[n_specimens]: the training specimens of a classifier that is to be evaluated on a fold. training: NULL if all
 * specimens may be trained on. */
void folds_training(const folds *f, const unsigned char *training, size_t fold, unsigned char *out);

/* *out: is every label of a fold's specimens left out with the fold, so that its classifier knows none of them?
 * label[n_specimens], below n_labels; one that is not is not known, and *out then 0. */
adamas_status folds_leave_all_of(int *out, const folds *f, const size_t *label, size_t n_labels, adamas_error *error);

void folds_clear(folds *f);

/* work_each over folds that each fit a method: in parallel if the Gram matrices of all threads together take at most
 * FOLDS_MAX_GRAM_BYTES, else one after the other, each on all threads. */
#define FOLDS_MAX_GRAM_BYTES ((size_t)1 << 30)
adamas_status folds_each(work *w, const dataset *c, const axis *library, size_t n_folds, work_item each, void *context,
                         adamas_error *error);

#endif
