/* Checked allocation. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The system zeroes a large page whole on its first use, which does not pay for blocks below `large` bytes. */
enum { alignment = 64, large_page = 2 << 20, large = 64 << 20 };

void *memory_raw(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > (size_t)-1 / 2 - alignment)
        return NULL;
    size_t rounded = (bytes + alignment - 1) / alignment * alignment;
    return aligned_alloc(alignment, rounded ? rounded : alignment);
}

void *memory_new(size_t n, size_t size)
{
    void *block = memory_raw(n, size);
    if (block)
        memset(block, 0, n * size);
    return block;
}

void *memory_large(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes < large || bytes > (size_t)-1 / 2 - large_page)
        return memory_raw(n, size);
    void *block = aligned_alloc(large_page, (bytes + large_page - 1) / large_page * large_page);
#ifdef MADV_HUGEPAGE
    if (block)
        (void)madvise(block, bytes, MADV_HUGEPAGE);
#endif
    return block;
}

void *memory_grow(void *block, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > (size_t)-1 / 2)
        return NULL;
    return realloc(block, bytes ? bytes : 1);
}

char *memory_text(const char *text)
{
    size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}
