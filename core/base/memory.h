/* Checked allocation: sizes that overflow fail as if memory had run out. All blocks are freed with free(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* n items of `size` bytes, all zero, aligned to 64 bytes (a cache line, and as wide as any SIMD register). NULL only if
 * memory has run out, never because n is 0. */
void *memory_new(size_t n, size_t size);

/* The same, uninitialised: for buffers that are written before they are read. */
void *memory_raw(size_t n, size_t size);

/* The same on large pages, if the system has them: for large arrays that are read many times. */
void *memory_large(size_t n, size_t size);

/* Resizes a block from memory_grow(NULL, ...) or malloc to n items; on failure NULL, and the old block stays. */
void *memory_grow(void *block, size_t n, size_t size);

/* A copy of a text; NULL if memory has run out. */
char *memory_text(const char *text);

#endif
