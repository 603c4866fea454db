/* The mean spectra of specimens, from the parts in which a scan shows their shots. */
#ifndef MODEL_MEANS_H
#define MODEL_MEANS_H

#include "model/collection.h"

/* What one thread has at hand. */
typedef struct means {
    size_t n_channels;
    size_t n; /* specimens that are whole after the last part */
    size_t specimen[COLLECTION_SPECIMENS];
    size_t shots[COLLECTION_SPECIMENS];
    float *rows; /* [COLLECTION_SPECIMENS, n_channels]: their mean spectra */
    /* of a specimen that comes in parts, so far */
    size_t n_so_far;
    double *total; /* [n_channels] */
} means;

/* On failure means_clear is still to be called. */
adamas_status means_make(means *m, size_t n_channels, adamas_error *error);
void means_clear(means *m);

/* The means of those specimens of a part that end with it. One of whose shots none is of use has none. */
void means_of(means *m, const collection_part *part);

#endif
