/* What a preprocessing step is. Each step is one file that defines one `const step`; pipeline/compiled_method.c lists
 * them. */
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

    /* Non-zero: the mean spectrum of the training shots, as they reach this step, is fitted and given to create. */
    int needs_reference;

    /* NULL where the step keeps the axis; else makes the axis of its output: some of the channels of `in`, in their
     * order, keep[in->n] telling which (the caller makes the axis from it). */
    adamas_status (*select)(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error);

    /* Makes what apply needs for rows on this axis; immutable afterwards and shared by threads. NULL: apply needs
     * nothing. reference is [in->n], or NULL where the step needs none. *state is NULL on failure. */
    adamas_status (*create)(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error);
    void (*destroy)(void *state); /* NULL where free() does */

    /* Floats of scratch that apply, apply_rows or shift want, on a 64-byte boundary; NULL: none. */
    size_t (*scratch)(const void *state);

    /* One row: in[axis.n] to out (may be the same memory). Nothing is left of the row (no signal to divide by): NaN.
     * The same row gives the same bytes on any thread, and every finite row gives finite numbers or all NaN. A step has
     * either apply, or apply_rows, or shift, or (where it only selects) none of them. */
    void (*apply)(const void *state, const axis *in, const float *row, float *out, float *scratch);

    /* The same for n rows in place, 1 ... STEP_ROWS of them, each on a 64-byte boundary: where each row has a system of
     * its own to be solved, several side by side fill the vectors. A row's bytes do not depend on its company. */
    void (*apply_rows)(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *scratch);

    /* Only of a step that aligns: by how many channels of `in` each detector segment of this row is to be moved up:
     * channels[in->n_segments], to be added to the place of what the row shows. The pipeline resamples. */
    void (*shift)(const void *state, const axis *in, const float *row, double *channels, float *scratch);
} step;

#endif
