/* Chunks of a file as they lie in it, and how fast they can be inflated alone: neither shuffled back nor copied. */
#ifndef BENCH_FLOOR_CHUNKS_H
#define BENCH_FLOOR_CHUNKS_H

#include <stddef.h>

typedef struct chunks {
    size_t n, rows, bytes; /* chunks; of each the rows, and bytes when inflated */
    size_t *length;        /* [n] */
    unsigned char **at;    /* [n] */
} chunks;

/* At most `most` chunks of the file's intensities, in memory. */
chunks chunks_load(const char *path, size_t most);
void chunks_free(chunks *c);

extern const char chunks_inflater[];

/* Inflates one chunk to out[bytes], which is used again. */
void chunks_inflate(const chunks *c, size_t i, unsigned char *out);

#endif
