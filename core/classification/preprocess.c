/* A spectra set whose rows are computed from another's when they are wanted. */
#include "classification/preprocess.h"

#include "base/memory.h"
#include "preprocess/row.h"

#include <stdlib.h>
#include <string.h>

enum { rows_at_once = 256 };

typedef struct source {
    const adamas_model *m;
    const adamas_spectra *in;
    resampler *resampler;
    adamas_options options; /* of the caller, for each call of the reader */
} source;

static void release(void *data)
{
    source *s = data;
    resampler_free(s->resampler);
    free(s);
}

/* Rows that have been read, on their way to out[n, channels]. */
typedef struct block {
    const source *s;
    size_t n;
    float *out;
    float *raw;     /* [rows_at_once, in's channels] */
    float *scratch; /* [threads, scratch_floats] */
    size_t scratch_floats;
} block;

/* STEP_ROWS neighbours. A row that is not finite goes through no step. */
static adamas_status preprocess_some(void *context, size_t item, int thread, adamas_error *error)
{
    (void)error;
    const block *b = context;
    const pipeline *p = &b->s->m->fitted.classifier.fit.pipeline;
    size_t channels = b->s->in->axis.n, wanted = 0;
    const float *raw[STEP_ROWS] = {0};
    float *out[STEP_ROWS] = {0};
    for (size_t i = item * STEP_ROWS; i < (item + 1) * STEP_ROWS && i < b->n; i++) {
        raw[wanted] = b->raw + i * channels;
        out[wanted] = b->out + i * p->out.n;
        if (row_finite(raw[wanted], channels))
            wanted++;
        else
            row_set_nan(out[wanted], p->out.n);
    }
    pipeline_rows(p, b->s->resampler, p->n_stages, wanted, raw, out, b->scratch + (size_t)thread * b->scratch_floats);
    return ADAMAS_OK;
}

/* Rows are read in rising order, whoever reads them. */
static adamas_status read_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    source *s = data;
    const pipeline *p = &s->m->fitted.classifier.fit.pipeline;
    work w;
    adamas_status status = work_begin(&w, &s->options, error);
    if (status)
        return status;
    block b = {.s = s, .scratch_floats = pipeline_scratch(p, s->resampler)};
    b.raw = memory_raw(rows_at_once, s->in->axis.n * sizeof *b.raw);
    b.scratch = memory_raw((size_t)w.threads, b.scratch_floats * sizeof *b.scratch);
    if (!b.raw || !b.scratch)
        status = status_no_memory(error);
    for (uint64_t done = 0; !status && done < n; done += b.n) {
        b.n = n - done < rows_at_once ? n - done : (uint64_t)rows_at_once;
        b.out = out + done * p->out.n;
        status = spectra_rows(s->in, first + done, b.n, b.raw, error);
        if (!status)
            status = work_each(&w, (b.n + STEP_ROWS - 1) / STEP_ROWS, preprocess_some, &b, error);
    }
    free(b.raw);
    free(b.scratch);
    work_end(&w);
    return status;
}

/* The tables and facts go over as they are; what the spectra went through is added. */
static adamas_status describe(adamas_spectra *out, const adamas_spectra *in, const adamas_model *m, adamas_error *error)
{
    const int32_t kinds[] = {ADAMAS_SHOTS, ADAMAS_SPECIMENS, ADAMAS_SOURCES};
    const table *tables[] = {&in->shots, &in->specimens, &in->sources};
    adamas_status status = ADAMAS_OK;
    for (size_t t = 0; t < 3; t++)
        for (size_t i = 0; !status && i < tables[t]->n_columns; i++) {
            const adamas_column *column = tables[t]->columns[i];
            if (t == 1 && strcmp(column->name, "id") == 0)
                continue;
            status = column->text ? spectra_set_text(out, kinds[t], column->name, column->n, column->text, error)
                                  : spectra_set_numbers(out, kinds[t], column->name, column->n, column->number, error);
        }
    for (size_t i = 0; !status && i < in->facts.n_columns; i++)
        if (strcmp(in->facts.columns[i]->name, "acquisition/full_scale") != 0)
            status = spectra_set_fact(out, in->facts.columns[i]->name, in->facts.columns[i]->text[0], error);
    if (!status && strcmp(facts_get(&m->facts, "synthetic"), "yes") == 0)
        status = spectra_set_fact(out, "provenance/synthetic", "yes", error);
    if (!status)
        status = spectra_set_fact(out, "provenance/preprocessing", m->compiled_method->canonical, error);
    return status;
}

/* The pipeline's segments are the detectors'; a new set's are guessed from gaps. */
static adamas_status take_axis(adamas_spectra *out, const pipeline *p, adamas_error *error)
{
    axis_clear(&out->axis);
    return axis_copy(&out->axis, &p->out, error);
}

adamas_status model_preprocess(adamas_spectra **out, const adamas_model *m, const adamas_spectra *in, work *w,
                               adamas_error *error)
{
    *out = NULL;
    const pipeline *p = &m->fitted.classifier.fit.pipeline;
    adamas_status status = dataset_check_raw(in, error);
    if (!status)
        status = model_check_medium(m, in, error);
    if (status)
        return status;
    source *s = memory_new(1, sizeof *s);
    if (!s)
        return status_no_memory(error);
    *s = (source){.m = m, .in = in, .options = ADAMAS_OPTIONS_INIT};
    s->options.threads = w->threads;
    status = pipeline_resampler(&s->resampler, p, &in->axis, in->name, error);
    if (status) {
        release(s);
        return status;
    }
    adamas_spectra *made;
    status = spectra_new(&made, in->name, in->n_shots, p->out.n, p->out.nm, read_rows, s, release, error);
    if (status) {
        release(s);
        return status;
    }
    status = take_axis(made, p, error);
    if (!status)
        status = describe(made, in, m, error);
    if (status)
        spectra_free(made);
    else
        *out = made;
    return status;
}
