/* Preprocessed rows that one scan keeps for the next one. */
#include "dataset/row_cache.h"

#include "base/memory.h"

#include <stdlib.h>

adamas_status row_cache_make(row_cache *out, const dataset *c, size_t channels, adamas_error *error)
{
    *out = (row_cache){0};
    size_t bytes;
    if (c->cache_is_whole || __builtin_mul_overflow(c->n_shots, channels * sizeof(float), &bytes) ||
        bytes > ROW_CACHE_MAX_BYTES)
        return ADAMAS_OK;
    out->rows = memory_raw(c->n_shots, channels * sizeof *out->rows);
    out->known = memory_new(c->n_shots, sizeof *out->known);
    if (out->rows && out->known)
        return ADAMAS_OK;
    row_cache_clear(out);
    return status_no_memory(error);
}

void row_cache_clear(row_cache *m)
{
    free(m->rows);
    free(m->known);
    *m = (row_cache){0};
}
