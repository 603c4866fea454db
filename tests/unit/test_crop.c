/* crop: keeps the range with both ends in each segment; an empty range is refused. */
#include "preprocess/steps.h"

#include <criterion/criterion.h>
#include <string.h>

static const double nm[] = {199.5, 201, 202, 203, 201.5, 202.5, 203.5};
enum { n = sizeof nm / sizeof *nm };

static adamas_status crop(double lo, double hi, unsigned char *keep, adamas_error *error)
{
    axis a;
    cr_assert_eq(axis_make(&a, nm, n, "test", NULL), ADAMAS_OK);
    step_value values[] = {{.number = lo}, {.number = hi}};
    adamas_status status = crop_step.select(values, &a, keep, error);
    axis_clear(&a);
    return status;
}

Test(crop, keeps_both_ends_in_every_segment)
{
    unsigned char keep[n];
    const unsigned char expected[n] = {0, 1, 1, 0, 1, 1, 0};
    cr_assert_eq(crop(201, 202.5, keep, NULL), ADAMAS_OK);
    cr_assert_eq(memcmp(keep, expected, n), 0);
}

Test(crop, both_limits_are_required_and_nothing_else_is_done)
{
    cr_assert_eq(crop_step.n_parameters, 2);
    cr_assert(crop_step.parameters[0].required && crop_step.parameters[1].required);
    cr_assert_str_eq(crop_step.parameters[0].name, "lo");
    cr_assert_str_eq(crop_step.parameters[1].name, "hi");
    cr_assert(!crop_step.apply && !crop_step.shift);
}

Test(crop, nothing_left_is_refused_with_the_range)
{
    unsigned char keep[n];
    adamas_error error;
    cr_assert_eq(crop(300.5, 400.5, keep, &error), ADAMAS_E_AXIS);
    cr_assert_str_eq(error.message,
                     "crop(300.5, 400.5): 0 channels between, 2 or more expected; the axis is 199.5-203.5 nm");
    cr_assert_eq(crop(203.2, 203.8, keep, &error), ADAMAS_E_AXIS);
    cr_assert_str_eq(error.message,
                     "crop(203.2, 203.8): 1 channel between, 2 or more expected; the axis is 199.5-203.5 nm");
    cr_assert_eq(crop(203, 201, keep, &error), ADAMAS_E_METHOD);
    cr_assert_str_eq(error.message, "crop(203, 201): lo must be below hi");
}
