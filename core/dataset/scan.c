/* Scans over a dataset's shots, by blocks of neighbouring specimens: one thread reads, screens and preprocesses a block
 * while its rows are in the processor's cache. */
#include "dataset/scan.h"

#include "base/memory.h"
#include "dataset/row_reader.h"
#include "dataset/screening.h"

#include <stdlib.h>
#include <string.h>

/* A block ends with the specimen with which it has this many shots. */
enum { block_shots = 32 };

/* Of one thread. */
typedef struct workspace {
    float *rows;     /* [max_shots, the wider of raw and preprocessed rows] */
    float *separate; /* [max_shots, channels]: preprocessed rows if several pipelines need the raw ones, else NULL */
    float *scratch;
    const float **raw; /* [max_shots] */
    size_t *position;  /* [max_shots]: of each row among the dataset's shots */
    size_t *owner;     /* [max_shots]: of each row: which of the batch's specimens it is of */
    size_t first[BATCH_MAX_SPECIMENS + 1];
    screening_workspace screening;
} workspace;

typedef struct scan {
    dataset *c;
    const pipeline *const *pipelines;
    size_t n_pipelines, n_stages, channels;
    resampler **resamplers; /* [n_sets] */
    double *full_scale;     /* [n_sets] */
    work *w;
    row_cache *cache;
    const scan_visitor *visitor;
    size_t *unusable;
    size_t *specimen; /* [n_specimens]: those that are visited */
    size_t n_specimens;
    size_t *block; /* [n_blocks + 1]: start of each block among them */
    size_t n_blocks, max_shots;
    int threads;
    workspace *workspaces; /* [threads] */
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
        size_t batch = dataset_shots(c, k) > BATCH_MAX_SHOTS ? (size_t)BATCH_MAX_SHOTS : shots;
        s->max_shots = batch > s->max_shots ? batch : s->max_shots;
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

static adamas_status make_workspace(scan *s, workspace *ws, size_t scratch, adamas_error *error)
{
    size_t wide = s->c->stride > s->channels ? s->c->stride : s->channels;
    ws->rows = memory_raw(s->max_shots, wide * sizeof *ws->rows);
    ws->separate = s->n_pipelines > 1 ? memory_raw(s->max_shots, s->channels * sizeof *ws->separate) : NULL;
    ws->scratch = memory_raw(scratch, sizeof *ws->scratch);
    ws->raw = memory_raw(s->max_shots, sizeof *ws->raw);
    ws->position = memory_raw(s->max_shots, sizeof *ws->position);
    ws->owner = memory_raw(s->max_shots, sizeof *ws->owner);
    if (!ws->rows || (s->n_pipelines > 1 && !ws->separate) || !ws->scratch || !ws->raw || !ws->position || !ws->owner)
        return status_no_memory(error);
    return s->c->is_screened ? ADAMAS_OK : screening_workspace_make(&ws->screening, s->max_shots, s->c->stride, error);
}

static adamas_status reserve(scan *s, adamas_error *error)
{
    size_t scratch = 0;
    adamas_status status = make_resamplers(s, &scratch, error);
    s->workspaces = memory_new((size_t)s->threads, sizeof *s->workspaces);
    if (!status && !s->workspaces)
        status = status_no_memory(error);
    for (int t = 0; !status && t < s->threads; t++)
        status = make_workspace(s, &s->workspaces[t], scratch, error);
    return status;
}

static void release(scan *s)
{
    for (size_t i = 0; s->resamplers && i < s->c->n_sets; i++)
        resampler_free(s->resamplers[i]);
    for (int t = 0; s->workspaces && t < s->threads; t++) {
        workspace *ws = &s->workspaces[t];
        free(ws->rows);
        free(ws->separate);
        free(ws->scratch);
        free(ws->raw);
        free(ws->position);
        free(ws->owner);
        screening_workspace_clear(&ws->screening);
    }
    free(s->workspaces);
    free(s->resamplers);
    free(s->full_scale);
    free(s->specimen);
    free(s->block);
}

/* A batch as it is read: the specimens of a block, or some shots of one that has more than BATCH_MAX_SHOTS. */
typedef struct batch_shots {
    size_t n_specimens, n, set;
    const size_t *specimen;
    size_t first[BATCH_MAX_SPECIMENS + 1]; /* of each specimen among the n shots */
    int begins, ends;
} batch_shots;

static void list_shots(const scan *s, workspace *ws, batch_shots *t, size_t from)
{
    t->n = 0;
    for (size_t i = 0; i < t->n_specimens; i++) {
        size_t first = s->c->first_shot[t->specimen[i]], n = dataset_shots(s->c, t->specimen[i]);
        size_t begin = t->n_specimens == 1 ? from : 0;
        t->first[i] = t->n;
        for (size_t k = begin; k < n && k < begin + BATCH_MAX_SHOTS; k++) {
            ws->owner[t->n] = i;
            ws->position[t->n++] = first + k;
        }
        t->begins = begin == 0;
        t->ends = begin + BATCH_MAX_SHOTS >= n;
    }
    t->first[t->n_specimens] = t->n;
}

/* A scan of raw rows cannot use cached rows that are preprocessed. */
static int uses_cache(const scan *s)
{
    return s->c->cache && (s->n_pipelines || !s->c->cache_is_whole);
}

/* Reads rows first ... end - 1 of a batch; runs of neighbours with one call. */
static adamas_status read_rows(const scan *s, const workspace *ws, const batch_shots *t, size_t first, size_t end,
                               float *to, adamas_error *error)
{
    const dataset *c = s->c;
    size_t width = c->sets[t->set]->axis.n;
    adamas_status status = ADAMAS_OK;
    for (size_t i = first, n; !uses_cache(s) && !status && i < end; i += n) {
        for (n = 1; i + n < end && ws->position[i + n] == ws->position[i] + n;)
            n++;
        status = row_reader_read(c->sets[t->set], n, c->shot + ws->position[i], to + i * width, width, error);
    }
    return status;
}

static adamas_status screen_rows(const scan *s, workspace *ws, const batch_shots *t, size_t first, size_t end,
                                 adamas_error *error)
{
    if (s->c->is_screened || !t->begins || !t->ends)
        return ADAMAS_OK;
    return screening_specimen(s->c->shot_flag + ws->position[first], end - first, ws->raw + first,
                              s->c->sets[t->set]->axis.n, s->full_scale[t->set], &ws->screening, error);
}

/* Reads and screens specimen after specimen. Preprocessed rows will overwrite the raw ones from the front: if they are
 * wider, the raw ones are put at the back. */
static adamas_status load_rows(const scan *s, workspace *ws, const batch_shots *t, adamas_error *error)
{
    const dataset *c = s->c;
    size_t width = c->sets[t->set]->axis.n;
    float *to = ws->rows + (s->channels > width && !ws->separate ? t->n * (s->channels - width) : 0);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; i < t->n; i++)
        ws->raw[i] = uses_cache(s) ? c->cache + ws->position[i] * c->cache_stride : to + i * width;
    for (size_t k = 0; !status && k < t->n_specimens; k++) {
        status = read_rows(s, ws, t, t->first[k], t->first[k + 1], to, error);
        if (!status)
            status = screen_rows(s, ws, t, t->first[k], t->first[k + 1], error);
    }
    return status;
}

/* Rows that are preprocessed together. */
typedef struct row_group {
    size_t n;
    const float *raw[STEP_ROWS];
    float *out[STEP_ROWS];
    size_t at[STEP_ROWS]; /* index in the batch as it is read */
} row_group;

/* A row's place in the row cache, or NULL. */
static float *cached_row(const scan *s, size_t position)
{
    row_cache *m = s->cache;
    return m && m->rows ? m->rows + position * s->channels : NULL;
}

/* A row that is preprocessed already, or NULL. */
static const float *known_row(const scan *s, const workspace *ws, const row_group *h, size_t i)
{
    size_t position = ws->position[h->at[i]];
    const float *kept = cached_row(s, position);
    return s->c->cache_is_whole ? h->raw[i] : kept && s->cache->known[position] ? kept : NULL;
}

/* Known rows are copied last: they may overwrite raw rows that others of the group are made of. */
static void preprocess(const scan *s, workspace *ws, const batch_shots *t, const pipeline *p, row_group *h)
{
    row_group wanted = {0};
    const float *known[STEP_ROWS];
    size_t bytes = s->channels * sizeof(float);
    for (size_t i = 0; i < h->n; i++) {
        known[i] = known_row(s, ws, h, i);
        if (known[i])
            continue;
        wanted.raw[wanted.n] = h->raw[i];
        wanted.at[wanted.n] = ws->position[h->at[i]];
        wanted.out[wanted.n++] = h->out[i];
    }
    pipeline_rows(p, s->resamplers[t->set], s->n_stages, wanted.n, wanted.raw, wanted.out, ws->scratch);
    for (size_t i = 0; i < wanted.n && cached_row(s, wanted.at[i]); i++) {
        memcpy(cached_row(s, wanted.at[i]), wanted.out[i], bytes);
        s->cache->known[wanted.at[i]] = 1;
    }
    for (size_t i = 0; i < h->n; i++)
        if (known[i])
            memcpy(h->out[i], known[i], bytes);
}

/* Closes the gaps that unusable rows leave. */
static void keep_usable(const scan *s, workspace *ws, const batch_shots *t, const row_group *h, float *rows,
                        size_t *kept, size_t which)
{
    for (size_t i = 0; i < h->n; i++) {
        size_t owner = ws->owner[h->at[i]];
        if (!pipeline_row_is_usable(h->out[i])) {
            if (s->unusable && which == 0)
                s->unusable[t->specimen[owner]]++;
            continue;
        }
        if (h->out[i] != rows + *kept * s->channels)
            memmove(rows + *kept * s->channels, h->out[i], s->channels * sizeof *rows);
        ws->first[owner + 1] = ++*kept;
    }
}

static adamas_status accumulate(scan *s, workspace *ws, const batch_shots *t, size_t which, int thread,
                                adamas_error *error)
{
    float *rows = ws->separate ? ws->separate : ws->rows;
    size_t kept = 0;
    row_group h = {0};
    memset(ws->first, 0, sizeof ws->first);
    for (size_t i = 0; i < t->n; i++) {
        if (s->c->shot_flag[ws->position[i]] == ADAMAS_SHOT_USED) {
            h.raw[h.n] = ws->raw[i];
            h.at[h.n] = i;
            h.out[h.n] = rows + (kept + h.n) * s->channels;
            h.n++;
        }
        if (h.n == STEP_ROWS || (i + 1 == t->n && h.n)) {
            preprocess(s, ws, t, s->pipelines[which], &h);
            keep_usable(s, ws, t, &h, rows, &kept, which);
            h.n = 0;
        }
    }
    for (size_t i = 0; i < t->n_specimens; i++)
        ws->first[i + 1] = ws->first[i + 1] > ws->first[i] ? ws->first[i + 1] : ws->first[i];
    row_batch batch = {.pipeline = which,
                       .n_specimens = t->n_specimens,
                       .specimen = t->specimen,
                       .first = ws->first,
                       .n_channels = s->channels,
                       .rows = rows,
                       .begins = t->begins,
                       .ends = t->ends};
    return s->visitor->accumulate(s->visitor->context, thread, &batch, error);
}

/* All specimens are visited, so the flags of a batch's shots are contiguous. */
static adamas_status accumulate_raw(scan *s, workspace *ws, const batch_shots *t, int thread, adamas_error *error)
{
    size_t width = s->c->sets[t->set]->axis.n;
    for (size_t i = 0; i < t->n; i++)
        if (ws->raw[i] != ws->rows + i * width)
            memcpy(ws->rows + i * width, ws->raw[i], width * sizeof *ws->rows);
    row_batch batch = {.n_specimens = t->n_specimens,
                       .specimen = t->specimen,
                       .first = t->first,
                       .n_channels = width,
                       .rows = ws->rows,
                       .shot_flag = t->n ? s->c->shot_flag + ws->position[0] : NULL,
                       .begins = t->begins,
                       .ends = t->ends};
    return s->visitor->accumulate(s->visitor->context, thread, &batch, error);
}

/* One batch: through all pipelines, then what must be done in order. */
static adamas_status visit_batch(scan *s, workspace *ws, const batch_shots *t, size_t block, int thread,
                                 adamas_error *error)
{
    adamas_status status = load_rows(s, ws, t, error);
    if (!status && s->visitor && s->n_pipelines == 0)
        status = accumulate_raw(s, ws, t, thread, error);
    for (size_t which = 0; !status && which < s->n_pipelines; which++)
        status = accumulate(s, ws, t, which, thread, error);
    if (!status && s->visitor && s->visitor->reduce && (t->ends || s->visitor->reduce_each_batch)) {
        status = work_order_await(&s->order, block, error);
        if (!status)
            status = s->visitor->reduce(s->visitor->context, thread, error);
    }
    return status;
}

static adamas_status screen_large(const scan *s, workspace *ws, size_t set, size_t specimen, adamas_error *error)
{
    const dataset *c = s->c;
    size_t first = c->first_shot[specimen], n = dataset_shots(c, specimen);
    return screening_large(c->shot_flag + first, n, c->sets[set], c->shot + first, s->full_scale[set], ws->rows,
                           &ws->screening, error);
}

static adamas_status visit_block(void *context, size_t block, int thread, adamas_error *error)
{
    scan *s = context;
    workspace *ws = &s->workspaces[thread];
    batch_shots t = {.n_specimens = s->block[block + 1] - s->block[block], .specimen = s->specimen + s->block[block]};
    t.set = dataset_set(s->c, t.specimen[0]);
    adamas_status status = ADAMAS_OK;
    size_t shots = dataset_shots(s->c, t.specimen[0]);
    if (!s->c->is_screened && shots > BATCH_MAX_SHOTS)
        status = screen_large(s, ws, t.set, t.specimen[0], error);
    for (size_t from = 0; !status && (from == 0 || (t.n_specimens == 1 && from < shots)); from += BATCH_MAX_SHOTS) {
        list_shots(s, ws, &t, from);
        status = visit_batch(s, ws, &t, block, thread, error);
    }
    if (!status && !s->c->is_screened)
        status = work_progress(s->w, "screening shots", atomic_fetch_add(&s->done, t.n_specimens) + t.n_specimens,
                               s->n_specimens, error);
    if (s->visitor && s->visitor->reduce)
        work_order_finish(&s->order, block, status);
    return status;
}

static adamas_status run(scan *s, const unsigned char *include, adamas_error *error)
{
    adamas_status status = make_blocks(s, include, error);
    if (!status)
        status = reserve(s, error);
    if (!status)
        status = work_order_begin(&s->order, error);
    if (!status) {
        status = work_each(s->w, s->n_blocks, visit_block, s, error);
        work_order_end(&s->order);
    }
    release(s);
    return status;
}

adamas_status dataset_scan(dataset *c, const pipeline *const *pipelines, size_t n_pipelines, size_t n_stages,
                           const unsigned char *include, work *w, row_cache *rows, const scan_visitor *visitor,
                           size_t *unusable, adamas_error *error)
{
    scan s = {.c = c,
              .pipelines = pipelines,
              .n_pipelines = n_pipelines,
              .n_stages = n_stages,
              .channels = dataset_channels(c, pipelines[0], n_stages),
              .w = w,
              .threads = work_threads(w),
              .cache = n_pipelines == 1 ? rows : NULL,
              .visitor = visitor,
              .unusable = unusable};
    adamas_status status = run(&s, include, error);
    if (!c->is_screened) /* else it may be read by others meanwhile */
        c->is_screened = !status && !include;
    return status;
}

adamas_status dataset_scan_raw(dataset *c, work *w, const scan_visitor *visitor, adamas_error *error)
{
    scan s = {.c = c, .w = w, .threads = work_threads(w), .visitor = visitor};
    adamas_status status = run(&s, NULL, error);
    if (!c->is_screened) /* else it may be read by others meanwhile */
        c->is_screened = !status;
    return status;
}

adamas_status dataset_screen(dataset *c, work *w, adamas_error *error)
{
    return c->is_screened ? ADAMAS_OK : dataset_scan_raw(c, w, NULL, error);
}

adamas_status dataset_screen_set(const adamas_spectra *set, uint8_t *flag, work *w, adamas_error *error)
{
    dataset c;
    adamas_status status = dataset_of_set(&c, &set, error);
    if (!status)
        status = dataset_screen(&c, w, error);
    for (size_t i = 0; !status && i < c.n_shots; i++)
        flag[c.shot[i]] = c.shot_flag[i];
    dataset_clear(&c);
    return status;
}
