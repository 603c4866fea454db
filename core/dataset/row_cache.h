/* Preprocessed rows that one scan keeps for the next one. */
#ifndef DATASET_ROW_CACHE_H
#define DATASET_ROW_CACHE_H

#include "dataset/dataset.h"

/* All zero: nothing is cached. Scans that share it must use the same pipeline. */
typedef struct row_cache {
    float *rows;          /* [n_shots, channels]; NULL if they are too many */
    unsigned char *known; /* [n_shots]: is the row filled? */
} row_cache;

/* For rows of a complete pipeline, of `channels` numbers each, if they take at most ROW_CACHE_MAX_BYTES. */
#define ROW_CACHE_MAX_BYTES ((size_t)1 << 28)
adamas_status row_cache_make(row_cache *out, const dataset *c, size_t channels, adamas_error *error);
void row_cache_clear(row_cache *m);

#endif
