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
    row_range(range, in);
    return status_set(error, ADAMAS_E_AXIS, "crop(%s, %s): %zu channel%s between, 2 or more expected; the axis is %s",
                      from, to, kept, kept == 1 ? "" : "s", range);
}

static adamas_status keep_between(const step_value *values, const axis *in, unsigned char *keep, adamas_error *error)
{
    double lo = values[0].number, hi = values[1].number;
    if (!(lo < hi)) {
        char from[32], to[32];
        text_of_number(from, lo);
        text_of_number(to, hi);
        return status_set(error, ADAMAS_E_METHOD, "crop(%s, %s): lo must be below hi", from, to);
    }
    size_t kept = 0;
    for (size_t i = 0; i < in->n; i++) {
        keep[i] = in->nm[i] >= lo && in->nm[i] <= hi;
        kept += keep[i];
    }
    return kept >= 2 ? ADAMAS_OK : refuse(lo, hi, in, kept, error);
}

const step crop_step = {
    .name = "crop",
    .summary = "keeps the channels from lo to hi (nm)",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .select = keep_between,
};
