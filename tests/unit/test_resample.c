/* Resampling onto another axis: identity, order of accuracy, areas, shifts, and ranges that are missing. */
#include "preprocess/resample.h"

#include "base/memory.h"

#include "number_table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static axis make(const double *nm, size_t n)
{
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    return a;
}

static axis even(double first, double pitch, size_t n)
{
    double *nm = memory_raw(n, sizeof *nm);
    for (size_t i = 0; i < n; i++)
        nm[i] = first + pitch * (double)i;
    axis a = make(nm, n);
    free(nm);
    return a;
}

static void apply(const axis *from, const axis *to, double slack, const double *shift, const float *in, float *out)
{
    resampler *r;
    adamas_error error = {0};
    cr_assert_eq(resampler_make(&r, from, to, slack, "test", &error), ADAMAS_OK, "%s", error.message);
    float *scratch = memory_raw(resampler_scratch(r), sizeof *scratch);
    resampler_apply(r, 1, &in, shift, &out, scratch);
    free(scratch);
    resampler_free(r);
}

/* The edges of pixel i of an axis of one segment. */
static void pixel(const axis *a, size_t i, double *left, double *right)
{
    double before = i > 0 ? a->nm[i] - a->nm[i - 1] : a->nm[1] - a->nm[0];
    double after = i + 1 < a->n ? a->nm[i + 1] - a->nm[i] : before;
    *left = a->nm[i] - before / 2;
    *right = a->nm[i] + after / 2;
}

/* Pixels of a function whose integral is known. */
static void fill(const axis *a, double (*integral)(double), float *row)
{
    for (size_t i = 0; i < a->n; i++) {
        double left, right;
        pixel(a, i, &left, &right);
        row[i] = (float)((integral(right) - integral(left)) / (right - left));
    }
}

static double wave_integral(double nm)
{
    return 5 * (nm - 300) - cos(2 * (nm - 300)) / 2;
}

static const double line_sigma = 3.5 * 0.05 / 2.3548;

static double line_integral(double nm)
{
    return line_sigma * sqrt(M_PI / 2) * erf((nm - 310.013) / (line_sigma * sqrt(2)));
}

static double moved_line_integral(double nm)
{
    return line_integral(nm - 0.02);
}

Test(resample, the_same_axis_is_the_identity_bit_for_bit)
{
    const double nm[] = {300, 300.1, 300.25, 290, 290.2};
    const float in[] = {1.5F, -0.0F, NAN, 3e38F, 1e-45F};
    float out[5];
    axis a = make(nm, 5);
    apply(&a, &a, 0.5, NULL, in, out);
    cr_assert_eq(memcmp(in, out, sizeof in), 0);
    const double none[] = {0, -0.0};
    memset(out, 0, sizeof out);
    apply(&a, &a, 0.5, none, in, out);
    cr_assert_eq(memcmp(in, out, sizeof in), 0);
    axis_clear(&a);
}

/* The cumulative integral of a cubic is a quartic, whose slopes are exact from four pixels; the error of the Hermite
 * cubic between them is w^4 / 384 of its fourth derivative, here 24 x 1e-4 x 0.05^4 / 384 before the division by a
 * width. */
static double cubic_integral(double nm)
{
    double t = nm - 305;
    return 10 * t + 0.5 * t * t + 0.02 * t * t * t + 1e-4 * t * t * t * t;
}

Test(resample, a_cubic_passes_up_to_the_ends)
{
    enum { n = 200, m = 150 };
    double nm[n];
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + 0.05 * (double)i + 0.02 * sin((double)i / 10);
    axis from = make(nm, n), to = even(300.01, 0.066, m);
    float in[n], out[m], expected[m];
    fill(&from, cubic_integral, in);
    fill(&to, cubic_integral, expected);
    apply(&from, &to, 0.1, NULL, in, out);
    for (size_t i = 0; i < m; i++)
        cr_assert_float_eq(out[i], expected[i], 1e-5, "channel %zu: %g", i, (double)(out[i] - expected[i]));
    axis_clear(&from);
    axis_clear(&to);
}

static double worst_on(size_t n)
{
    double *nm = memory_raw(n, sizeof *nm);
    for (size_t i = 0; i < n; i++) {
        double u = (double)i / (double)(n - 1);
        nm[i] = 300 + 10 * (u + 0.15 * u * u);
    }
    size_t m = n * 13 / 10;
    axis from = make(nm, n), to = even(300.6, 10 / (double)(m - 1), m);
    float *in = memory_raw(n, sizeof *in), *out = memory_raw(m, sizeof *out),
          *expected = memory_raw(m, sizeof *expected);
    fill(&from, wave_integral, in);
    fill(&to, wave_integral, expected);
    apply(&from, &to, 0.5, NULL, in, out);
    double worst = 0;
    for (size_t i = 0; i < m; i++)
        worst = fmax(worst, fabs((double)out[i] - expected[i]));
    free(nm);
    free(in);
    free(out);
    free(expected);
    axis_clear(&from);
    axis_clear(&to);
    return worst;
}

Test(resample, third_order_on_a_smooth_function)
{
    double coarse = worst_on(50), middle = worst_on(100), fine = worst_on(200);
    cr_assert_lt(coarse, 1e-3);
    cr_assert_gt(coarse / middle, 8, "%g, %g", coarse, middle);
    cr_assert_gt(middle / fine, 8, "%g, %g", middle, fine);
}

Test(resample, areas_are_kept)
{
    enum { n = 300, m = 97 };
    axis from = even(300, 0.05, n), to = even(299.9, 0.16, m);
    float in[n], out[m];
    double area = 0, new_area = 0, left, right;
    for (size_t i = 0; i < n; i++) {
        in[i] = i > 20 && i < n - 20 ? (float)(50 + 50 * sin((double)(i * i))) : 0;
        pixel(&from, i, &left, &right);
        area += in[i] * (right - left);
    }
    apply(&from, &to, 0.5, NULL, in, out);
    for (size_t i = 0; i < m; i++) {
        pixel(&to, i, &left, &right);
        new_area += out[i] * (right - left);
    }
    cr_assert_float_eq(new_area, area, 1e-6 * area);
    axis_clear(&from);
    axis_clear(&to);
}

Test(resample, a_shifted_line_is_where_it_should_be)
{
    axis a = even(300, 0.05, 400);
    float in[400], expected[400], out[400];
    fill(&a, line_integral, in);
    fill(&a, moved_line_integral, expected);
    const double shift[] = {0.02 / 0.05};
    apply(&a, &a, 0.5, shift, in, out);
    double worst = 0, without = 0;
    for (size_t i = 0; i < 400; i++) {
        worst = fmax(worst, fabs((double)out[i] - expected[i]));
        without = fmax(without, fabs((double)in[i] - expected[i]));
    }
    cr_assert_lt(worst, 0.005);
    cr_assert_gt(without, 0.1);
    const double whole[] = {-2};
    apply(&a, &a, 0.5, whole, in, out);
    for (size_t i = 5; i < 395; i++)
        cr_assert_float_eq(out[i], in[i + 2], 1e-6);
    axis_clear(&a);
}

/* An axis of one segment whose steps grow threefold. */
static axis growing(double first, size_t n)
{
    double *nm = memory_raw(n, sizeof *nm);
    for (size_t i = 0; i < n; i++)
        nm[i] = first + 0.02 * (double)i + 0.02 * (double)i * (double)i / (double)n;
    axis a = make(nm, n);
    free(nm);
    return a;
}

/* The wavelength at which a pixel begins, whose number may be fractional. */
static double edge(const axis *a, double place)
{
    size_t i = place < 0 ? 0 : place < (double)a->n ? (size_t)place : a->n - 1;
    double left, right;
    pixel(a, i, &left, &right);
    return left + (place - (double)i) * (right - left);
}

/* Rows that are linear in the wavelength give the centre of each pixel, also past the ends of the target. */
Test(resample, a_shift_is_in_channels_of_the_target)
{
    enum { n = 500 };
    axis to = growing(300, n), from = even(298, 0.03, 800);
    float in[800], out[n];
    for (size_t i = 0; i < 800; i++)
        in[i] = (float)(from.nm[i] - 310);
    const double shifts[] = {0, 0.4, -0.4, 1, -3.7, 12.25};
    for (size_t k = 0; k < 6; k++) {
        apply(&from, &to, 0, &shifts[k], in, out);
        for (size_t i = 0; i < n; i++) {
            double place = (double)i - shifts[k];
            cr_assert_float_eq(out[i], (edge(&to, place) + edge(&to, place + 1)) / 2 - 310, 2e-6, "channel %zu: %g", i,
                               (double)out[i]);
        }
    }
    axis_clear(&to);
    axis_clear(&from);
}

/* A detector that has moved: the shift is the same number of channels everywhere, and 3 times as many nm at one end. */
Test(resample, a_moved_detector_is_moved_back)
{
    enum { n = 1000, lines = 30 };
    axis a = growing(300, n);
    float here[n] = {0}, moved[n] = {0}, out[n];
    const double displacement = 1.3, back[] = {-1.3};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 1; k < lines; k++) {
            double centre = 300 + 40.0 * (double)k / lines, sharp = line_sigma / (0.04 + 0.0026 * (double)k);
            double e[4] = {edge(&a, (double)i), edge(&a, (double)i + 1), edge(&a, (double)i - displacement),
                           edge(&a, (double)i + 1 - displacement)};
            for (size_t j = 0; j < 4; j++)
                e[j] = 310.013 + (e[j] - centre) * sharp;
            here[i] += (float)((line_integral(e[1]) - line_integral(e[0])) / (e[1] - e[0]));
            moved[i] += (float)((line_integral(e[3]) - line_integral(e[2])) / (e[3] - e[2]));
        }
    apply(&a, &a, 0.5, back, moved, out);
    double worst = 0, without = 0;
    for (size_t i = 5; i + 5 < n; i++) {
        worst = fmax(worst, fabs((double)out[i] - here[i]));
        without = fmax(without, fabs((double)moved[i] - here[i]));
    }
    cr_assert_lt(worst, 0.01, "%g", worst);
    cr_assert_gt(without, 0.3, "%g", without);
    axis_clear(&a);
}

Test(resample, wider_pixels_average_noise)
{
    enum { n = 4000, m = 1000 };
    axis from = even(300, 0.01, n), to = even(300.015, 0.04, m);
    static float in[n], out[m];
    uint64_t state = 1;
    double squares = 0, new_squares = 0;
    for (size_t i = 0; i < n; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        in[i] = (float)((double)(state >> 40) / 16777216.0 - 0.5);
        squares += (double)in[i] * in[i] / n;
    }
    apply(&from, &to, 0, NULL, in, out);
    for (size_t i = 0; i < m; i++) {
        cr_assert_float_eq(out[i], (in[4 * i] + in[4 * i + 1] + in[4 * i + 2] + in[4 * i + 3]) / 4, 1e-6);
        new_squares += (double)out[i] * out[i] / m;
    }
    cr_assert_float_eq(new_squares / squares, 0.25, 0.03);
    axis_clear(&from);
    axis_clear(&to);
}

Test(resample, past_an_end_its_pixel_goes_on)
{
    axis from = even(300, 1, 5), to = even(298, 1, 8);
    const float in[] = {7, 7, 7, 3, 3};
    float out[8];
    apply(&from, &to, 3, NULL, in, out);
    cr_assert_float_eq(out[0], 7, 1e-6);
    cr_assert_float_eq(out[1], 7, 1e-6);
    cr_assert_float_eq(out[2], 7, 1e-6);
    cr_assert_float_eq(out[7], 3, 1e-6);
    axis_clear(&from);
    axis_clear(&to);
}

/* Segments that overlap map one to one; a single segment is taken from both, changing in the middle of the overlap. */
Test(resample, each_channel_takes_the_segment_that_covers_it_best)
{
    double nm[40];
    float in[40];
    for (size_t i = 0; i < 20; i++) {
        nm[i] = 300 + (double)i;
        nm[20 + i] = 315 + (double)i;
        in[i] = 1;
        in[20 + i] = 2;
    }
    axis two = make(nm, 40), one = even(300.25, 1, 34);
    cr_assert_eq(two.n_segments, 2);
    float out[40];
    apply(&two, &one, 0, NULL, in, out);
    for (size_t i = 0; i < 34; i++)
        cr_assert_float_eq(out[i], one.nm[i] < 317 ? 1 : 2, 1e-6, "channel %zu: %g", i, (double)out[i]);
    for (size_t i = 0; i < 40; i++)
        nm[i] += 0.25;
    axis moved = make(nm, 40);
    const double shift[] = {0.1, -0.2};
    apply(&two, &moved, 0.5, shift, in, out);
    for (size_t i = 0; i < 40; i++)
        cr_assert_float_eq(out[i], i < 20 ? 1 : 2, 1e-6);
    axis_clear(&two);
    axis_clear(&one);
    axis_clear(&moved);
}

/* Also if the other segment covers it better, and if segments were cut in two. */
Test(resample, a_selected_channel_takes_the_segment_that_it_is_of)
{
    enum { n = 22 };
    double nm[n];
    float in[n], out[n];
    unsigned char keep[n];
    for (size_t i = 0; i < n; i++) {
        nm[i] = i < 11 ? 300 + (double)i : 294.5 + (double)i;
        in[i] = i < 11 ? 1 : 2;
        keep[i] = i != 2 && i != 20;
    }
    axis from, to;
    cr_assert_eq(axis_make(&from, nm, n, "test", NULL), ADAMAS_OK);
    cr_assert_eq(axis_select(&to, &from, keep, NULL), ADAMAS_OK);
    cr_assert(from.n_segments == 2 && to.n_segments == 4 && to.n == 20);
    apply(&from, &to, 0.5, NULL, in, out);
    for (size_t i = 0; i < to.n; i++)
        cr_assert_float_eq(out[i], i < 10 ? 1 : 2, 1e-6, "%g nm: %g", to.nm[i], (double)out[i]);
    axis_clear(&from);
    axis_clear(&to);
}

Test(resample, a_row_that_is_not_finite_leaves_nothing)
{
    axis from = even(300, 1, 10), to = even(300.5, 1, 9);
    float in[10] = {0}, out[9];
    const float bad[] = {NAN, INFINITY};
    for (size_t k = 0; k < 2; k++) {
        in[3] = bad[k];
        apply(&from, &to, 0, NULL, in, out);
        for (size_t i = 0; i < 9; i++)
            cr_assert(isnan(out[i]));
    }
    axis_clear(&from);
    axis_clear(&to);
}

Test(resample, segments_of_one_to_four_channels)
{
    const double nm[] = {300, 310, 310.5, 320, 320.5, 321.1, 330, 330.5, 331, 331.6};
    const float in[] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
    axis from = make(nm, 10);
    cr_assert_eq(from.n_segments, 4);
    const double shift[] = {0.1, 0.1, -0.1, 0.2};
    float out[10];
    apply(&from, &from, 0.5, shift, in, out);
    for (size_t i = 0; i < 10; i++)
        cr_assert_float_eq(out[i], 5, 1e-5, "channel %zu: %g", i, (double)out[i]);
    axis_clear(&from);
}

static void refused(const axis *from, const axis *to, double slack, const char *message)
{
    resampler *r;
    adamas_error error;
    cr_assert_eq(resampler_make(&r, from, to, slack, "parcel.h5", &error), ADAMAS_E_AXIS);
    cr_assert_null(r);
    cr_assert_str_eq(error.message, message);
}

Test(resample, what_is_missing_is_named)
{
    double nm[22];
    for (size_t i = 0; i < 11; i++) {
        nm[i] = 301.5 + 0.5 * (double)i;
        nm[11 + i] = 311.5 + 0.5 * (double)i;
    }
    axis from = make(nm, 22), to = even(300.5, 0.5, 38), far = even(500.5, 0.5, 5);
    refused(&from, &to, 0.5,
            "parcel.h5: wavelengths 300.5, 307.5-310.5, 317.5-319 nm are missing (the file has 301.5-306.5, "
            "311.5-316.5 nm)");
    refused(&from, &far, 0.5,
            "parcel.h5: the file has 301.5-306.5, 311.5-316.5 nm, and nothing of the 500.5-502.5 nm that are expected");
    resampler *r;
    cr_assert_eq(resampler_make(&r, &from, &to, 3, "parcel.h5", NULL), ADAMAS_OK);
    resampler_free(r);
    resampler_free(NULL);
    axis_clear(&from);
    axis_clear(&to);
    axis_clear(&far);
}

/* One rock on three instruments: which ranges of the other axes each axis covers, and areas are preserved between
 * them. */
Test(resample, real_axes)
{
    enum { most = 14000 };
    static float row[3][most], out[most];
    const char *names[] = {"bhvo2/chemcam_bhvo2_loc1_spectrum.csv", "bhvo2/csa_bhvo2_1000pulse_spectrum.csv",
                           "bhvo2/supercam_1545mm_loc1_spectrum.csv"};
    const size_t n_segments[] = {3, 11, 4};
    number_table spectrum[3];
    const double *nm[3];
    axis a[3];
    for (size_t i = 0; i < 3; i++) {
        spectrum[i] = number_table_of(names[i], ',');
        size_t n = spectrum[i].n_rows;
        cr_assert_leq(n, most);
        nm[i] = spectrum[i].column[0];
        for (size_t c = 0; c < n; c++)
            row[i][c] = (float)spectrum[i].column[1][c];
        a[i] = make(nm[i], n);
        cr_assert_eq(a[i].n_segments, n_segments[i], "%s: %zu segments", names[i], a[i].n_segments);
    }
    refused(
        &a[0], &a[2], 0.5,
        "parcel.h5: wavelengths 341.3206-341.36383, 379.25916-381.58835 nm are missing (the file has 240.811-340.797, "
        "382.13812-469.08975, 473.1842-905.57349 nm)");
    apply(&a[1], &a[0], 0.5, NULL, row[1], out);
    double was = 0, is = 0;
    for (size_t i = 1; i + 1 < a[1].n; i++)
        if (nm[1][i] > 390 && nm[1][i] < 460)
            was += row[1][i] * (nm[1][i + 1] - nm[1][i - 1]) / 2;
    for (size_t i = 1; i + 1 < a[0].n; i++)
        if (nm[0][i] > 390 && nm[0][i] < 460)
            is += out[i] * (nm[0][i + 1] - nm[0][i - 1]) / 2;
    cr_assert_float_eq(is / was, 1, 1e-3);
    for (size_t i = 0; i < 3; i++) {
        axis_clear(&a[i]);
        number_table_free(&spectrum[i]);
    }
}

/* An axis that differs in the last digit of one wavelength is resampled by the general method. */
Test(resample, shifts_on_the_same_axis_as_on_any_other)
{
    enum { n = 300 };
    static const double shifts[] = {0.37, -0.37, 1.5,   -1.5, 3,   -3,  17.25, 1e-9, -1e-9,
                                    0.99, 99.6,  -99.6, 101,  150, 199, -250,  1e6,  -1e6};
    double nm[n];
    float in[n], fast[n], general[n];
    for (size_t i = 0; i < n; i++) {
        double t = (double)i;
        nm[i] = 300 + 0.05 * t + 2e-5 * t * t + 0.004 * sin(t) + (i >= 99 ? 10 : 0) + (i >= 102 ? 10 : 0) +
                (i >= 103 ? 10 : 0);
        in[i] = (float)(10 + 5 * sin(0.4 * t) + (i % 37 == 5 ? 40 : 0));
    }
    const double first[] = {0, 99, 102, 103};
    axis a, b;
    cr_assert_eq(axis_make_segments(&a, nm, n, first, 4, "test", NULL), ADAMAS_OK);
    nm[150] = nextafter(nm[150], 1000);
    cr_assert_eq(axis_make_segments(&b, nm, n, first, 4, "test", NULL), ADAMAS_OK);
    for (size_t k = 0; k < sizeof shifts / sizeof *shifts; k++) {
        const double shift[] = {shifts[k], shifts[k] / 2, -shifts[k], shifts[k]};
        apply(&a, &a, 0.5, shift, in, fast);
        apply(&a, &b, 0.5, shift, in, general);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(fast[i], general[i], 1e-6 * 50, "shift %g, channel %zu: %g, %g", shifts[k], i,
                               (double)fast[i], (double)general[i]);
    }
    const double one[] = {0, 0.2, 0, 0};
    in[7] = INFINITY;
    apply(&a, &a, 0.5, one, in, fast);
    for (size_t i = 0; i < n; i++)
        cr_assert(isnan(fast[i]));
    axis_clear(&a);
    axis_clear(&b);
}

/* A row cropped in each segment has the channels of the whole row, also with a shift. */
Test(resample, within_an_axis_pixels_are_its_own)
{
    enum { n = 300, second = 170, cut = 31, left = 220 };
    double nm[n];
    float in[n], whole[n], cropped[left];
    for (size_t i = 0; i < n; i++) {
        double t = (double)i;
        nm[i] = 300 + 0.05 * t + 2e-5 * t * t + (i >= second ? 20 : 0);
        in[i] = (float)(10 + 5 * sin(0.4 * t) + (i % 37 == 5 ? 40 : 0));
    }
    const double first[] = {0, second}, first_left[] = {0, second - cut};
    axis from, to;
    cr_assert_eq(axis_make_segments(&from, nm, n, first, 2, "test", NULL), ADAMAS_OK);
    cr_assert_eq(axis_make_segments(&to, nm + cut, left, first_left, 2, "test", NULL), ADAMAS_OK);
    for (double shift = -60; shift < 60; shift += 7.3) {
        const double shifts[] = {shift, fabs(shift) < 20 ? 0 : -shift / 3};
        apply(&from, &from, 0.5, shifts, in, whole);
        apply(&from, &to, 0.5, shifts, in, cropped);
        cr_assert_eq(memcmp(cropped, whole + cut, sizeof cropped), 0, "shift %g", shift);
    }
    apply(&from, &to, 0.5, NULL, in, cropped);
    cr_assert_eq(memcmp(cropped, in + cut, sizeof cropped), 0);
    axis_clear(&from);
    axis_clear(&to);
}

/* Rows of two segments, each with its own shifts: each gives the same as alone. */
Test(resample, a_row_does_not_depend_on_its_company)
{
    enum { n = 1400, half = 600, n_rows = 5, segments = 2 };
    static double nm[n];
    static float rows[n_rows][n], moved[n_rows][n], alone[n];
    static const double shifts[n_rows][segments] = {{0.3, -2.6}, {0, 1}, {-7.25, 0}, {0, 0}, {900, -0.5}};
    const float *in[n_rows];
    float *out[n_rows];
    for (size_t i = 0; i < n; i++)
        nm[i] = 300 + 0.05 * (double)i + 1e-6 * (double)(i * i) + (i >= half ? 50 : 0);
    for (size_t k = 0; k < n_rows; k++) {
        in[k] = rows[k];
        out[k] = moved[k];
        for (size_t i = 0; i < n; i++)
            rows[k][i] = (float)((i * i + 31 * k) % 997);
    }
    axis a = make(nm, n);
    cr_assert_eq(a.n_segments, segments);
    resampler *r;
    cr_assert_eq(resampler_make(&r, &a, &a, 0.5, "test", NULL), ADAMAS_OK);
    resampler_apply(r, n_rows, in, shifts[0], out, NULL);
    for (size_t k = 0; k < n_rows; k++) {
        apply(&a, &a, 0.5, shifts[k], rows[k], alone);
        cr_assert_eq(memcmp(moved[k], alone, sizeof alone), 0, "row %zu", k);
    }
    resampler_free(r);
    axis_clear(&a);
}
