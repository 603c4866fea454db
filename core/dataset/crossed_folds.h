/* Folds that hold out sessions together with groups (localities, for most): the groups are dealt to parts, the sessions
 * to CROSSED_SESSION_PARTS, and a fold is what is in one part of both. The classifier of a fold is fitted to what is in
 * neither (folds_training), so it knows no group and no session of the fold's specimens. */
#ifndef DATASET_CROSSED_FOLDS_H
#define DATASET_CROSSED_FOLDS_H

#include "dataset/folds.h"

enum { CROSSED_SESSION_PARTS = 3 };

/* *f: the groups of the training specimens, dealt to folds. Divides each fold by sessions, which are dealt to the parts
 * in the order of their first appearance: fold i becomes the folds i CROSSED_SESSION_PARTS + session part.
 * ADAMAS_E_DATA if the session of a training specimen is not known, if there are fewer sessions than parts, if each
 * session lies in one group, so that it is held out with it as it is, or if a fold's classifier would be fitted to
 * fewer than two specimens of an origin; *f is then fit for nothing but folds_clear. */
adamas_status crossed_folds_divide(folds *f, const dataset *c, const unsigned char *training, adamas_error *error);

/* What is new to the classifier of a fold in a specimen that it has not been fitted to. */
enum { CROSSED_BOTH_NEW, CROSSED_GROUP_NEW, CROSSED_SESSION_NEW, CROSSED_CASES };

/* out[n_specimens]: the specimens on which a fold's classifier, fitted to all others, is evaluated in a case: those of
 * the fold; those of its groups in the next part of the sessions; those of its sessions in the next part of the groups.
 * A specimen is thus in one fold of each case. If it is the group alone that is to be new, a specimen counts only if
 * the classifier does know its session, from specimens of other groups; likewise its group, if the session alone is. */
adamas_status crossed_folds_case(unsigned char *out, const folds *f, const dataset *c, size_t fold, int which,
                                 adamas_error *error);

#endif
