/* What tests of preprocessing steps share: an even axis, a step run on one row, and a check that segments are
 * independent. */
#ifndef TESTS_ONE_STEP_H
#define TESTS_ONE_STEP_H

#include "base/memory.h"
#include "preprocess/step.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static inline void even_axis(axis *a, size_t n)
{
    double *nm = memory_raw(n, sizeof *nm);
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + 0.05 * (double)i;
    cr_assert_eq(axis_make(a, nm, n, "test", NULL), ADAMAS_OK);
    free(nm);
}

/* Runs a step that processes several rows together on one row. */
static inline void run_alone(const step *s, const void *state, const axis *a, const float *row, float *out,
                             float *scratch)
{
    size_t stride = (a->n + 15) / 16 * 16;
    float *rows = memory_raw(stride, sizeof *rows);
    memcpy(rows, row, a->n * sizeof *row);
    s->apply_rows(state, a, 1, rows, stride, scratch);
    memcpy(out, rows, a->n * sizeof *out);
    free(rows);
}

/* row[a->n] to out, which may be row. */
static inline void run_step(const step *s, const step_value *values, const axis *a, const float *row, float *out)
{
    void *state;
    cr_assert_eq(s->create(&state, values, a, NULL, NULL), ADAMAS_OK);
    float *scratch = memory_raw(s->scratch(state), sizeof *scratch);
    if (s->apply)
        s->apply(state, a, row, out, scratch);
    else
        run_alone(s, state, a, row, out, scratch);
    free(scratch);
    (s->destroy ? s->destroy : free)(state);
}

/* Two segments of 60 channels, 10 nm apart, one far above the other; in place. */
static inline void check_segments(const step *s, const step_value *values)
{
    enum { n = 120, half = 60 };
    double nm[n];
    float row[n], together[n], apart[n];
    for (size_t i = 0; i < n; i++) {
        nm[i] = 300 + 0.05 * (double)i + (i >= half ? 10 : 0);
        row[i] = (float)(100 + 10 * sin((double)(3 * i)) + (i >= half ? 5000 : 0) + (i % half == 40 ? 300 : 0));
    }
    axis both, one;
    cr_assert_eq(axis_make(&both, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(both.n_segments, 2);
    even_axis(&one, half);
    run_step(s, values, &one, row, apart);
    run_step(s, values, &one, row + half, apart + half);
    memcpy(together, row, sizeof row);
    run_step(s, values, &both, together, together);
    cr_assert_eq(memcmp(together, apart, sizeof apart), 0);
    cr_assert_neq(memcmp(together, row, sizeof row), 0);
    axis_clear(&both);
    axis_clear(&one);
}

#endif
