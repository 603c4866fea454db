/* Keeps the channels of a range of wavelengths. */
#include "preprocess/range.h"
#include "preprocess/steps.h"

static adamas_status keep_between(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error)
{
    return range_select("crop", 1, values, in, keep, error);
}

const step crop_step = {
    .name = "crop",
    .summary = "keeps the channels from lo to hi (nm)",
    .n_parameters = RANGE_PARAMETERS,
    .parameters = range_parameters,
    .select = keep_between,
};
