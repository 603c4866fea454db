/* Normalisation to an internal standard: the net area of one line, its integral over nm +- half_width less a straight
 * line between the mean intensities of the flanks, each of which is half of half_width wide. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/row.h"

static const step_parameter parameters[] = {
    {.name = "nm", .fallback = 247.856, .low = 1, .high = 1e6},
    {.name = "half_width", .fallback = 0.2, .low = 1e-4, .high = 1e3},
};

/* The net area is linear in the row: a weight for each channel. */
typedef struct standard {
    size_t first;
    size_t n;
    double weight[];
} standard;

static adamas_status refuse(double lo, double hi, const axis *in, const char *why, adamas_error *error)
{
    char from[32], to[32], range[72];
    text_of_number(from, lo);
    text_of_number(to, hi);
    row_range(range, in);
    return status_set(error, ADAMAS_E_AXIS, "standard: wavelengths %s-%s nm are needed, %s; the axis is %s", from, to,
                      why, range);
}

/* The channels of a segment with lo <= nm < hi: [*first, the result). */
static size_t between(const axis *in, size_t segment, double lo, double hi, size_t *first)
{
    size_t i = in->first[segment], end = in->first[segment + 1];
    while (i < end && in->nm[i] < lo)
        i++;
    *first = i;
    while (i < end && in->nm[i] < hi)
        i++;
    return i;
}

static double mean_nm(const axis *in, size_t first, size_t end)
{
    double sum = 0;
    for (size_t i = first; i < end; i++)
        sum += in->nm[i];
    return sum / (double)(end - first);
}

/* border: first channels of the left flank, the line and the right flank, and the end. */
static void find_weights(standard *s, const axis *in, const size_t border[4])
{
    size_t n_left = border[1] - border[0], n_right = border[3] - border[2];
    double left = mean_nm(in, border[0], border[1]), right = mean_nm(in, border[2], border[3]);
    double from_left = 0, from_right = 0;
    for (size_t i = border[1]; i < border[2]; i++) {
        double width = (in->nm[i + 1] - in->nm[i - 1]) / 2;
        double place = (in->nm[i] - left) / (right - left);
        s->weight[i - border[0]] = width;
        from_left += width * (1 - place);
        from_right += width * place;
    }
    for (size_t i = border[0]; i < border[1]; i++)
        s->weight[i - border[0]] = -from_left / (double)n_left;
    for (size_t i = border[2]; i < border[3]; i++)
        s->weight[i - border[0]] = -from_right / (double)n_right;
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    *state = NULL;
    double nm = values[0].number, half = values[1].number, lo = nm - 1.5 * half, hi = nm + 1.5 * half;
    size_t segment = 0;
    while (segment < in->n_segments && !(in->nm[in->first[segment]] <= lo && in->nm[in->first[segment + 1] - 1] >= hi))
        segment++;
    if (segment == in->n_segments)
        return refuse(lo, hi, in, "in one detector segment", error);
    size_t border[4], end;
    between(in, segment, lo, nm - half, &border[0]);
    end = between(in, segment, nm - half, nm + half, &border[1]);
    border[2] = end;
    border[3] = between(in, segment, nm + half, hi, &end);
    if (border[0] == border[1] || border[1] == border[2] || border[2] == border[3])
        return refuse(lo, hi, in, "with channels in the line and in both flanks", error);
    size_t n = border[3] - border[0];
    standard *made = memory_raw(1, sizeof *made + n * sizeof *made->weight);
    if (!made)
        return status_no_memory(error);
    made->first = border[0];
    made->n = n;
    find_weights(made, in, border);
    *state = made;
    return ADAMAS_OK;
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *scratch)
{
    (void)scratch;
    const standard *s = state;
    double area = 0;
    for (size_t i = 0; i < s->n; i++)
        area += s->weight[i] * row[s->first + i];
    if (!(area > 0) || !row_scale(row, 0, area, out, in->n))
        row_set_nan(out, in->n);
}

const step standard_step = {
    .name = "standard",
    .summary = "divides by the net area of an internal standard's line at nm",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .apply = apply,
};
