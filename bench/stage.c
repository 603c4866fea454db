/* Sets up a method, or one step of it, and runs it on blocks of rows as the pipeline does. */
#include "stage.h"

#include "base/memory.h"
#include "data.h"
#include "measure.h"

#include <stdlib.h>
#include <string.h>

const char *const stage_methods[] = {
    "align(0.3)",
    "snip(40)",
    "arpls(lam=1e6)",
    "savgol(11, 2, deriv=1)",
    "whittaker(20)",
    "snv",
    "pca(50)",
    "align(0.3) | snip(40) | whittaker(20) | snv",
    "align(0.3) | arpls(lam=1e6) | whittaker(20) | snv",
    "align(0.3) | savgol(11, 2, deriv=1) | whittaker(20) | snv",
    NULL,
};

static adamas_error error;

static void check(adamas_status status)
{
    measure_check(status != ADAMAS_OK, error.message);
}

static void fit_pca(stage *s, size_t n, const float *training)
{
    work w;
    pca_accumulator *sum;
    check(work_begin(&w, NULL, &error));
    check(pca_accumulator_make(&sum, n, s->axis.n, &error));
    check(pca_accumulator_add(sum, n, training, &w, &error));
    check(pca_fit(&s->pca, sum, (size_t)s->compiled_method->steps[0].values[0].number, &w, &error));
    pca_accumulator_free(sum);
    work_end(&w);
}

static void fit_references(stage *s, size_t n, const float *training)
{
    float *mean = memory_new(s->axis.n, sizeof *mean);
    measure_check(!mean, "memory could not be had");
    for (size_t i = 0; i < n * s->axis.n; i++)
        mean[i % s->axis.n] += training[i] / (float)n;
    for (size_t i; (i = pipeline_first_unfitted(&s->pipeline)) < s->pipeline.n_stages;)
        check(pipeline_set_reference(&s->pipeline, i, mean, &error));
    free(mean);
}

int stage_make(stage *out, const char *typed, size_t n_channels, size_t n, const float *training)
{
    *out = (stage){0};
    if (compiled_method_make(&out->compiled_method, typed, &error))
        return 0;
    double *nm = memory_raw(n_channels, sizeof *nm);
    measure_check(!nm, "memory could not be had");
    data_axis(n_channels, nm);
    check(axis_make(&out->axis, nm, n_channels, "bench", &error));
    free(nm);
    check(pipeline_make(&out->pipeline, out->compiled_method, &out->axis, &error));
    check(pipeline_resampler(&out->resampler, &out->pipeline, &out->axis, "bench", &error));
    out->rows = out->pipeline.n_stages ? STEP_ROWS : PCA_MAX_ROWS;
    if (out->pipeline.n_stages)
        fit_references(out, n, training);
    else
        fit_pca(out, n, training);
    size_t project = out->pipeline.n_stages ? 0 : pca_scratch(&out->pca);
    out->scratch = pipeline_scratch(&out->pipeline, out->resampler) + PCA_MAX_ROWS * PCA_MAX_COMPONENTS * 2 + project;
    return 1;
}

void stage_clear(stage *s)
{
    pipeline_clear(&s->pipeline);
    pca_clear(&s->pca);
    resampler_free(s->resampler);
    axis_clear(&s->axis);
    compiled_method_free(s->compiled_method);
}

static void run_step(const stage *s, float *rows, float *scratch)
{
    const pipeline_stage *one = &s->pipeline.stages[0];
    const step *own = one->step;
    size_t n = s->axis.n;
    if (own->apply_rows) {
        own->apply_rows(one->state, &one->in, s->rows, rows, n, scratch);
        return;
    }
    for (size_t i = 0; i < s->rows; i++)
        own->apply(one->state, &one->in, rows + i * n, rows + i * n, scratch);
}

static void run_pipeline(const stage *s, const float *raw, float *rows, float *scratch)
{
    const float *in[STEP_ROWS];
    float *out[STEP_ROWS];
    for (size_t i = 0; i < s->rows; i++) {
        in[i] = raw + i * s->axis.n;
        out[i] = rows + i * s->axis.n;
    }
    pipeline_rows(&s->pipeline, s->resampler, s->pipeline.n_stages, s->rows, in, out, scratch);
}

void stage_run(const stage *s, const float *raw, float *rows, float *scratch)
{
    if (s->pipeline.n_stages == 0)
        pca_scores(&s->pca, s->pca.n_components, s->rows, rows, (double *)(void *)scratch,
                   scratch + PCA_MAX_ROWS * PCA_MAX_COMPONENTS * 2);
    else if (s->pipeline.n_stages == 1 && !s->pipeline.stages[0].step->shift)
        run_step(s, rows, scratch);
    else
        run_pipeline(s, raw, rows, scratch);
}
