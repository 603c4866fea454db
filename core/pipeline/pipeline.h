/* The preprocessing of a compiled_method on a library's axis: from a raw row to a row for the PCA. */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/compiled_method.h"
#include "preprocess/resample.h"

typedef struct pipeline_stage {
    const step *step;
    const step_value *values;
    void *state;         /* NULL until it can be made: a step with a reference waits for it */
    float *reference;    /* [in.n], NULL where the step needs none or has none yet */
    unsigned char *keep; /* [in.n] of a step that only selects channels, else NULL */
    axis in;
} pipeline_stage;

typedef struct pipeline {
    axis target;    /* onto which raw rows are resampled: the library's axis after the leading steps that only select */
    axis out;       /* after all steps */
    resampler *own; /* from the library's axis: spectra on it are what most files hold */
    size_t n_stages;
    pipeline_stage stages[METHOD_MAX_STEPS];
} pipeline;

/* Lays out the stages on a library's axis, and makes all that need no fitting. The compiled_method must outlive it. */
adamas_status pipeline_make(pipeline *out, const compiled_method *r, const axis *library, adamas_error *error);
void pipeline_clear(pipeline *p);

/* The first stage that waits for its reference; n_stages where the pipeline is whole. */
size_t pipeline_first_unfitted(const pipeline *p);

/* Gives the waiting stage the mean of the training rows that reach it: mean[stage's in.n], copied. */
adamas_status pipeline_set_reference(pipeline *p, size_t stage, const float *mean, adamas_error *error);

/* Channels of a row after the first n_stages stages. */
size_t pipeline_channels(const pipeline *p, size_t n_stages);

/* Onto this pipeline from another axis: ADAMAS_E_AXIS where it does not cover the target (gaps of 1 nm between segments
 * are bridged); `where` starts the message. */
adamas_status pipeline_resampler(resampler **out, const pipeline *p, const axis *from, const char *where,
                                 adamas_error *error);

/* Finite raw rows, any number of them, through the resampler and the first n_stages stages: raw[i] to
 * out[i][pipeline_channels], which may lie over raw[0] ... raw[i]. scratch: pipeline_scratch floats, on a 64-byte
 * boundary. */
size_t pipeline_scratch(const pipeline *p, const resampler *r);
void pipeline_rows(const pipeline *p, const resampler *r, size_t n_stages, size_t n, const float *const *raw,
                   float *const *out, float *scratch);

/* Is anything left of a row that went through? It is finite or NaN throughout, so that its first number tells. */
int pipeline_row_is_usable(const float *row);

/* The fitted references (the compiled_method is saved as text, and gives the rest). */
adamas_status pipeline_save(const pipeline *p, store *s, const char *group, adamas_error *error);
adamas_status pipeline_load(pipeline *out, const compiled_method *r, const axis *library, store *s, const char *group,
                            adamas_error *error);

#endif
