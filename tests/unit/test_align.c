/* align: shifts of simulated and of real spectra are found to a fraction of a channel, from lines and not from the
 * continuum. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "preprocess/resample.h"

#include "number_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Lines of FWHM 3.5 channels over a sloping continuum, shifted by `moved` channels; the height of each line varies by
 * up to `vary`. */
static void simulate(const axis *a, double moved, double vary, double noise, uint64_t *state, float *row)
{
    const double sigma = 3.5 / 2.3548;
    for (size_t s = 0; s < a->n_segments; s++) {
        size_t first = a->first[s], n = a->first[s + 1] - first;
        uint64_t lines = 7 + s;
        for (size_t i = 0; i < n; i++)
            row[first + i] = (float)(0.4 - 0.3 * (double)i / (double)n + noise * normal(state));
        for (size_t k = 0; k < n_lines; k++) {
            double centre = (double)n * uniform(&lines) + moved;
            double height = pow(uniform(&lines), 3) * (1 + vary * (2 * uniform(state) - 1));
            for (size_t i = 0; i < n; i++)
                row[first + i] += (float)(height * line((double)i - 0.5, (double)i + 0.5, centre, sigma));
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
    for (int round = 0; round < 50; round++) {
        double moved = 8 * (uniform(&state) - 0.5), shift[2];
        simulate(&a, moved, 0.3, 0.01, &state, row);
        align_step.shift(aligner, &a, row, shift, scratch);
        for (size_t s = 0; s < 2; s++)
            cr_assert_float_eq(shift[s], -moved, 0.05, "moved by %g, segment %zu: %g", moved, s, shift[s]);
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
    simulate(&a, 1.4, 0, 0.01, &state, row);
    for (size_t i = 0; i < a.n; i++)
        row[i] = 7 * row[i] + 20 * (float)((a.nm[i] - 300) / 300);
    void *aligner = create(&a, 0.5, reference, &scratch);
    double shift[2];
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -1.4, 0.05);
    cr_assert_float_eq(shift[1], -1.4, 0.05);
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

/* One element is abundant in a specimen and rare in the library. */
Test(align, one_strong_line_that_the_reference_has_not_does_not_decide)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    simulate(&a, 1.4, 0, 0.01, &state, row);
    for (size_t s = 0; s < a.n_segments; s++)
        for (size_t i = 0; i < 5; i++)
            row[a.first[s] + 480 + i] += 4;
    void *aligner = create(&a, 0.5, reference, &scratch);
    double shift[2];
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -1.4, 0.1, "%g", shift[0]);
    cr_assert_float_eq(shift[1], -1.4, 0.1, "%g", shift[1]);
    align_step.destroy(aligner);
    free(scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

/* Limits of 10 and 6 channels are searched by direct correlation, those of 80 and 44 by Fourier transforms. */
Test(align, lag_by_lag_as_by_transforms)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch, *wide_scratch;
    uint64_t state = 5;
    simulate(&a, 0, 0, 0, &state, reference);
    void *narrow = create(&a, 0.5, reference, &scratch), *wide = create(&a, 4, reference, &wide_scratch);
    for (int round = 0; round < 20; round++) {
        double direct[2], transformed[2];
        simulate(&a, 10 * (uniform(&state) - 0.5), 0.3, 0.01, &state, row);
        align_step.shift(narrow, &a, row, direct, scratch);
        align_step.shift(wide, &a, row, transformed, wide_scratch);
        for (size_t s = 0; s < 2; s++) {
            cr_assert_neq(direct[s], 0);
            cr_assert_float_eq(direct[s], transformed[s], 2e-5, "%g, %g", direct[s], transformed[s]);
        }
    }
    align_step.destroy(narrow);
    align_step.destroy(wide);
    free(scratch);
    free(wide_scratch);
    free(reference);
    free(row);
    axis_clear(&a);
}

/* 0.3 nm are 6 channels of the first segment and 3.3 of the second. The shift of the reference itself is 0, and so is
 * that of a row that has nothing in common with it or is shifted too far. */
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
    cr_assert_float_eq(shift[0], 0, 1e-4);
    cr_assert_float_eq(shift[1], 0, 1e-4);
    simulate(&a, 5.8, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -5.8, 0.05);
    cr_assert_eq(shift[1], 0);
    simulate(&a, 7.2, 0, 0, &state, row);
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

/* 0.04 nm are 0.8 channels of the first segment and less than half a one of the second. */
Test(align, a_limit_below_a_channel)
{
    axis a;
    two_segments(&a);
    float *reference = memory_raw(a.n, sizeof *reference), *row = memory_raw(a.n, sizeof *row), *scratch;
    uint64_t state = 3;
    simulate(&a, 0, 0, 0, &state, reference);
    void *aligner = create(&a, 0.04, reference, &scratch);
    double shift[2];
    simulate(&a, -0.6, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], 0.6, 0.05);
    cr_assert_eq(shift[1], 0);
    simulate(&a, 0.3, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_float_eq(shift[0], -0.3, 0.05);
    cr_assert_eq(shift[1], 0);
    simulate(&a, 0.9, 0, 0, &state, row);
    align_step.shift(aligner, &a, row, shift, scratch);
    cr_assert_eq(shift[0], 0);
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

enum { max_files = 39, n_channels = 24878, n_cuts = 5, the_middle_one = 27 };

/* Files 1_iteration_1.asc ... 13_iteration_3.asc: those that are there. */
typedef struct real_spectra {
    size_t n, reference;
    double nm[n_channels];
    float rows[max_files][n_channels];
} real_spectra;

static int read_file(real_spectra *s, size_t file)
{
    char name[64];
    snprintf(name, sizeof name, "aceh_herbal_libs/%zu_iteration_%zu.asc", file / 3 + 1, file % 3 + 1);
    if (!test_file(name))
        return 0;
    number_table t = number_table_of(name, '\t');
    cr_assert(t.n_rows == n_channels && t.n_columns == 2, "%s", name);
    for (size_t i = 0; i < n_channels; i++) {
        s->nm[i] = t.column[0][i];
        s->rows[s->n][i] = (float)t.column[1][i];
    }
    number_table_free(&t);
    s->n++;
    return 1;
}

/* A different method than the step's: correlation of first differences, and a parabola through the peak. */
static double displacement(const float *reference, const float *row, size_t from, size_t end)
{
    enum { most = 8 };
    double fit[2 * most + 1] = {0};
    size_t best = 1;
    for (size_t lag = 0; lag <= 2 * most; lag++) {
        for (size_t i = from; i < end; i++) {
            const float *here = row + i + lag - most;
            fit[lag] += ((double)reference[i + 1] - reference[i - 1]) * ((double)here[1] - here[-1]);
        }
        if (lag > 0 && lag < 2 * most && fit[lag] > fit[best])
            best = lag;
    }
    double before = fit[best - 1], after = fit[best + 1];
    return (double)best - most + (before - after) / (2 * (before - 2 * fit[best] + after));
}

/* Root mean square over the files of the displacement from one of them, in channels, in each cut of the axis. The cuts
 * have strong lines: in others a fixed pattern of the detector dominates, which does not move with the light. */
static void measure(const real_spectra *s, double *rms)
{
    const double *nm = s->nm;
    const double cuts[n_cuts][2] = {{250, 290}, {370, 400}, {400, 435}, {580, 600}, {760, 780}};
    for (size_t c = 0; c < n_cuts; c++) {
        size_t from = 0, end = 0;
        while (nm[from] < cuts[c][0])
            from++;
        while (nm[end] < cuts[c][1])
            end++;
        double squares = 0;
        for (size_t k = 0; k < s->n; k++) {
            double d = displacement(s->rows[s->reference], s->rows[k], from, end);
            squares += d * d;
        }
        rms[c] = sqrt(squares / (double)s->n);
    }
}

static void align_all(const axis *a, real_spectra *s)
{
    static float mean[n_channels], row[n_channels];
    for (size_t i = 0; i < n_channels; i++) {
        double sum = 0;
        for (size_t k = 0; k < s->n; k++)
            sum += s->rows[k][i];
        mean[i] = (float)(sum / (double)s->n);
    }
    float *scratch;
    void *aligner = create(a, align_step.parameters[0].fallback, mean, &scratch);
    resampler *r;
    cr_assert_eq(resampler_make(&r, a, a, 0.3, "test", NULL), ADAMAS_OK);
    float *resampling = memory_raw(resampler_scratch(r), sizeof *resampling);
    for (size_t k = 0; k < s->n; k++) {
        double shift;
        align_step.shift(aligner, a, s->rows[k], &shift, scratch);
        resampler_apply(r, 1, &(const float *){s->rows[k]}, &shift, &(float *){row}, resampling);
        memcpy(s->rows[k], row, sizeof row);
    }
    resampler_free(r);
    align_step.destroy(aligner);
    free(scratch);
    free(resampling);
}

/* An echelle spectrometer whose steps grow from 0.014 to 0.04 nm: a displacement of one channel is removed
 * throughout. */
Test(align, real_spectra_in_every_cut_of_the_axis)
{
    static real_spectra s;
    for (size_t k = 0; k < max_files; k++) {
        size_t at = s.n;
        if (read_file(&s, k) && k == the_middle_one)
            s.reference = at;
    }
    cr_assert_geq(s.n, 3);
    axis a;
    cr_assert_eq(axis_make(&a, s.nm, n_channels, "test", NULL), ADAMAS_OK);
    cr_assert_eq(a.n_segments, 1);
    double before[n_cuts], after[n_cuts];
    measure(&s, before);
    align_all(&a, &s);
    measure(&s, after);
    for (size_t c = 0; c < n_cuts; c++) {
        cr_assert_gt(before[c], 1, "cut %zu: %g", c, before[c]);
        cr_assert_lt(after[c], 0.3 * before[c], "cut %zu: %g channels before, %g after", c, before[c], after[c]);
    }
    axis_clear(&a);
}
