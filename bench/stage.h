/* A stage of the way from a raw row to its scores, set up to be run by itself on blocks of rows. */
#ifndef BENCH_STAGE_H
#define BENCH_STAGE_H

#include "pipeline/pipeline.h"
#include "reduce/pca.h"

typedef struct stage {
    compiled_method *compiled_method;
    axis axis;
    resampler *resampler; /* from the axis to itself */
    pipeline pipeline;
    pca pca;        /* of a method that is pca alone */
    size_t rows;    /* of a block: STEP_ROWS, of pca PCA_MAX_ROWS */
    size_t scratch; /* floats */
} stage;

/* Of a method text: one step, several, or pca(...) alone. Fitted, where it needs that, to training[n, n_channels].
 * Returns 0 where there is no such step; ends the program where anything else is wrong. */
int stage_make(stage *out, const char *typed, size_t n_channels, size_t n, const float *training);
void stage_clear(stage *s);

/* raw[s->rows, n_channels] to rows of the same shape, which hold a copy of raw before. A step alone is called as the
 * pipeline would call it; several go through the pipeline; scores of pca go nowhere. */
void stage_run(const stage *s, const float *raw, float *rows, float *scratch);

/* What the benchmark looks at, in the order in which data meets it; NULL past the last. */
extern const char *const stage_methods[];

#endif
