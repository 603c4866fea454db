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

static adamas_status make_state(pipeline_stage *stage, adamas_error *error)
{
    if (!stage->step->create)
        return ADAMAS_OK;
    return stage->step->create(&stage->state, stage->values, &stage->in, stage->reference, error);
}

static int waits(const pipeline_stage *stage)
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
    if (!waits(stage))
        status = make_state(stage, error);
    if (!status && only_selects(r->preprocess)) {
        stage->keep = memory_new(p->out.n, sizeof *stage->keep);
        status = narrow(&p->out, r, stage->keep, error);
    }
    return status;
}

adamas_status pipeline_make(pipeline *out, const compiled_method *r, const axis *library, adamas_error *error)
{
    pipeline *p = out;
    *p = (pipeline){0};
    size_t leading = 0;
    adamas_status status = axis_copy(&p->target, library, error);
    for (; !status && leading < r->n_preprocess && only_selects(r->steps[leading].preprocess); leading++) {
        unsigned char *keep = memory_new(p->target.n, sizeof *keep);
        status = narrow(&p->target, &r->steps[leading], keep, error);
        free(keep);
    }
    if (!status)
        status = axis_copy(&p->out, &p->target, error);
    for (size_t i = leading; !status && i < r->n_preprocess; i++)
        status = add_stage(p, &r->steps[i], error);
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
    while (i < p->n_stages && !waits(&p->stages[i]))
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
    return make_state(s, error);
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

/* Scratch is kept on 64-byte boundaries. */
static size_t rounded(size_t floats)
{
    return (floats + 15) / 16 * 16;
}

/* From a row at hand to the next: an odd number of cache lines, so that the same channels of all rows find room in a
 * cache at once. */
static size_t stride_of(const pipeline *p)
{
    return ((p->target.n + 15) / 16 | 1) * 16;
}

/* Does a stage want all rows at hand at once? */
static int takes_all(const pipeline_stage *stage)
{
    return stage->step->apply_rows || stage->step->shift;
}

static size_t next_to_take_all(const pipeline *p, size_t first, size_t n_stages)
{
    while (first < n_stages && !takes_all(&p->stages[first]))
        first++;
    return first;
}

/* One row after the other goes through all stages, unless one wants several. */
static size_t rows_at_hand(const pipeline *p)
{
    return next_to_take_all(p, 0, p->n_stages) < p->n_stages ? STEP_ROWS : 1;
}

/* Of the shifts of the segments of the rows at hand. */
static size_t room_for_shifts(const pipeline *p)
{
    return rounded(2 * rows_at_hand(p) * p->target.n_segments);
}

/* Of the resampler and of the steps, which take turns; before it the rows at hand and their shifts. */
size_t pipeline_scratch(const pipeline *p, const resampler *r)
{
    size_t most = resampler_scratch(r);
    for (size_t i = 0; i < p->n_stages; i++) {
        const pipeline_stage *stage = &p->stages[i];
        size_t wanted = stage->step->scratch && stage->state ? stage->step->scratch(stage->state) : 0;
        most = wanted > most ? wanted : most;
    }
    return rows_at_hand(p) * stride_of(p) + room_for_shifts(p) + rounded(most);
}

static void select_channels(const pipeline_stage *stage, const float *row, float *out)
{
    size_t at = 0;
    for (size_t i = 0; i < stage->in.n; i++)
        if (stage->keep[i])
            out[at++] = row[i];
}

/* Rows on their way: where each stands, which is where it was read, among the rows at hand, or at its end. */
typedef struct way {
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
} way;

static void resample(way *w, const double *shifts)
{
    resampler_apply(w->r, w->n, w->raw, shifts, w->row, w->scratch);
    for (size_t k = 0; k < w->n; k++)
        w->at[k] = w->row[k];
}

static void shift_all(way *w, const pipeline_stage *stage)
{
    for (size_t k = 0; k < w->n; k++)
        stage->step->shift(stage->state, &stage->in, w->at[k], w->shifts + k * w->p->target.n_segments, w->scratch);
    resample(w, w->shifts);
}

static void apply_to_all(way *w, const pipeline_stage *stage)
{
    for (size_t k = 0; k < w->n; k++) {
        if (w->at[k] != w->row[k])
            memcpy(w->row[k], w->at[k], stage->in.n * sizeof *w->row[k]);
        w->at[k] = w->row[k];
    }
    stage->step->apply_rows(stage->state, &stage->in, w->n, w->row[0], w->stride, w->scratch);
}

/* Stages first ... end - 1 of a row; the last of all leave it at its end. */
static void run_alone(way *w, size_t k, size_t first, size_t end, int last)
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

static void run(way *w, size_t n_stages)
{
    for (size_t k = 0; k < w->n; k++)
        w->at[k] = w->raw[k];
    if (!resampler_is_same(w->r))
        resample(w, NULL);
    for (size_t first = 0, end; first < n_stages; first = end) {
        end = next_to_take_all(w->p, first, n_stages);
        for (size_t k = 0; k < w->n; k++)
            run_alone(w, k, first, end, end == n_stages);
        if (end < n_stages)
            (w->p->stages[end].step->shift ? shift_all : apply_to_all)(w, &w->p->stages[end]);
        end++;
    }
    for (size_t k = 0; k < w->n; k++)
        if (w->at[k] != w->out[k])
            memcpy(w->out[k], w->at[k], pipeline_channels(w->p, n_stages) * sizeof *w->out[k]);
}

void pipeline_rows(const pipeline *p, const resampler *r, size_t n_stages, size_t n, const float *const *raw,
                   float *const *out, float *scratch)
{
    size_t stride = stride_of(p), at_hand = rows_at_hand(p);
    way w = {.p = p, .r = r, .stride = stride};
    for (size_t k = 0; k < at_hand; k++)
        w.row[k] = scratch + k * stride;
    w.shifts = (double *)(void *)(scratch + at_hand * stride);
    w.scratch = scratch + at_hand * stride + room_for_shifts(p);
    for (size_t done = 0; done < n; done += w.n) {
        w.n = at_hand < n - done ? at_hand : n - done;
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

adamas_status pipeline_load(pipeline *out, const compiled_method *r, const axis *library, store *s, const char *group,
                            adamas_error *error)
{
    adamas_status status = pipeline_make(out, r, library, error);
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
