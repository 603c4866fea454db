/* Rows of a dataset kept in memory, so that the folds of a cross-validation do not read them again. */
#include "dataset/dataset_cache.h"

#include "base/memory.h"
#include "dataset/row_reader.h"
#include "dataset/scan.h"

#include <stdlib.h>

static adamas_status read_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    (void)thread;
    const dataset *c = context;
    size_t first = c->first_shot[specimen], n = dataset_shots(c, specimen);
    return row_reader_read(c->sets[dataset_set(c, specimen)], n, c->shot + first, c->cache + first * c->cache_stride,
                           c->cache_stride, error);
}

/* No-op visitor: the scan fills the row cache. */
static adamas_status ignore_batch(void *context, int thread, const row_batch *part, adamas_error *error)
{
    (void)context;
    (void)thread;
    (void)part;
    (void)error;
    return ADAMAS_OK;
}

static adamas_status cache_preprocessed(dataset *c, const pipeline *whole, work *w, adamas_error *error)
{
    static const scan_visitor visitor = {.accumulate = ignore_batch};
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
        return cache_preprocessed(c, whole, w, error);
    c->cache = memory_raw(c->n_shots, stride * sizeof *c->cache);
    return c->cache ? work_each(w, c->n_specimens, read_specimen, c, error) : status_no_memory(error);
}

adamas_status dataset_cache_for_method(dataset *c, const compiled_method *compiled, const axis *library, work *w,
                                       adamas_error *error)
{
    if (compiled_method_fits_preprocessing(compiled))
        return dataset_cache(c, NULL, w, error);
    pipeline whole;
    adamas_status status = pipeline_make(&whole, compiled, library, error);
    if (status)
        return status;
    status = dataset_cache(c, &whole, w, error);
    pipeline_clear(&whole);
    return status;
}
