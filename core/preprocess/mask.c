/* The opposite of crop: what is known to tell nothing (a line of the air, a joint of two detectors) is left out. A
 * detector segment that is cut in two becomes two: no later step reaches across the gap. */
#include "preprocess/step.h"

#include "base/text.h"
#include "preprocess/row.h"

static const step_parameter parameters[] = {
    {.name = "lo", .required = 1, .low = 0, .high = 1e6},
    {.name = "hi", .required = 1, .low = 0, .high = 1e6},
};

static adamas_status refuse(double lo, double hi, const axis *in, size_t kept, adamas_error *error)
{
    char from[32], to[32], range[72];
    text_of_number(from, lo);
    text_of_number(to, hi);
    if (!(lo < hi))
        return status_set(error, ADAMAS_E_METHOD, "mask(%s, %s): lo must be below hi", from, to);
    row_range(range, in);
    return status_set(error, ADAMAS_E_AXIS, "mask(%s, %s): %zu channel%s left, 2 or more expected; the axis is %s",
                      from, to, kept, kept == 1 ? "" : "s", range);
}

static adamas_status keep_outside(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error)
{
    double lo = values[0].number, hi = values[1].number;
    size_t kept = 0;
    for (size_t i = 0; i < in->n; i++) {
        keep[i] = in->nm[i] < lo || in->nm[i] > hi;
        kept += keep[i];
    }
    return lo < hi && kept >= 2 ? ADAMAS_OK : refuse(lo, hi, in, kept, error);
}

const step mask_step = {
    .name = "mask",
    .summary = "drops the channels from lo to hi (nm)",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .select = keep_outside,
};
