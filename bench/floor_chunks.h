/* The compressed chunks of a file in memory, and inflating one of them: without unshuffling its bytes or copying rows.
 */
#ifndef BENCH_FLOOR_CHUNKS_H
#define BENCH_FLOOR_CHUNKS_H

#include <stddef.h>

typedef struct floor_chunks {
    size_t n, rows, bytes; /* number of chunks; rows and inflated bytes of each */
    size_t *length;        /* [n], compressed bytes */
    unsigned char **at;    /* [n], compressed data */
} floor_chunks;

/* Loads the first chunks of the file's intensities, at most max of them. Ends the program on an error. */
floor_chunks floor_chunks_load(const char *path, size_t max);
void floor_chunks_free(floor_chunks *c);

/* Inflates chunk i to out[bytes]. */
void floor_chunks_inflate(const floor_chunks *c, size_t i, unsigned char *out);

#endif
