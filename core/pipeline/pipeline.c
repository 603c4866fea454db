/* Running rows through the preprocessing of a compiled method: a block of rows at a time if a step handles several rows
 * together, else row by row. */
#include "pipeline/pipeline.h"

#include "base/memory.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int only_selects(const step *s)
{
    return s->select && !s->apply && !s->apply_rows && !s->shift;
}

/* Replaces *a by the axis after a selecting step; keep[a->n] tells which channels stay. */
static adamas_status narrow(axis *a, const compiled_step *r, unsigned char *keep, adamas_error *error)
{
    axis narrower = {0};
    adamas_status status = keep ? r->preprocess->select(r->values, a, keep, error) : status_no_memory(error);
    if (!status)
        status = axis_select(&narrower, a, keep, error);
    if (status)
        return status;
    axis_clear(a);
    *a = narrower;
    return ADAMAS_OK;
}

static adamas_status create_state(pipeline_stage *stage, adamas_error *error)
{
    if (!stage->step->create)
        return ADAMAS_OK;
    return stage->step->create(&stage->state, stage->values, &stage->in, stage->reference, error);
}

static int is_unfitted(const pipeline_stage *stage)
{
    return stage->step->needs_reference && !stage->reference;
}

static adamas_status add_stage(pipeline *p, const compiled_step *r, adamas_error *error)
{
    pipeline_stage *stage = &p->stages[p->n_stages];
    *stage = (pipeline_stage){.step = r->preprocess, .values = r->values};
    adamas_status status = axis_copy(&stage->in, &p->out, error);
    if (status)
        return status;
    p->n_stages++;
    if (!is_unfitted(stage))
        status = create_state(stage, error);
    if (!status && only_selects(r->preprocess)) {
        stage->keep = memory_new(p->out.n, sizeof *stage->keep);
        status = narrow(&p->out, r, stage->keep, error);
    }
    return status;
}

adamas_status pipeline_make(pipeline *out, const compiled_method *compiled, const axis *library, adamas_error *error)
{
    pipeline *p = out;
    *p = (pipeline){0};
    size_t leading = 0;
    adamas_status status = axis_copy(&p->target, library, error);
    for (; !status && leading < compiled->n_preprocess && only_selects(compiled->steps[leading].preprocess);
         leading++) {
        unsigned char *keep = memory_new(p->target.n, sizeof *keep);
        status = narrow(&p->target, &compiled->steps[leading], keep, error);
        free(keep);
    }
    if (!status)
        status = axis_copy(&p->out, &p->target, error);
    for (size_t i = leading; !status && i < compiled->n_preprocess; i++)
        status = add_stage(p, &compiled->steps[i], error);
    if (!status)
        status = resampler_make(&p->own, library, &p->target, resampler_max_gap_nm, "the library", error);
    if (status)
        pipeline_clear(p);
    return status;
}

void pipeline_clear(pipeline *p)
{
    for (size_t i = 0; i < p->n_stages; i++) {
        pipeline_stage *stage = &p->stages[i];
        if (stage->step->destroy && stage->state)
            stage->step->destroy(stage->state);
        else
            free(stage->state);
        free(stage->reference);
        free(stage->keep);
        axis_clear(&stage->in);
    }
    resampler_free(p->own);
    axis_clear(&p->target);
    axis_clear(&p->out);
    p->own = NULL;
    p->n_stages = 0;
}

size_t pipeline_first_unfitted(const pipeline *p)
{
    size_t i = 0;
    while (i < p->n_stages && !is_unfitted(&p->stages[i]))
        i++;
    return i;
}

adamas_status pipeline_set_reference(pipeline *p, size_t stage, const float *mean, adamas_error *error)
{
    pipeline_stage *s = &p->stages[stage];
    s->reference = memory_raw(s->in.n, sizeof *s->reference);
    if (!s->reference)
        return status_no_memory(error);
    memcpy(s->reference, mean, s->in.n * sizeof *mean);
    return create_state(s, error);
}

size_t pipeline_channels(const pipeline *p, size_t n_stages)
{
    return n_stages < p->n_stages ? p->stages[n_stages].in.n : p->out.n;
}

adamas_status pipeline_resampler(resampler **out, const pipeline *p, const axis *from, const char *where,
                                 adamas_error *error)
{
    *out = resampler_share(p->own, from);
    return *out ? ADAMAS_OK : resampler_make(out, from, &p->target, resampler_max_gap_nm, where, error);
}

/* Scratch starts on 64-byte boundaries. */
static size_t rounded(size_t floats)
{
    return (floats + 15) / 16 * 16;
}

/* From a row of a block to the next: an odd number of cache lines, so that the same channels of all rows are not mapped
 * to the same cache set. */
static size_t stride_of(const pipeline *p)
{
    return ((p->target.n + 15) / 16 | 1) * 16;
}

/* Does a stage handle all rows of a block together? */
static int needs_block(const pipeline_stage *stage)
{
    return stage->step->apply_rows || stage->step->shift;
}

static size_t next_block_stage(const pipeline *p, size_t first, size_t n_stages)
{
    while (first < n_stages && !needs_block(&p->stages[first]))
        first++;
    return first;
}

/* Rows go through all stages one by one, unless some stage handles several together. */
static size_t block_rows(const pipeline *p)
{
    return next_block_stage(p, 0, p->n_stages) < p->n_stages ? STEP_ROWS : 1;
}

/* Floats for the shifts of the segments of a block's rows. */
static size_t shift_scratch(const pipeline *p)
{
    return rounded(2 * block_rows(p) * p->target.n_segments);
}

/* The rows of a block, their shifts, and what the resampler and the steps use in turn. */
size_t pipeline_scratch(const pipeline *p, const resampler *r)
{
    size_t max_step = resampler_scratch(r);
    for (size_t i = 0; i < p->n_stages; i++) {
        const pipeline_stage *stage = &p->stages[i];
        size_t wanted = stage->step->scratch && stage->state ? stage->step->scratch(stage->state) : 0;
        max_step = wanted > max_step ? wanted : max_step;
    }
    return block_rows(p) * stride_of(p) + shift_scratch(p) + rounded(max_step);
}

static void select_channels(const pipeline_stage *stage, const float *row, float *out)
{
    size_t at = 0;
    for (size_t i = 0; i < stage->in.n; i++)
        if (stage->keep[i])
            out[at++] = row[i];
}

/* A block of rows being preprocessed. at[k] is the present row k: the raw row, row[k] in scratch, or out[k]. */
typedef struct row_block {
    const pipeline *p;
    const resampler *r;
    size_t n;
    const float *const *raw;
    float *const *out;
    const float *at[STEP_ROWS];
    float *row[STEP_ROWS];
    size_t stride;
    double *shifts;
    float *scratch;
} row_block;

static void resample(row_block *w, const double *shifts)
{
    resampler_apply(w->r, w->n, w->raw, shifts, w->row, w->scratch);
    for (size_t k = 0; k < w->n; k++)
        w->at[k] = w->row[k];
}

static void shift_rows(row_block *w, const pipeline_stage *stage)
{
    for (size_t k = 0; k < w->n; k++)
        stage->step->shift(stage->state, &stage->in, w->at[k], w->shifts + k * w->p->target.n_segments, w->scratch);
    resample(w, w->shifts);
}

static void apply_rows_together(row_block *w, const pipeline_stage *stage)
{
    for (size_t k = 0; k < w->n; k++) {
        if (w->at[k] != w->row[k])
            memcpy(w->row[k], w->at[k], stage->in.n * sizeof *w->row[k]);
        w->at[k] = w->row[k];
    }
    stage->step->apply_rows(stage->state, &stage->in, w->n, w->row[0], w->stride, w->scratch);
}

/* Stages first ... end - 1 of a row; if last, the result goes to out[k]. */
static void apply_rows_singly(row_block *w, size_t k, size_t first, size_t end, int last)
{
    for (size_t i = first; i < end; i++) {
        const pipeline_stage *stage = &w->p->stages[i];
        float *to = last && i + 1 == end ? w->out[k] : w->row[k];
        if (stage->step->apply)
            stage->step->apply(stage->state, &stage->in, w->at[k], to, w->scratch);
        else
            select_channels(stage, w->at[k], to);
        w->at[k] = to;
    }
}

static void run(row_block *w, size_t n_stages)
{
    for (size_t k = 0; k < w->n; k++)
        w->at[k] = w->raw[k];
    if (!resampler_is_same(w->r))
        resample(w, NULL);
    for (size_t first = 0, end; first < n_stages; first = end) {
        end = next_block_stage(w->p, first, n_stages);
        for (size_t k = 0; k < w->n; k++)
            apply_rows_singly(w, k, first, end, end == n_stages);
        if (end < n_stages)
            (w->p->stages[end].step->shift ? shift_rows : apply_rows_together)(w, &w->p->stages[end]);
        end++;
    }
    for (size_t k = 0; k < w->n; k++)
        if (w->at[k] != w->out[k])
            memcpy(w->out[k], w->at[k], pipeline_channels(w->p, n_stages) * sizeof *w->out[k]);
}

void pipeline_rows(const pipeline *p, const resampler *r, size_t n_stages, size_t n, const float *const *raw,
                   float *const *out, float *scratch)
{
    size_t stride = stride_of(p), rows_per_block = block_rows(p);
    row_block w = {.p = p, .r = r, .stride = stride};
    for (size_t k = 0; k < rows_per_block; k++)
        w.row[k] = scratch + k * stride;
    w.shifts = (double *)(void *)(scratch + rows_per_block * stride);
    w.scratch = scratch + rows_per_block * stride + shift_scratch(p);
    for (size_t done = 0; done < n; done += w.n) {
        w.n = rows_per_block < n - done ? rows_per_block : n - done;
        w.raw = raw + done;
        w.out = out + done;
        run(&w, n_stages);
    }
}

int pipeline_row_is_usable(const float *row)
{
    return isfinite(row[0]);
}

static const char *reference_name(store_name out, const char *group, size_t stage)
{
    snprintf(out, sizeof(store_name), "%s/reference_%zu", group, stage);
    return out;
}

adamas_status pipeline_save(const pipeline *p, store *s, const char *group, adamas_error *error)
{
    adamas_status status = store_write_group(s, group, NULL, error);
    for (size_t i = 0; !status && i < p->n_stages; i++) {
        store_name name;
        if (p->stages[i].reference)
            status = store_write_floats(s, reference_name(name, group, i), p->stages[i].in.n, 0, p->stages[i].reference,
                                        error);
    }
    return status;
}

adamas_status pipeline_load(pipeline *out, const compiled_method *compiled, const axis *library, store *s,
                            const char *group, adamas_error *error)
{
    adamas_status status = pipeline_make(out, compiled, library, error);
    if (status)
        return status;
    float *reference = memory_raw(out->target.n, sizeof *reference);
    if (!reference)
        status = status_no_memory(error);
    for (size_t i; !status && (i = pipeline_first_unfitted(out)) < out->n_stages;) {
        store_name name;
        status = store_read_floats(s, reference_name(name, group, i), out->stages[i].in.n, 1, reference, error);
        if (!status)
            status = pipeline_set_reference(out, i, reference, error);
    }
    free(reference);
    if (status)
        pipeline_clear(out);
    return status;
}
