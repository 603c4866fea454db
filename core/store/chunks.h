/* Rows of a float32 table that lies in a file as plain chunks: the bytes are read, inflated and put in order by the
 * calling thread, any number of them at once. Knows offsets and sizes, not the file's format. Nothing that a file says
 * of itself is believed: what does not fit is one clear line. */
#ifndef STORE_CHUNKS_H
#define STORE_CHUNKS_H

#include "base/status.h"

/* Where a chunk's bytes are. */
typedef struct chunk_place {
    int is_nowhere; /* it has no bytes, but values */
    uint64_t at;
    uint64_t bytes;
    int is_deflated; /* zlib's form */
    int is_shuffled; /* all first bytes, all second bytes, ... of the floats */
} chunk_place;

/* The table, its chunks, and who knows where they are. */
typedef struct chunk_source {
    int file;         /* a descriptor to pread from */
    const char *path; /* both for messages */
    const char *name;
    uint64_t rows, cols;
    uint64_t chunk_rows, chunk_cols; /* those at the edges are as big as the others */
    int is_plain;                    /* no chunk is deflated or shuffled */
    void *context;
    /* Finds the chunk that begins at a row and column. Where it is nowhere the floats themselves are put
     * into `values` ([chunk_rows, chunk_cols]). May be called by several threads at once. */
    adamas_status (*find)(void *context, uint64_t row, uint64_t col, chunk_place *place, float *values,
                          adamas_error *error);
} chunk_source;

typedef struct chunks chunks;

/* Can this be read within the memory that a thread may take? (All chunks across a row are unpacked together.) */
int chunks_fit(const chunk_source *source);

/* A reader of such a table. Memory: for each thread that reads at once, the chunks across one row. */
adamas_status chunks_new(chunks **out, const chunk_source *source, adamas_error *error);
void chunks_free(chunks *c); /* NULL is fine */

/* Rows first ... first+n-1, which the caller knows to be there. By any thread at any time. */
adamas_status chunks_rows(chunks *c, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* n bytes of a file from `at` on, which hold rows first ... last of a table. */
adamas_status chunks_bytes(const chunk_source *source, uint64_t first, uint64_t last, uint64_t at, void *out, size_t n,
                           adamas_error *error);

#endif
