/* Rows that a dataset keeps in memory, and rows that one scan leaves for the next. */
#include "base/memory.h"
#include "dataset/dataset.h"
#include "dataset/screening.h"

#include <stdlib.h>
#include <string.h>

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

static adamas_status keep_raw(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    const dataset *c = context;
    size_t first = c->first_shot[specimen], n = dataset_shots(c, specimen);
    return row_reader_read(c->sets[dataset_set(c, specimen)], n, c->shot + first, c->cache + first * c->cache_stride,
                           c->cache_stride, error);
}

/* A scan leaves what it remembers. */
static adamas_status pass_by(void *context, int thread, const row_batch *part, adamas_error *error)
{
    (void)context;
    (void)thread;
    (void)part;
    (void)error;
    return ADAMAS_OK;
}

static adamas_status keep_preprocessed(dataset *c, const pipeline *whole, work *w, adamas_error *error)
{
    static const scan_visitor visitor = {.accumulate = pass_by};
    row_cache kept = {memory_raw(c->n_shots, whole->out.n * sizeof *kept.rows), memory_new(c->n_shots, 1)};
    adamas_status status = kept.rows && kept.known ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        status = dataset_scan(c, &whole, 1, whole->n_stages, NULL, w, &kept, &visitor, NULL, error);
    if (!status) {
        c->cache = kept.rows;
        c->cache_is_whole = 1;
        kept.rows = NULL;
    }
    row_cache_clear(&kept);
    return status;
}

adamas_status dataset_cache(dataset *c, const pipeline *whole, work *w, adamas_error *error)
{
    size_t bytes, stride = whole ? whole->out.n : c->stride;
    if (__builtin_mul_overflow(c->n_shots, stride * sizeof(float), &bytes) || bytes > DATASET_CACHE_MAX_BYTES)
        return ADAMAS_OK;
    c->cache_stride = stride;
    if (whole)
        return keep_preprocessed(c, whole, w, error);
    c->cache = memory_raw(c->n_shots, stride * sizeof *c->cache);
    return c->cache ? work_each(w, c->n_specimens, keep_raw, c, error) : status_no_memory(error);
}
