/* The preprocessing of a compiled method on a library's axis: from a raw row to a row for the PCA. */
#ifndef PIPELINE_PIPELINE_H
#define PIPELINE_PIPELINE_H

#include "pipeline/compiled_method.h"
#include "preprocess/resample.h"

typedef struct pipeline_stage {
    const step *step;
    const step_value *values;
    void *state;         /* NULL until it can be created: a step that needs a reference needs it for that */
    float *reference;    /* [in.n]; NULL if the step needs none or has none yet */
    unsigned char *keep; /* [in.n] of a step that only selects channels, else NULL */
    axis in;
} pipeline_stage;

typedef struct pipeline {
    axis target;    /* raw rows are resampled to it: the library's axis after the leading steps that only select */
    axis out;       /* after all steps */
    resampler *own; /* from the library's axis, which most files have */
    size_t n_stages;
    pipeline_stage stages[METHOD_MAX_STEPS];
} pipeline;

/* Makes the stages on a library's axis, complete but for what must be fitted. The compiled method must outlive it. */
adamas_status pipeline_make(pipeline *out, const compiled_method *compiled, const axis *library, adamas_error *error);
void pipeline_clear(pipeline *p);

/* The first stage without the reference that it needs; n_stages if the pipeline is complete. */
size_t pipeline_first_unfitted(const pipeline *p);

/* Gives such a stage the mean of the training rows that reach it: mean[stage's in.n], copied. */
adamas_status pipeline_set_reference(pipeline *p, size_t stage, const float *mean, adamas_error *error);

/* Channels of a row after the first n_stages stages. */
size_t pipeline_channels(const pipeline *p, size_t n_stages);

/* From another axis to the target. ADAMAS_E_AXIS if the other does not cover it (gaps of 1 nm between segments are
 * bridged); `where` starts the message. */
adamas_status pipeline_resampler(resampler **out, const pipeline *p, const axis *from, const char *where,
                                 adamas_error *error);

/* Takes n finite raw rows through the resampler and the first n_stages stages: raw[i] to out[i][pipeline_channels],
 * which may overlap raw[0] ... raw[i]. scratch: pipeline_scratch floats, on a 64-byte boundary. */
size_t pipeline_scratch(const pipeline *p, const resampler *r);
void pipeline_rows(const pipeline *p, const resampler *r, size_t n_stages, size_t n, const float *const *raw,
                   float *const *out, float *scratch);

/* Is a preprocessed row finite? It is finite or NaN throughout, so the first number tells. */
int pipeline_row_is_usable(const float *row);

/* The fitted references. The compiled method, which is saved as text, gives the rest. */
adamas_status pipeline_save(const pipeline *p, store *s, const char *group, adamas_error *error);
adamas_status pipeline_load(pipeline *out, const compiled_method *compiled, const axis *library, store *s,
                            const char *group, adamas_error *error);

#endif
