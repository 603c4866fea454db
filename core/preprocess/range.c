/* Selection of channels by a range of wavelengths, for crop and mask. */
#include "preprocess/range.h"

#include "base/text.h"
#include "preprocess/row.h"

const step_parameter range_parameters[RANGE_PARAMETERS] = {
    {.name = "lo", .required = 1, .low = 0, .high = 1e6},
    {.name = "hi", .required = 1, .low = 0, .high = 1e6},
};

adamas_status range_select(const char *name, int inside, const step_value *values, const axis *in, unsigned char *keep,
                           adamas_error *error)
{
    double lo = values[0].number, hi = values[1].number;
    char from[32], to[32], range[72];
    size_t kept = 0;
    text_of_number(from, lo);
    text_of_number(to, hi);
    if (!(lo < hi))
        return status_set(error, ADAMAS_E_METHOD, "%s(%s, %s): lo must be below hi", name, from, to);
    for (size_t i = 0; i < in->n; i++) {
        keep[i] = (in->nm[i] >= lo && in->nm[i] <= hi) == (inside != 0);
        kept += keep[i];
    }
    if (kept >= 2)
        return ADAMAS_OK;
    row_range(range, in);
    return status_set(error, ADAMAS_E_AXIS, "%s(%s, %s): %zu channel%s %s, 2 or more expected; the axis is %s", name,
                      from, to, kept, kept == 1 ? "" : "s", inside ? "between" : "left", range);
}
