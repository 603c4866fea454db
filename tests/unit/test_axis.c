/* axis: segments are found or taken as told; what is no axis is refused; channels are selected with their segments. */
#include "base/axis.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void expect_segments(const double *nm, size_t n, size_t n_segments, const size_t *first)
{
    axis a;
    adamas_error error = {0};
    cr_assert_eq(axis_make(&a, nm, n, "here", &error), ADAMAS_OK, "%s", error.message);
    cr_assert_eq(a.n_segments, n_segments);
    for (size_t i = 0; i < n_segments; i++)
        cr_assert_eq(a.first[i], first[i]);
    cr_assert_eq(a.first[n_segments], n);
    axis_clear(&a);
}

Test(axis, finds_segments)
{
    expect_segments((const double[]){1, 2, 3, 4}, 4, 1, (const size_t[]){0});
    expect_segments((const double[]){1, 2}, 2, 1, (const size_t[]){0});
    expect_segments((const double[]){1, 2, 3, 2.5, 3.5, 4.5}, 6, 2, (const size_t[]){0, 3});
    expect_segments((const double[]){1, 2, 3, 9, 10, 11}, 6, 2, (const size_t[]){0, 3});
    expect_segments((const double[]){1, 2, 3, 5, 7, 9}, 6, 1, (const size_t[]){0});
    expect_segments((const double[]){1, 2, 3, 5.9, 7, 8}, 6, 1, (const size_t[]){0});
}

static void expect_refusal(const double *nm, size_t n, const char *message)
{
    axis a = {.n = 77};
    adamas_error error = {0};
    cr_assert_eq(axis_make(&a, nm, n, "a.csv", &error), ADAMAS_E_AXIS);
    cr_assert_str_eq(error.message, message);
    cr_assert_eq(a.n, 77);
}

/* A gap, a falling step, and an invalid wavelength, at each channel of an axis that is several blocks long. */
Test(axis, every_place_is_looked_at)
{
    enum { n = 600 };
    double nm[n];
    for (size_t at = 1; at < n; at++)
        for (int kind = 0; kind < 4; kind++) {
            for (size_t i = 0; i < n; i++)
                nm[i] = 500 + 0.1 * (double)i + (i < at ? 0 : kind == 0 ? 1 : kind == 1 ? -20 : 0);
            if (kind == 2)
                nm[at] = NAN;
            if (kind == 3)
                nm[at] = nm[at - 1];
            axis a = {0};
            adamas_status status = axis_make(&a, nm, n, "test", NULL);
            cr_assert_eq(status, kind < 2 ? ADAMAS_OK : ADAMAS_E_AXIS, "kind %d at %zu", kind, at);
            if (!status) {
                cr_assert_eq(a.n_segments, 2, "kind %d at %zu", kind, at);
                cr_assert_eq(a.first[1], at);
                cr_assert_eq(a.first[2], n);
            }
            axis_clear(&a);
        }
}

Test(axis, refuses_what_is_no_axis)
{
    expect_refusal((const double[]){1}, 1, "a.csv: 1 channel found, at least 2 expected");
    expect_refusal((const double[]){1, (double)NAN}, 2,
                   "a.csv: wavelength of channel 2 is nan, a number of nm above 0 expected");
    expect_refusal((const double[]){0, 1}, 2, "a.csv: wavelength of channel 1 is 0, a number of nm above 0 expected");
    expect_refusal((const double[]){1, 2, 2}, 3, "a.csv: channels 2 and 3 have the same wavelength, 2 nm");
    expect_refusal((const double[]){4, 3, 2, 1}, 4,
                   "a.csv: wavelengths fall from 4 to 1 nm, a rising axis (in each segment) expected");
    expect_refusal((const double[]){2, 1}, 2,
                   "a.csv: wavelengths fall from 2 to 1 nm, a rising axis (in each segment) expected");
}

Test(axis, selects_channels_and_their_segments)
{
    static const double nm[] = {1, 2, 3, 2.5, 3.5, 7, 8, 9};
    static const unsigned char keep[] = {0, 1, 1, 0, 0, 1, 0, 1};
    axis all, some, copy;
    cr_assert_eq(axis_make(&all, nm, 8, "here", NULL), ADAMAS_OK);
    cr_assert_eq(all.n_segments, 3);
    cr_assert_eq(axis_select(&some, &all, keep, NULL), ADAMAS_OK);
    cr_assert(some.n == 4 && some.n_segments == 3 && some.first[1] == 2 && some.first[2] == 3 && some.first[3] == 4);
    cr_assert(some.nm[0] == 2 && some.nm[2] == 7 && some.nm[3] == 9);
    cr_assert_eq(axis_copy(&copy, &all, NULL), ADAMAS_OK);
    cr_assert(axis_equal(&copy, &all) && !axis_equal(&copy, &some));
    copy.nm[7] = nextafter(9, 10);
    cr_assert(!axis_equal(&copy, &all));
    axis_clear(&all);
    axis_clear(&some);
    axis_clear(&copy);
}

Test(axis, takes_segments_that_are_told)
{
    static const double nm[] = {1, 2, 3, 4, 3.5, 4.5}, first[] = {0, 2, 4};
    axis a;
    cr_assert_eq(axis_make_segments(&a, nm, 6, first, 3, "here", NULL), ADAMAS_OK);
    cr_assert(a.n == 6 && a.n_segments == 3 && a.first[0] == 0 && a.first[1] == 2 && a.first[2] == 4 &&
              a.first[3] == 6);
    cr_assert_arr_eq(a.nm, nm, sizeof nm);
    axis_clear(&a);
}

static void expect_no_segments(const double *first, size_t n, const char *message)
{
    static const double nm[] = {1, 2, 3, 4, 3.5, 4.5};
    axis a = {.n = 77};
    adamas_error error = {0};
    cr_assert_eq(axis_make_segments(&a, nm, 6, first, n, "a.h5", &error), ADAMAS_E_FORMAT);
    cr_assert_str_eq(error.message, message);
    cr_assert_eq(a.n, 77);
}

Test(axis, refuses_segments_that_do_not_fit)
{
    expect_no_segments((const double[]){1, 4}, 2, "a.h5: detector_segments lacks channel 1, at which a segment starts");
    expect_no_segments((const double[]){0}, 1, "a.h5: detector_segments lacks channel 5, at which a segment starts");
    expect_no_segments((const double[]){0, 4, 6}, 3,
                       "a.h5: detector_segments has 6 in place 3, a later channel below 6 expected");
    expect_no_segments((const double[]){0, 4, 4}, 3,
                       "a.h5: detector_segments has 4 in place 3, a later channel below 6 expected");
    expect_no_segments((const double[]){0, (double)NAN, 4}, 3,
                       "a.h5: detector_segments lacks channel 5, at which a segment starts");
}
