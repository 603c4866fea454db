/* Checked allocation: sizes that overflow fail like memory that cannot be had. Everything is freed with free(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* n items of `size` bytes, all zero, on a 64-byte boundary (a cache line, and as wide as any SIMD register); never NULL
 * for n = 0; NULL where memory cannot be had. */
void *memory_new(size_t n, size_t size);

/* The same, not zeroed: for buffers that are filled before they are read. */
void *memory_raw(size_t n, size_t size);

/* The same on large pages where the system has them: for much that is gone over again and again. */
void *memory_large(size_t n, size_t size);

/* A block from memory_grow(NULL, ...) or malloc with room for n items; on failure NULL, and the old block stays. */
void *memory_grow(void *block, size_t n, size_t size);

/* A copy of a text, NULL where memory cannot be had. */
char *memory_text(const char *text);

#endif
