/* mask: drops the range with both ends in each segment; nothing left is refused. */
#include "preprocess/steps.h"

#include <criterion/criterion.h>
#include <string.h>

static const double nm[] = {199.5, 201, 202, 203, 201.5, 202.5, 203.5};
enum { n = sizeof nm / sizeof *nm };

static adamas_status mask(double lo, double hi, unsigned char *keep, adamas_error *error)
{
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    step_value values[] = {{.number = lo}, {.number = hi}};
    adamas_status status = mask_step.select(values, &a, keep, error);
    axis_clear(&a);
    return status;
}

Test(mask, drops_both_ends_in_every_segment)
{
    unsigned char keep[n];
    const unsigned char expected[n] = {1, 0, 0, 1, 0, 0, 1};
    cr_assert_eq(mask(201, 202.5, keep, NULL), ADAMAS_OK);
    cr_assert_eq(memcmp(keep, expected, n), 0);
    cr_assert_eq(mask(300, 400, keep, NULL), ADAMAS_OK);
    for (size_t i = 0; i < n; i++)
        cr_assert(keep[i]);
}

Test(mask, both_limits_are_required_and_nothing_else_is_done)
{
    cr_assert_eq(mask_step.n_parameters, 2);
    cr_assert(mask_step.parameters[0].required && mask_step.parameters[1].required);
    cr_assert_str_eq(mask_step.parameters[0].name, "lo");
    cr_assert_str_eq(mask_step.parameters[1].name, "hi");
    cr_assert(!mask_step.apply && !mask_step.shift);
}

Test(mask, nothing_left_is_refused_with_the_range)
{
    unsigned char keep[n];
    adamas_error error;
    cr_assert_eq(mask(100.5, 400.5, keep, &error), ADAMAS_E_AXIS);
    cr_assert_str_eq(error.message,
                     "mask(100.5, 400.5): 0 channels left, 2 or more expected; the axis is 199.5-203.5 nm");
    cr_assert_eq(mask(200, 210, keep, &error), ADAMAS_E_AXIS);
    cr_assert_str_eq(error.message, "mask(200, 210): 1 channel left, 2 or more expected; the axis is 199.5-203.5 nm");
    cr_assert_eq(mask(203, 201, keep, &error), ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, "mask(203, 201): lo must be below hi");
}

/* The channels on both sides of the gap are not neighbours. */
Test(mask, a_segment_is_cut_in_two)
{
    static const double line[] = {300, 301, 302, 303, 304, 305};
    unsigned char keep[6];
    axis a, out;
    cr_assert_eq(axis_make(&a, line, 6, "test", NULL), ADAMAS_OK);
    const step_value values[] = {{.number = 301.5}, {.number = 302.5}};
    cr_assert_eq(mask_step.select(values, &a, keep, NULL), ADAMAS_OK);
    cr_assert_eq(axis_select(&out, &a, keep, NULL), ADAMAS_OK);
    cr_assert(out.n == 5 && out.n_segments == 2 && out.first[1] == 2 && out.first[2] == 5);
    axis_clear(&a);
    axis_clear(&out);
}
