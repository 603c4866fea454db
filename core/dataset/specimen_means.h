/* The mean spectra of specimens, from the parts in which a scan shows their shots. */
#ifndef DATASET_SPECIMEN_MEANS_H
#define DATASET_SPECIMEN_MEANS_H

#include "dataset/dataset.h"

/* What one thread has at hand. */
typedef struct specimen_means {
    size_t n_channels; /* of the last part */
    size_t n;          /* specimens that are whole after the last part */
    size_t specimen[BATCH_MAX_SPECIMENS];
    size_t shots[BATCH_MAX_SPECIMENS];
    float *rows; /* [BATCH_MAX_SPECIMENS, n_channels]: their mean spectra */
    /* of a specimen that comes in parts, so far */
    size_t n_so_far;
    double *total; /* [n_channels] */
} specimen_means;

/* For parts of n_channels channels at most. On failure specimen_means_clear is still to be called. */
adamas_status specimen_means_make(specimen_means *m, size_t n_channels, adamas_error *error);
void specimen_means_clear(specimen_means *m);

/* The specimen_means of those specimens of a part that end with it. One of whose shots none is of use has none. */
void specimen_means_add(specimen_means *m, const row_batch *part);

#endif
