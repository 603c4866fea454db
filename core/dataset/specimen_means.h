/* The mean spectra of specimens, from the batches of a scan. */
#ifndef DATASET_SPECIMEN_MEANS_H
#define DATASET_SPECIMEN_MEANS_H

#include "dataset/scan.h"

/* Of one thread of a scan. */
typedef struct specimen_means {
    size_t n_channels; /* of the last batch */
    size_t n;          /* specimens that are complete after the last batch */
    size_t specimen[BATCH_MAX_SPECIMENS];
    size_t shots[BATCH_MAX_SPECIMENS];
    float *rows; /* [BATCH_MAX_SPECIMENS, n_channels]: their mean spectra */
    /* of a specimen that comes in several batches, so far */
    size_t n_so_far;
    double *total; /* [n_channels] */
} specimen_means;

/* For batches of n_channels channels at most. On failure specimen_means_clear is still to be called. */
adamas_status specimen_means_make(specimen_means *m, size_t n_channels, adamas_error *error);
void specimen_means_clear(specimen_means *m);

/* Adds a batch: rows[n] then are the means over the used shots of the specimens that end with it. A specimen without a
 * used shot has none. */
void specimen_means_add(specimen_means *m, const row_batch *batch);

#endif
