/* Drops the channels of a range of wavelengths that carry no information (a line of the air, the seam of two
 * detectors): the opposite of crop. A detector segment cut in two becomes two segments: no later step uses channels
 * across the gap. */
#include "preprocess/range.h"
#include "preprocess/steps.h"

static adamas_status keep_outside(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error)
{
    return range_select("mask", 0, values, in, keep, error);
}

const step mask_step = {
    .name = "mask",
    .summary = "drops the channels from lo to hi (nm)",
    .n_parameters = RANGE_PARAMETERS,
    .parameters = range_parameters,
    .select = keep_outside,
};
