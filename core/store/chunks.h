/* Rows of a float32 array that a file holds in chunks: the calling thread reads, inflates and unshuffles them, and any
 * number of threads can do so at once. Knows offsets and sizes, not the file's format, and checks each of them: a file
 * that contradicts itself is ADAMAS_E_FORMAT. */
#ifndef STORE_CHUNKS_H
#define STORE_CHUNKS_H

#include "base/status.h"

/* Where a chunk's bytes are. */
typedef struct chunk_place {
    int is_unallocated; /* has no bytes in the file; its values were given */
    uint64_t at;
    uint64_t bytes;
    int is_deflated; /* in zlib's format */
    int is_shuffled; /* HDF5's shuffle filter: all first bytes of the floats, all second bytes, ... */
} chunk_place;

/* The array, its chunks, and a function that locates them. */
typedef struct chunk_source {
    int file;         /* a descriptor to pread from */
    const char *path; /* both for messages */
    const char *name;
    uint64_t rows, cols;
    uint64_t chunk_rows, chunk_cols; /* chunks at the edges have the same size */
    int is_plain;                    /* no chunk is deflated or shuffled */
    void *context;
    /* Locates the chunk that begins at a row and a column. If it is unallocated its floats are put into `values`
     * [chunk_rows, chunk_cols]. May be called by several threads at once. */
    adamas_status (*find)(void *context, uint64_t row, uint64_t col, chunk_place *place, float *values,
                          adamas_error *error);
} chunk_source;

typedef struct chunks chunks;

/* Are the chunks small enough? (All chunks that a row goes through are in a thread's memory at once.) */
int chunks_fit(const chunk_source *source);

/* A reader of such an array. Memory: the chunks of one band for each thread that reads at the same time. */
adamas_status chunks_new(chunks **out, const chunk_source *source, adamas_error *error);
void chunks_free(chunks *c); /* NULL is fine */

/* Reads rows first ... first+n-1, which must be in the array. Any number of threads may call it at once. */
adamas_status chunks_rows(chunks *c, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* Reads n bytes of the file from offset `at`; rows first ... last are named in messages. */
adamas_status chunks_bytes(const chunk_source *source, uint64_t first, uint64_t last, uint64_t at, void *out, size_t n,
                           adamas_error *error);

#endif
