/* Going over a collection's shots: collection_scan and collection_cache. */
#include "base/memory.h"
#include "model/collection.h"
#include "model/screening.h"

#include <stdlib.h>
#include <string.h>

enum { batch_shots = COLLECTION_PART };

typedef struct piece {
    size_t specimen, first, n; /* shots first ... first + n - 1 of the batch */
} piece;

typedef struct scan {
    collection *c;
    const pipeline *p;
    size_t n_stages, channels;
    resampler **resamplers; /* [n_sets] */
    work *w;
    memo *remembered;
    collection_visit visit;
    void *context;
    size_t *spoilt;
    size_t scratch_floats;
    float *scratch;               /* [threads, scratch_floats] */
    float *raw;                   /* [batch_shots, stride]: where nothing is cached */
    float *rows;                  /* [batch_shots, channels] */
    size_t position[batch_shots]; /* of each of the batch's shots in the collection */
    size_t set[batch_shots];
    piece pieces[batch_shots];
    size_t n_pieces, n_shots;
    const size_t *set_of_shot; /* [n_shots of the collection], while the cache is made */
} scan;

size_t collection_channels(const collection *c, const pipeline *p, size_t n_stages)
{
    return c->n_condensed ? c->n_condensed : pipeline_channels(p, n_stages);
}

static adamas_status make_resamplers(scan *s, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    s->resamplers = memory_new(s->c->n_sets, sizeof *s->resamplers);
    if (!s->resamplers)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < s->c->n_sets; i++) {
        status = pipeline_resampler(&s->resamplers[i], s->p, &s->c->sets[i]->axis, s->c->sets[i]->name, error);
        size_t wanted = status ? 0 : pipeline_scratch(s->p, s->resamplers[i]);
        s->scratch_floats = wanted > s->scratch_floats ? wanted : s->scratch_floats;
    }
    return status;
}

static adamas_status reserve(scan *s, adamas_error *error)
{
    s->scratch = memory_raw((size_t)s->w->threads, s->scratch_floats * sizeof *s->scratch);
    s->rows = memory_raw(batch_shots, s->channels * sizeof *s->rows);
    if (!s->c->cache)
        s->raw = memory_raw(batch_shots, s->c->stride * sizeof *s->raw);
    return s->scratch && s->rows && (s->raw || s->c->cache) ? ADAMAS_OK : status_no_memory(error);
}

static void release(scan *s)
{
    for (size_t i = 0; s->resamplers && i < s->c->n_sets; i++)
        resampler_free(s->resamplers[i]);
    free(s->resamplers);
    free(s->scratch);
    free(s->rows);
    free(s->raw);
    free(s);
}

static adamas_status preprocess_shot(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    scan *s = context;
    const float *raw =
        s->c->cache ? s->c->cache + s->position[item] * s->c->cache_stride : s->raw + item * s->c->stride;
    float *row = s->rows + item * s->channels;
    memo *m = s->remembered;
    float *known = m && m->rows ? m->rows + s->position[item] * s->channels : NULL;
    if (s->c->cache_is_whole || (known && m->known[s->position[item]])) {
        memcpy(row, known ? known : raw, s->channels * sizeof *row);
        return ADAMAS_OK;
    }
    pipeline_rows(s->p, s->resamplers[s->set[item]], s->n_stages, 1, &raw, &row,
                  s->scratch + (size_t)thread * s->scratch_floats);
    if (known) {
        memcpy(known, row, s->channels * sizeof *row);
        m->known[s->position[item]] = 1;
    }
    return ADAMAS_OK;
}

static adamas_status read_batch(scan *s, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    pthread_mutex_lock(s->c->lock);
    for (size_t i = 0; !status && i < s->n_shots;) {
        size_t rows[batch_shots], n = 0;
        for (; i + n < s->n_shots && s->set[i + n] == s->set[i]; n++)
            rows[n] = s->c->shot[s->position[i + n]];
        status = screening_read(s->c->sets[s->set[i]], n, rows, s->raw + i * s->c->stride, s->c->stride, error);
        i += n;
    }
    pthread_mutex_unlock(s->c->lock);
    return status;
}

/* Rows of use, moved together. */
static size_t compact(scan *s, const piece *p)
{
    size_t n = 0;
    for (size_t i = p->first; i < p->first + p->n; i++) {
        const float *row = s->rows + i * s->channels;
        if (!pipeline_usable(row, s->channels))
            continue;
        if (p->first + n != i)
            memcpy(s->rows + (p->first + n) * s->channels, row, s->channels * sizeof *row);
        n++;
    }
    return n;
}

static adamas_status flush(scan *s, adamas_error *error)
{
    adamas_status status = s->c->cache ? ADAMAS_OK : read_batch(s, error);
    if (!status)
        status = work_each(s->w, s->n_shots, preprocess_shot, s, error);
    for (size_t i = 0; !status && i < s->n_pieces; i++) {
        const piece *p = &s->pieces[i];
        size_t n = compact(s, p);
        if (s->spoilt)
            s->spoilt[p->specimen] += p->n - n;
        if (n)
            status = s->visit(s->context, p->specimen, n, s->rows + p->first * s->channels, error);
    }
    s->n_pieces = s->n_shots = 0;
    return status;
}

static adamas_status add_part(scan *s, size_t specimen, size_t first, size_t last, adamas_error *error)
{
    size_t in_use = 0;
    adamas_status status = ADAMAS_OK;
    for (size_t i = first; i < last; i++)
        in_use += s->c->fate[i] == ADAMAS_SHOT_USED;
    if (s->n_shots + in_use > batch_shots)
        status = flush(s, error);
    if (status || !in_use)
        return status;
    s->pieces[s->n_pieces++] = (piece){specimen, s->n_shots, in_use};
    for (size_t i = first; i < last; i++)
        if (s->c->fate[i] == ADAMAS_SHOT_USED) {
            s->set[s->n_shots] = collection_set(s->c, specimen);
            s->position[s->n_shots++] = i;
        }
    return ADAMAS_OK;
}

static adamas_status go_over(scan *s, const unsigned char *include, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < s->c->n_specimens; k++) {
        size_t end = s->c->first_shot[k + 1];
        for (size_t first = s->c->first_shot[k]; !status && (!include || include[k]) && first < end;
             first += COLLECTION_PART)
            status = add_part(s, k, first, end - first < COLLECTION_PART ? end : first + COLLECTION_PART, error);
    }
    return status ? status : flush(s, error);
}

adamas_status collection_scan(collection *c, const pipeline *p, size_t n_stages, const unsigned char *include, work *w,
                              memo *remembered, collection_visit visit, void *context, size_t *spoilt,
                              adamas_error *error)
{
    scan *s = memory_new(1, sizeof *s);
    if (!s)
        return status_no_memory(error);
    s->c = c;
    s->p = p;
    s->n_stages = n_stages;
    s->channels = collection_channels(c, p, n_stages);
    s->w = w;
    s->remembered = remembered;
    s->visit = visit;
    s->context = context;
    s->spoilt = spoilt;
    adamas_status status = make_resamplers(s, error);
    if (!status)
        status = reserve(s, error);
    if (!status)
        status = go_over(s, include, error);
    release(s);
    return status;
}

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

static adamas_status read_all(collection *c, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t k = 0; !status && k < c->n_specimens; k++) {
        size_t first = c->first_shot[k];
        status = screening_read(c->sets[collection_set(c, k)], c->first_shot[k + 1] - first, c->shot + first,
                                c->cache + first * c->cache_stride, c->cache_stride, error);
    }
    return status;
}

/* A raw row of the cache becomes a preprocessed one in its place. */
static adamas_status prepare_shot(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    scan *s = context;
    float *row = s->c->cache + item * s->c->cache_stride;
    pipeline_rows(s->p, s->resamplers[s->set_of_shot[item]], s->n_stages, 1, &(const float *){row}, &row,
                  s->scratch + (size_t)thread * s->scratch_floats);
    return ADAMAS_OK;
}

static adamas_status prepare_all(collection *c, const pipeline *whole, work *w, adamas_error *error)
{
    scan *s = memory_new(1, sizeof *s);
    size_t *set_of_shot = memory_raw(c->n_shots, sizeof *set_of_shot);
    adamas_status status = s && set_of_shot ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        *s = (scan){.c = c,
                    .p = whole,
                    .n_stages = whole->n_stages,
                    .channels = whole->out.n,
                    .w = w,
                    .set_of_shot = set_of_shot};
        for (size_t k = 0; k < c->n_specimens; k++)
            for (size_t i = c->first_shot[k]; i < c->first_shot[k + 1]; i++)
                set_of_shot[i] = collection_set(c, k);
        status = make_resamplers(s, error);
    }
    if (!status)
        status = reserve(s, error);
    if (!status)
        status = work_each(w, c->n_shots, prepare_shot, s, error);
    if (s)
        release(s);
    free(set_of_shot);
    return status;
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
    adamas_status status = read_all(c, error);
    if (!status && whole)
        status = prepare_all(c, whole, w, error);
    c->cache_is_whole = !status && whole;
    return status;
}
