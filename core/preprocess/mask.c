/* The opposite of crop: what is known to tell nothing (a line of the air, a joint of two detectors) is left out. A
 * detector segment that is cut in two becomes two: no later step reaches across the gap. */
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
