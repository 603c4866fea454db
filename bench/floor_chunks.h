/* Chunks of a file as they lie in it, and how fast they can be inflated alone: neither shuffled back nor copied. */
#ifndef BENCH_FLOOR_CHUNKS_H
#define BENCH_FLOOR_CHUNKS_H

#include <stddef.h>

typedef struct floor_chunks {
    size_t n, rows, bytes; /* chunks; of each the rows, and bytes when inflated */
    size_t *length;        /* [n] */
    unsigned char **at;    /* [n] */
} floor_chunks;

/* At most `most` chunks of the file's intensities, in memory. */
floor_chunks floor_chunks_load(const char *path, size_t most);
void floor_chunks_free(floor_chunks *c);

/* Inflates one chunk by libdeflate to out[bytes], which is used again. */
void floor_chunks_inflate(const floor_chunks *c, size_t i, unsigned char *out);

#endif
