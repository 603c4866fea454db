/* What a preprocessing step is. Each step is one file that defines one `const step`, declared in preprocess/steps.h. */
#ifndef PREPROCESS_STEP_H
#define PREPROCESS_STEP_H

#include "base/axis.h"
#include "method/parameter.h"

enum { STEP_ROWS = 16 };

typedef struct step {
    const char *name;
    const char *summary; /* one line for `adamas help methods` */
    size_t n_parameters;
    const step_parameter *parameters;

    /* 1: create is given the mean spectrum of the training shots, as they reach this step. */
    int needs_reference;

    /* NULL if the step does not change the axis; else selects channels: keep[in->n], from which the caller makes the
     * axis of the output. */
    adamas_status (*select)(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error);

    /* Creates the state for rows on this axis; it does not change afterwards and is shared by threads. NULL: there is
     * no state. reference is [in->n], or NULL if the step needs none. *state is NULL on failure. */
    adamas_status (*create)(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error);
    void (*destroy)(void *state); /* NULL: free() is used */

    /* Floats of scratch for apply, apply_rows or shift, on a 64-byte boundary; NULL: none. */
    size_t (*scratch)(const void *state);

    /* Transforms row[in->n] to out (may be the same memory); all NaN if that is impossible (no signal to divide by).
     * The same row gives the same bytes on any thread, and every finite row gives finite values or all NaN. A step has
     * either apply, or apply_rows, or shift, or (if it only selects channels) none of them. */
    void (*apply)(const void *state, const axis *in, const float *row, float *out, float *scratch);

    /* The same for n rows in place, 1 ... STEP_ROWS of them, each on a 64-byte boundary: for steps that solve a system
     * for each row, since several rows together use SIMD vectors. The result for a row does not depend on the other
     * rows. */
    void (*apply_rows)(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *scratch);

    /* For a step that aligns: channels[in->n_segments], by how many channels of `in` each detector segment of this row
     * is to be moved up. The pipeline resamples. */
    void (*shift)(const void *state, const axis *in, const float *row, double *channels, float *scratch);
} step;

#endif
