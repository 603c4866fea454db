/* The folds of a protocol: what a cross-validation leaves out together. */
#ifndef DATASET_PROTOCOL_FOLDS_H
#define DATASET_PROTOCOL_FOLDS_H

#include "dataset/folds.h"

/* The outer folds of a protocol. ADAMAS_E_DATA, naming the origin, if leaving out a fold leaves an origin without
 * specimens. */
adamas_status folds_of_protocol(folds *out, const dataset *c, const adamas_protocol *protocol, uint64_t seed,
                                adamas_error *error);

/* What a protocol leaves out: "folds", "specimen", "locality", ... */
const char *folds_leave_name(int32_t leave);

#endif
