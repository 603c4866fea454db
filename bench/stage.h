/* A stage between the raw row and its scores, set up to be run by itself on blocks of rows. */
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

/* Sets up a method text: one step, several, or pca(...) alone. Steps that are fitted are fitted to
 * training[n, n_channels]. Returns 0 if the engine has no such step; ends the program on any other error. */
int stage_make(stage *out, const char *typed, size_t n_channels, size_t n, const float *training);
void stage_clear(stage *s);

/* Processes raw[s->rows, n_channels] into rows of the same shape, which hold a copy of raw at the start. One step is
 * called as the pipeline calls it; several go through the pipeline; the scores of pca are discarded. */
void stage_run(const stage *s, const float *raw, float *rows, float *scratch);

/* The stages that are measured, in the order in which data meets them; ended by NULL. */
extern const char *const stage_methods[];

#endif
