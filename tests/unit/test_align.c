#include "preprocess/step.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

extern const step align_step;

enum { n_lines = 40 };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(2 * M_PI * uniform(state));
}

/* The integral of a Gaussian line of height 1 over a pixel, over its width. */
static double line(double left, double right, double centre, double sigma)
{
    double scale = 1 / (sigma * sqrt(2));
    return sigma * sqrt(M_PI / 2) * (erf((right - centre) * scale) - erf((left - centre) * scale)) / (right - left);
}

/* Lines of FWHM 3.5 channels over a sloping continuum, moved by `moved` nm; each line's height differs by up to `vary`.
 */
static void simulate(const axis *a, double moved, double vary, double noise, uint64_t *state, float *row)
{
    for (size_t s = 0; s < a->n_segments; s++) {
        size_t first = a->first[s], end = a->first[s + 1];
        double low = a->nm[first], range = a->nm[end - 1] - low;
        double pitch = range / (double)(end - first - 1), sigma = 3.5 * pitch / 2.3548;
        uint64_t lines = 7 + s;
        for (size_t i = first; i < end; i++)
            row[i] = (float)(0.4 - 0.3 * (a->nm[i] - low) / range + noise * normal(state));
        for (size_t k = 0; k < n_lines; k++) {
            double centre = low + range * uniform(&lines) + moved;
            double height = pow(uniform(&lines), 3) * (1 + vary * (2 * uniform(state) - 1));
            for (size_t i = first + 1; i + 1 < end; i++)
                row[i] +=
                    (float)(height * line((a->nm[i - 1] + a->nm[i]) / 2, (a->nm[i] + a->nm[i + 1]) / 2, centre, sigma));
        }
    }
}

/* Two segments: one with even steps of 0.05 nm, one whose steps grow from 0.06 to 0.12 nm. */
static void two_segments(axis *a)
{
    enum { n = 2048, half = 1024 };
    double nm[n];
    for (size_t i = 0; i < half; i++) {
        double t = (double)i;
        nm[i] = 240 + 0.05 * t;
        nm[half + i] = 380 + 0.06 * t + 0.03 * t * t / half;
    }
    cr_assert_eq(axis_make(a, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a->n_segments, 2);
}

static void *create(const axis *a, double max_shift, const float *reference, float **scratch)
{
    void *state;
    cr_assert_eq(align_step.create(&state, &(step_value){.number = max_shift}, a, reference, NULL), ADAMAS_OK);
    *scratch = memory_raw(align_step.scratch(state), sizeof **scratch);
    return state;
}

Test(align, finds_sub_pixel_shifts_to_a_twentieth_of_a_channel)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    void *aligner = create(&a, 0.5, reference, &scratch);
    const double pitch[] = {0.05, 0.09};
    for (int round = 0; round < 50; round++) {
        double moved = 0.8 * (uniform(&state) - 0.5), shift[2];
        simulate(&a, moved, 0.3, 0.01, &state, row);
        align_step.shift(aligner, &a, row, shift, scratch);
        for (size_t s = 0; s < 2; s++)
            cr_assert_float_eq(shift[s], -moved, 0.05 * pitch[s], "moved by %g, segment %zu: off by %g channels", moved,
                               s, (shift[s] + moved) / pitch[s]);
    }
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

Test(align, the_continuum_does_not_decide)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    simulate(&a, 0.12, 0, 0.01, &state, row);
    for (size_t i = 0; i < a.n; i++)
        row[i] = 7 * row[i] + 20 * (float)((a.nm[i] - 300) / 300);
    void *aligner = create(&a, 0.5, reference, &scratch);
    double shift[2];
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -0.12, 0.0025);
    cr_assert_float_eq(shift[1], -0.12, 0.0045);
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

/* As where one element is plenty in a specimen and rare in the library. */
Test(align, one_strong_line_that_the_reference_has_not_does_not_decide)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    simulate(&a, 0.12, 0, 0.01, &state, row);
    for (size_t s = 0; s < a.n_segments; s++)
        for (size_t i = 0; i < 5; i++)
            row[a.first[s] + 480 + i] += 4;
    void *aligner = create(&a, 0.5, reference, &scratch);
    double shift[2];
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -0.12, 0.005, "%g", shift[0]);
    cr_assert_float_eq(shift[1], -0.12, 0.009, "%g", shift[1]);
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

/* The reference itself has no shift; what has nothing in common with it, or is moved too far, is left alone. */
Test(align, a_shift_is_found_or_it_is_0)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    void *aligner = create(&a, 0.3, reference, &scratch);
    double shift[2];
    align_step.shift(aligner, &a, reference, shift, scratch);
    cr_assert_float_eq(shift[0], 0, 1e-5);
    cr_assert_float_eq(shift[1], 0, 1e-5);
    simulate(&a, 0.29, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -0.29, 0.0025);
    simulate(&a, 0.36, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert(shift[0] == 0 && shift[1] == 0);
    for (size_t i = 0; i < a.n; i++)
        row[i] = (float)normal(&state);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert(shift[0] == 0 && shift[1] == 0);
    for (size_t i = 0; i < a.n; i++)
        row[i] = 5;
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert(shift[0] == 0 && shift[1] == 0);
    for (size_t i = 0; i < a.n; i++)
        row[i] = i % 2 ? 3e38F : -3e38F;
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert(shift[0] == 0 && shift[1] == 0);
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

Test(align, segments_that_are_too_short_are_not_shifted)
{
    const double nm[] = {300, 300.1, 300.2, 310, 310.1, 320};
    const float row[] = {1, 2, 1, 3, 4, 5};
    axis a;
    cr_assert_eq(axis_make(&a, nm, 6, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a.n_segments, 3);
    float *scratch;
    void *aligner = create(&a, 0.5, row, &scratch);
    double shift[3] = {1, 1, 1};
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert(shift[0] == 0 && shift[1] == 0 && shift[2] == 0);
    align_step.destroy(aligner);
    free(scratch);
    axis_clear(&a);
}
