/* Rows that a collection keeps in memory, and rows that one scan leaves for the next. */
#include "base/memory.h"
#include "model/collection.h"
#include "model/screening.h"

#include <stdlib.h>
#include <string.h>

adamas_status memo_make(memo *out, const collection *c, size_t channels, adamas_error *error)
{
    *out = (memo){0};
    size_t bytes;
    if (c->cache_is_whole || __builtin_mul_overflow(c->n_shots, channels * sizeof(float), &bytes) || bytes > MEMO_MOST)
        return ADAMAS_OK;
    out->rows = memory_raw(c->n_shots, channels * sizeof *out->rows);
    out->known = memory_new(c->n_shots, sizeof *out->known);
    if (out->rows && out->known)
        return ADAMAS_OK;
    memo_clear(out);
    return status_no_memory(error);
}

void memo_clear(memo *m)
{
    free(m->rows);
    free(m->known);
    *m = (memo){0};
}

typedef struct filling {
    collection *c;
    const pipeline *whole;  /* NULL: raw rows */
    resampler **resamplers; /* [n_sets] */
    float *scratch;         /* [threads, scratch_floats] */
    size_t scratch_floats;
} filling;

static adamas_status fill_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    const filling *f = context;
    const collection *c = f->c;
    size_t first = c->first_shot[specimen], n = c->first_shot[specimen + 1] - first, set = collection_set(c, specimen);
    float *rows = c->cache + first * c->cache_stride;
    adamas_status status = screening_read(c->sets[set], n, c->shot + first, rows, c->cache_stride, error);
    for (size_t done = 0, some; !status && f->whole && done < n; done += some) {
        float *out[STEP_ROWS];
        const float *raw[STEP_ROWS];
        some = n - done < STEP_ROWS ? n - done : (size_t)STEP_ROWS;
        for (size_t i = 0; i < some; i++)
            raw[i] = out[i] = rows + (done + i) * c->cache_stride;
        pipeline_rows(f->whole, f->resamplers[set], f->whole->n_stages, some, raw, out,
                      f->scratch + (size_t)thread * f->scratch_floats);
    }
    return status;
}

static adamas_status prepare(filling *f, int threads, adamas_error *error)
{
    const collection *c = f->c;
    adamas_status status = ADAMAS_OK;
    f->resamplers = memory_new(c->n_sets, sizeof *f->resamplers);
    if (!f->resamplers)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < c->n_sets; i++) {
        status = pipeline_resampler(&f->resamplers[i], f->whole, &c->sets[i]->axis, c->sets[i]->name, error);
        size_t wanted = status ? 0 : pipeline_scratch(f->whole, f->resamplers[i]);
        f->scratch_floats = wanted > f->scratch_floats ? wanted : f->scratch_floats;
    }
    f->scratch = status ? NULL : memory_raw((size_t)threads, f->scratch_floats * sizeof *f->scratch);
    return status || f->scratch ? status : status_no_memory(error);
}

adamas_status collection_cache(collection *c, const pipeline *whole, work *w, adamas_error *error)
{
    size_t bytes, stride = whole && whole->out.n > c->stride ? whole->out.n : c->stride;
    if (__builtin_mul_overflow(c->n_shots, stride * sizeof(float), &bytes) || bytes > COLLECTION_CACHE)
        return ADAMAS_OK;
    c->cache = memory_raw(c->n_shots, stride * sizeof *c->cache);
    if (!c->cache)
        return status_no_memory(error);
    c->cache_stride = stride;
    filling f = {.c = c, .whole = whole};
    adamas_status status = whole ? prepare(&f, w->threads, error) : ADAMAS_OK;
    if (!status)
        status = work_each(w, c->n_specimens, fill_specimen, &f, error);
    for (size_t i = 0; f.resamplers && i < c->n_sets; i++)
        resampler_free(f.resamplers[i]);
    free(f.resamplers);
    free(f.scratch);
    c->cache_is_whole = !status && whole;
    return status;
}
