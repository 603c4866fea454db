/* Going over a dataset's shots: blocks of neighbouring specimens, each read, screened and preprocessed by one thread
 * while it is in the processor's cache. */
#include "base/memory.h"
#include "dataset/dataset.h"
#include "dataset/screening.h"

#include <stdlib.h>
#include <string.h>

/* A block ends with the specimen that brings it to so many shots. */
enum { block_shots = 32 };

/* Of one thread. */
typedef struct room {
    float *rows;  /* [most_shots, the wider of raw and preprocessed rows] */
    float *apart; /* [most_shots, channels]: preprocessed rows, where another pipeline needs the raw ones; or NULL */
    float *scratch;
    const float **raw; /* [most_shots] */
    size_t *position;  /* [most_shots]: of each row in the dataset */
    size_t *owner;     /* [most_shots]: the place of its specimen in the part */
    size_t first[BATCH_MAX_SPECIMENS + 1];
    screening_workspace screening;
} room;

typedef struct scan {
    dataset *c;
    const pipeline *const *pipelines;
    size_t n_pipelines, n_stages, channels;
    resampler **resamplers; /* [n_sets] */
    double *full_scale;     /* [n_sets] */
    work *w;
    row_cache *remembered;
    const scan_visitor *visitor;
    size_t *unusable;
    size_t *specimen; /* [n_specimens]: those that are visited */
    size_t n_specimens;
    size_t *block; /* [n_blocks + 1]: where each starts among them */
    size_t n_blocks, most_shots;
    int threads;
    room *rooms; /* [threads] */
    work_order order;
    atomic_size_t done;
} scan;

size_t dataset_channels(const dataset *c, const pipeline *p, size_t n_stages)
{
    return c->n_coordinates ? c->n_coordinates : pipeline_channels(p, n_stages);
}

/* Blocks do not depend on the number of threads, so neither do sums over a block. */
static adamas_status make_blocks(scan *s, const unsigned char *include, adamas_error *error)
{
    const dataset *c = s->c;
    s->specimen = memory_raw(c->n_specimens, sizeof *s->specimen);
    s->block = memory_raw(c->n_specimens + 1, sizeof *s->block);
    if (!s->specimen || !s->block)
        return status_no_memory(error);
    size_t shots = 0;
    for (size_t k = 0; k < c->n_specimens; k++) {
        if (include && !include[k])
            continue;
        size_t last = s->n_specimens ? s->specimen[s->n_specimens - 1] : k;
        size_t in_block = s->n_blocks ? s->n_specimens - s->block[s->n_blocks - 1] : 0;
        if (in_block == 0 || shots >= block_shots || in_block == BATCH_MAX_SPECIMENS ||
            dataset_shots(c, k) > BATCH_MAX_SHOTS || dataset_set(c, last) != dataset_set(c, k)) {
            s->block[s->n_blocks++] = s->n_specimens;
            shots = 0;
        }
        s->specimen[s->n_specimens++] = k;
        shots += dataset_shots(c, k);
        size_t part = dataset_shots(c, k) > BATCH_MAX_SHOTS ? (size_t)BATCH_MAX_SHOTS : shots;
        s->most_shots = part > s->most_shots ? part : s->most_shots;
    }
    s->block[s->n_blocks] = s->n_specimens;
    return ADAMAS_OK;
}

static adamas_status make_resamplers(scan *s, size_t *scratch, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    s->resamplers = memory_new(s->c->n_sets, sizeof *s->resamplers);
    s->full_scale = memory_raw(s->c->n_sets, sizeof *s->full_scale);
    if (!s->resamplers || !s->full_scale)
        return status_no_memory(error);
    for (size_t i = 0; !status && i < s->c->n_sets; i++) {
        s->full_scale[i] = screening_full_scale(s->c->sets[i]);
        if (s->n_pipelines)
            status = pipeline_resampler(&s->resamplers[i], s->pipelines[0], &s->c->sets[i]->axis, s->c->sets[i]->name,
                                        error);
        for (size_t q = 0; !status && q < s->n_pipelines; q++) {
            size_t wanted = pipeline_scratch(s->pipelines[q], s->resamplers[i]);
            *scratch = wanted > *scratch ? wanted : *scratch;
        }
    }
    return status;
}

static adamas_status make_room(scan *s, room *r, size_t scratch, adamas_error *error)
{
    size_t wide = s->c->stride > s->channels ? s->c->stride : s->channels;
    r->rows = memory_raw(s->most_shots, wide * sizeof *r->rows);
    r->apart = s->n_pipelines > 1 ? memory_raw(s->most_shots, s->channels * sizeof *r->apart) : NULL;
    r->scratch = memory_raw(scratch, sizeof *r->scratch);
    r->raw = memory_raw(s->most_shots, sizeof *r->raw);
    r->position = memory_raw(s->most_shots, sizeof *r->position);
    r->owner = memory_raw(s->most_shots, sizeof *r->owner);
    if (!r->rows || (s->n_pipelines > 1 && !r->apart) || !r->scratch || !r->raw || !r->position || !r->owner)
        return status_no_memory(error);
    return s->c->is_screened ? ADAMAS_OK : screening_workspace_make(&r->screening, s->most_shots, s->c->stride, error);
}

static adamas_status reserve(scan *s, adamas_error *error)
{
    size_t scratch = 0;
    adamas_status status = make_resamplers(s, &scratch, error);
    s->rooms = memory_new((size_t)s->threads, sizeof *s->rooms);
    if (!status && !s->rooms)
        status = status_no_memory(error);
    for (int t = 0; !status && t < s->threads; t++)
        status = make_room(s, &s->rooms[t], scratch, error);
    return status;
}

static void release(scan *s)
{
    for (size_t i = 0; s->resamplers && i < s->c->n_sets; i++)
        resampler_free(s->resamplers[i]);
    for (int t = 0; s->rooms && t < s->threads; t++) {
        room *r = &s->rooms[t];
        free(r->rows);
        free(r->apart);
        free(r->scratch);
        free(r->raw);
        free(r->position);
        free(r->owner);
        screening_workspace_clear(&r->screening);
    }
    free(s->rooms);
    free(s->resamplers);
    free(s->full_scale);
    free(s->specimen);
    free(s->block);
}

/* A part as it is read: the specimens of a block, or some shots of one that has more than BATCH_MAX_SHOTS. */
typedef struct stretch {
    size_t n_specimens, n, set;
    const size_t *specimen;
    size_t first[BATCH_MAX_SPECIMENS + 1]; /* of each specimen among the n shots */
    int begins, ends;
} stretch;

static void list_shots(const scan *s, room *r, stretch *t, size_t from)
{
    t->n = 0;
    for (size_t i = 0; i < t->n_specimens; i++) {
        size_t first = s->c->first_shot[t->specimen[i]], n = dataset_shots(s->c, t->specimen[i]);
        size_t begin = t->n_specimens == 1 ? from : 0;
        t->first[i] = t->n;
        for (size_t k = begin; k < n && k < begin + BATCH_MAX_SHOTS; k++) {
            r->owner[t->n] = i;
            r->position[t->n++] = first + k;
        }
        t->begins = begin == 0;
        t->ends = begin + BATCH_MAX_SHOTS >= n;
    }
    t->first[t->n_specimens] = t->n;
}

/* The cache holds raw rows, or what the pipelines make of them: of no use to a scan without pipelines. */
static int uses_cache(const scan *s)
{
    return s->c->cache && (s->n_pipelines || !s->c->cache_is_whole);
}

/* Rows first ... end - 1 of a part, which are neighbours or not. */
static adamas_status read_rows(const scan *s, const room *r, const stretch *t, size_t first, size_t end, float *to,
                               adamas_error *error)
{
    const dataset *c = s->c;
    size_t width = c->sets[t->set]->axis.n;
    adamas_status status = ADAMAS_OK;
    for (size_t i = first, n; !uses_cache(s) && !status && i < end; i += n) {
        for (n = 1; i + n < end && r->position[i + n] == r->position[i] + n;)
            n++;
        status = row_reader_read(c->sets[t->set], n, c->shot + r->position[i], to + i * width, width, error);
    }
    return status;
}

static adamas_status screen_rows(const scan *s, room *r, const stretch *t, size_t first, size_t end,
                                 adamas_error *error)
{
    if (s->c->is_screened || !t->begins || !t->ends)
        return ADAMAS_OK;
    return screening_specimen(s->c->shot_flag + r->position[first], end - first, r->raw + first,
                              s->c->sets[t->set]->axis.n, s->full_scale[t->set], &r->screening, error);
}

/* Each specimen is read and screened before the next. Preprocessed rows will take the place of the raw ones from the
 * front: where they are wider, the raw ones stand at the back. */
static adamas_status find_rows(const scan *s, room *r, const stretch *t, adamas_error *error)
{
    const dataset *c = s->c;
    size_t width = c->sets[t->set]->axis.n;
    float *to = r->rows + (s->channels > width && !r->apart ? t->n * (s->channels - width) : 0);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; i < t->n; i++)
        r->raw[i] = uses_cache(s) ? c->cache + r->position[i] * c->cache_stride : to + i * width;
    for (size_t k = 0; !status && k < t->n_specimens; k++) {
        status = read_rows(s, r, t, t->first[k], t->first[k + 1], to, error);
        if (!status)
            status = screen_rows(s, r, t, t->first[k], t->first[k + 1], error);
    }
    return status;
}

/* Neighbouring rows at hand, on their way to their places in `out`. */
typedef struct handful {
    size_t n;
    const float *raw[STEP_ROWS];
    float *out[STEP_ROWS];
    size_t at[STEP_ROWS]; /* in the part as it is read */
} handful;

/* What another scan has left of a row, or NULL. */
static float *remembered(const scan *s, size_t position)
{
    row_cache *m = s->remembered;
    return m && m->rows ? m->rows + position * s->channels : NULL;
}

/* A row as it is known already, or NULL. */
static const float *known_row(const scan *s, const room *r, const handful *h, size_t i)
{
    size_t position = r->position[h->at[i]];
    const float *kept = remembered(s, position);
    return s->c->cache_is_whole ? h->raw[i] : kept && s->remembered->known[position] ? kept : NULL;
}

/* What is known is copied last: it may take the place of raw rows that others of the handful come from. */
static void preprocess(const scan *s, room *r, const stretch *t, const pipeline *p, handful *h)
{
    handful wanted = {0};
    const float *known[STEP_ROWS];
    size_t bytes = s->channels * sizeof(float);
    for (size_t i = 0; i < h->n; i++) {
        known[i] = known_row(s, r, h, i);
        if (known[i])
            continue;
        wanted.raw[wanted.n] = h->raw[i];
        wanted.at[wanted.n] = r->position[h->at[i]];
        wanted.out[wanted.n++] = h->out[i];
    }
    pipeline_rows(p, s->resamplers[t->set], s->n_stages, wanted.n, wanted.raw, wanted.out, r->scratch);
    for (size_t i = 0; i < wanted.n && remembered(s, wanted.at[i]); i++) {
        memcpy(remembered(s, wanted.at[i]), wanted.out[i], bytes);
        s->remembered->known[wanted.at[i]] = 1;
    }
    for (size_t i = 0; i < h->n; i++)
        if (known[i])
            memcpy(h->out[i], known[i], bytes);
}

/* Rows of which something is left move up. */
static void keep_usable(const scan *s, room *r, const stretch *t, const handful *h, float *rows, size_t *kept,
                        size_t which)
{
    for (size_t i = 0; i < h->n; i++) {
        size_t owner = r->owner[h->at[i]];
        if (!pipeline_row_is_usable(h->out[i])) {
            if (s->unusable && which == 0)
                s->unusable[t->specimen[owner]]++;
            continue;
        }
        if (h->out[i] != rows + *kept * s->channels)
            memmove(rows + *kept * s->channels, h->out[i], s->channels * sizeof *rows);
        r->first[owner + 1] = ++*kept;
    }
}

static adamas_status accumulate(scan *s, room *r, const stretch *t, size_t which, int thread, adamas_error *error)
{
    float *rows = r->apart ? r->apart : r->rows;
    size_t kept = 0;
    handful h = {0};
    memset(r->first, 0, sizeof r->first);
    for (size_t i = 0; i < t->n; i++) {
        if (s->c->shot_flag[r->position[i]] == ADAMAS_SHOT_USED) {
            h.raw[h.n] = r->raw[i];
            h.at[h.n] = i;
            h.out[h.n] = rows + (kept + h.n) * s->channels;
            h.n++;
        }
        if (h.n == STEP_ROWS || (i + 1 == t->n && h.n)) {
            preprocess(s, r, t, s->pipelines[which], &h);
            keep_usable(s, r, t, &h, rows, &kept, which);
            h.n = 0;
        }
    }
    for (size_t i = 0; i < t->n_specimens; i++)
        r->first[i + 1] = r->first[i + 1] > r->first[i] ? r->first[i + 1] : r->first[i];
    row_batch part = {.pipeline = which,
                      .n_specimens = t->n_specimens,
                      .specimen = t->specimen,
                      .first = r->first,
                      .n_channels = s->channels,
                      .rows = rows,
                      .begins = t->begins,
                      .ends = t->ends};
    return s->visitor->accumulate(s->visitor->context, thread, &part, error);
}

/* All specimens are visited, so the flags of the shots of a part stand side by side. */
static adamas_status accumulate_raw(scan *s, room *r, const stretch *t, int thread, adamas_error *error)
{
    size_t width = s->c->sets[t->set]->axis.n;
    for (size_t i = 0; i < t->n; i++)
        if (r->raw[i] != r->rows + i * width)
            memcpy(r->rows + i * width, r->raw[i], width * sizeof *r->rows);
    row_batch part = {.n_specimens = t->n_specimens,
                      .specimen = t->specimen,
                      .first = t->first,
                      .n_channels = width,
                      .rows = r->rows,
                      .shot_flag = t->n ? s->c->shot_flag + r->position[0] : NULL,
                      .begins = t->begins,
                      .ends = t->ends};
    return s->visitor->accumulate(s->visitor->context, thread, &part, error);
}

/* One part, all its pipelines, and what must be done in order. */
static adamas_status do_part(scan *s, room *r, const stretch *t, size_t block, int thread, adamas_error *error)
{
    adamas_status status = find_rows(s, r, t, error);
    if (!status && s->visitor && s->n_pipelines == 0)
        status = accumulate_raw(s, r, t, thread, error);
    for (size_t which = 0; !status && which < s->n_pipelines; which++)
        status = accumulate(s, r, t, which, thread, error);
    if (!status && s->visitor && s->visitor->reduce && (t->ends || s->visitor->reduce_each_batch)) {
        status = work_order_await(&s->order, block, error);
        if (!status)
            status = s->visitor->reduce(s->visitor->context, thread, error);
    }
    return status;
}

static adamas_status screen_large(const scan *s, room *r, size_t set, size_t specimen, adamas_error *error)
{
    const dataset *c = s->c;
    size_t first = c->first_shot[specimen], n = dataset_shots(c, specimen);
    return screening_large(c->shot_flag + first, n, c->sets[set], c->shot + first, s->full_scale[set], r->rows,
                           &r->screening, error);
}

static adamas_status do_block(void *context, size_t block, int thread, adamas_error *error)
{
    scan *s = context;
    room *r = &s->rooms[thread];
    stretch t = {.n_specimens = s->block[block + 1] - s->block[block], .specimen = s->specimen + s->block[block]};
    t.set = dataset_set(s->c, t.specimen[0]);
    adamas_status status = ADAMAS_OK;
    size_t shots = dataset_shots(s->c, t.specimen[0]);
    if (!s->c->is_screened && shots > BATCH_MAX_SHOTS)
        status = screen_large(s, r, t.set, t.specimen[0], error);
    for (size_t from = 0; !status && (from == 0 || (t.n_specimens == 1 && from < shots)); from += BATCH_MAX_SHOTS) {
        list_shots(s, r, &t, from);
        status = do_part(s, r, &t, block, thread, error);
    }
    if (!status && !s->c->is_screened)
        status = work_progress(s->w, "screening shots", atomic_fetch_add(&s->done, t.n_specimens) + t.n_specimens,
                               s->n_specimens, error);
    if (s->visitor && s->visitor->reduce)
        work_order_finish(&s->order, block, status);
    return status;
}

/* All of it: s has what is asked for. */
static adamas_status go_over(scan *s, const unsigned char *include, adamas_error *error)
{
    adamas_status status = make_blocks(s, include, error);
    if (!status)
        status = reserve(s, error);
    if (!status)
        status = work_order_begin(&s->order, error);
    if (!status) {
        status = work_each(s->w, s->n_blocks, do_block, s, error);
        work_order_end(&s->order);
    }
    release(s);
    return status;
}

adamas_status dataset_scan(dataset *c, const pipeline *const *pipelines, size_t n_pipelines, size_t n_stages,
                           const unsigned char *include, work *w, row_cache *remembered, const scan_visitor *visitor,
                           size_t *unusable, adamas_error *error)
{
    scan s = {.c = c,
              .pipelines = pipelines,
              .n_pipelines = n_pipelines,
              .n_stages = n_stages,
              .channels = dataset_channels(c, pipelines[0], n_stages),
              .w = w,
              .threads = work_threads(w),
              .remembered = n_pipelines == 1 ? remembered : NULL,
              .visitor = visitor,
              .unusable = unusable};
    adamas_status status = go_over(&s, include, error);
    if (!c->is_screened) /* else it may be read by others meanwhile */
        c->is_screened = !status && !include;
    return status;
}

adamas_status dataset_scan_raw(dataset *c, work *w, const scan_visitor *visitor, adamas_error *error)
{
    scan s = {.c = c, .w = w, .threads = work_threads(w), .visitor = visitor};
    adamas_status status = go_over(&s, NULL, error);
    if (!c->is_screened) /* else it may be read by others meanwhile */
        c->is_screened = !status;
    return status;
}

adamas_status dataset_screen(dataset *c, work *w, adamas_error *error)
{
    return c->is_screened ? ADAMAS_OK : dataset_scan_raw(c, w, NULL, error);
}
