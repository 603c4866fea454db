/* The wavelength axis: its check, and its division into detector segments. */
#include "base/axis.h"

#include "base/memory.h"
#include "base/simd.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Spectrometers' steps change by a few per cent from pixel to pixel, and by up to about 2 between detectors and where a
 * channel was left out; a step that is three times the mean of its neighbours is a gap. */
static const double axis_gap = 3.0;

/* The number of channels whose wavelength is finite and above 0, and of rising and falling steps between neighbours (a
 * step between equal wavelengths is neither). */
typedef struct counts {
    size_t good, rise, fall;
} counts;

SIMD_CLONES static counts count(const double *nm, size_t n)
{
    counts c = {.good = nm[0] > 0 && nm[0] <= DBL_MAX};
    for (size_t i = 1; i < n; i++) {
        c.good += (nm[i] > 0) & (nm[i] <= DBL_MAX);
        c.rise += nm[i - 1] < nm[i];
        c.fall += nm[i - 1] > nm[i];
    }
    return c;
}

/* The error for the first fault of an axis that has one. */
static adamas_status name_fault(const double *nm, size_t n, const char *source, adamas_error *error)
{
    size_t i = 0;
    while (i + 1 < n && isfinite(nm[i]) && nm[i] > 0 && !(i > 0 && nm[i] == nm[i - 1]))
        i++;
    if (!isfinite(nm[i]) || nm[i] <= 0)
        return status_set(error, ADAMAS_E_AXIS, "%s: wavelength of channel %zu is %g, a number of nm above 0 expected",
                          source, i + 1, nm[i]);
    return status_set(error, ADAMAS_E_AXIS, "%s: channels %zu and %zu have the same wavelength, %.10g nm", source, i,
                      i + 1, nm[i]);
}

static adamas_status check(const double *nm, size_t n, const char *source, adamas_error *error)
{
    if (n < 2)
        return status_set(error, ADAMAS_E_AXIS, "%s: %zu channel%s found, at least 2 expected", source, n,
                          n == 1 ? "" : "s");
    counts c = count(nm, n);
    if (c.good < n || c.rise + c.fall < n - 1)
        return name_fault(nm, n, source, error);
    if (c.fall > (n - 1) / 2)
        return status_set(error, ADAMAS_E_AXIS,
                          "%s: wavelengths fall from %.10g to %.10g nm, a rising axis (in each segment) expected",
                          source, nm[0], nm[n - 1]);
    return ADAMAS_OK;
}

/* Does a segment start at channel i? */
static int starts(const double *nm, size_t n, size_t i)
{
    if (i == 0)
        return 1;
    double step = nm[i] - nm[i - 1];
    if (step < 0)
        return 1;
    double before = i >= 2 ? nm[i - 1] - nm[i - 2] : 0, after = i + 1 < n ? nm[i + 1] - nm[i] : 0;
    if (before > 0 && after > 0)
        return step > axis_gap * (before + after) / 2;
    return (before > 0 && step > axis_gap * before) || (after > 0 && step > axis_gap * after);
}

/* True only if no segment starts at channels first ... end - 1, because all steps rise and none is a gap. There must be
 * two channels before them and one after them. */
SIMD_CLONES static int is_within_segment(const double *nm, size_t first, size_t end)
{
    int odd = 0;
    for (size_t i = first; i < end; i++) {
        double before = nm[i - 1] - nm[i - 2], step = nm[i] - nm[i - 1], after = nm[i + 1] - nm[i];
        odd |= !(before > 0) | !(step > 0) | !(after > 0) | (step > axis_gap * (before + after) / 2);
    }
    return !odd;
}

/* Finds the first channel of each segment. */
static void find_segments(axis *a)
{
    enum { block = 128 };
    for (size_t first = 0, end; first < a->n; first = end) {
        end = first + block < a->n ? first + block : a->n;
        if (first >= 2 && end < a->n && is_within_segment(a->nm, first, end))
            continue;
        for (size_t i = first; i < end; i++)
            if (starts(a->nm, a->n, i))
                a->first[a->n_segments++] = i;
    }
    a->first[a->n_segments] = a->n;
}

/* Memory for n channels and as many segments. */
static adamas_status reserve(axis *a, size_t n, adamas_error *error)
{
    *a = (axis){.n = n, .nm = memory_raw(n, sizeof *a->nm), .first = memory_raw(n + 1, sizeof *a->first)};
    if (a->nm && a->first)
        return ADAMAS_OK;
    axis_clear(a);
    return status_no_memory(error);
}

/* Checks and copies the channels; the segments are yet to be found. */
static adamas_status copy_channels(axis *out, const double *nm, size_t n, const char *source, adamas_error *error)
{
    adamas_status status = check(nm, n, source, error);
    if (!status)
        status = reserve(out, n, error);
    if (!status)
        memcpy(out->nm, nm, n * sizeof *nm);
    return status;
}

adamas_status axis_make(axis *out, const double *nm, size_t n, const char *source, adamas_error *error)
{
    axis made;
    adamas_status status = copy_channels(&made, nm, n, source, error);
    if (status)
        return status;
    find_segments(&made);
    *out = made;
    return ADAMAS_OK;
}

static adamas_status set_segments(axis *a, const double *first, size_t n, const char *source, adamas_error *error)
{
    for (size_t channel = 0; channel < a->n; channel++)
        if (a->n_segments < n && first[a->n_segments] == (double)channel)
            a->first[a->n_segments++] = channel;
        else if (channel == 0 || a->nm[channel] < a->nm[channel - 1])
            return status_set(error, ADAMAS_E_FORMAT,
                              "%s: detector_segments lacks channel %zu, at which a segment starts", source,
                              channel + 1);
    if (a->n_segments < n)
        return status_set(error, ADAMAS_E_FORMAT,
                          "%s: detector_segments has %g in place %zu, a later channel below %zu expected", source,
                          first[a->n_segments], a->n_segments + 1, a->n);
    a->first[n] = a->n;
    return ADAMAS_OK;
}

adamas_status axis_make_segments(axis *out, const double *nm, size_t n, const double *first, size_t n_segments,
                                 const char *source, adamas_error *error)
{
    axis made;
    adamas_status status = copy_channels(&made, nm, n, source, error);
    if (status)
        return status;
    status = set_segments(&made, first, n_segments, source, error);
    if (status)
        axis_clear(&made);
    else
        *out = made;
    return status;
}

adamas_status axis_select(axis *out, const axis *in, const unsigned char *keep, adamas_error *error)
{
    axis made;
    adamas_status status = reserve(&made, in->n, error);
    if (status)
        return status;
    made.n = 0;
    for (size_t s = 0; s < in->n_segments; s++) {
        for (size_t i = in->first[s]; i < in->first[s + 1]; i++) {
            if (keep[i] && (i == in->first[s] || !keep[i - 1]))
                made.first[made.n_segments++] = made.n;
            if (keep[i])
                made.nm[made.n++] = in->nm[i];
        }
    }
    made.first[made.n_segments] = made.n;
    *out = made;
    return ADAMAS_OK;
}

adamas_status axis_copy(axis *out, const axis *in, adamas_error *error)
{
    axis made;
    adamas_status status = reserve(&made, in->n, error);
    if (status)
        return status;
    memcpy(made.nm, in->nm, in->n * sizeof *in->nm);
    memcpy(made.first, in->first, (in->n_segments + 1) * sizeof *in->first);
    made.n_segments = in->n_segments;
    *out = made;
    return ADAMAS_OK;
}

size_t axis_longest_segment(const axis *a)
{
    size_t longest = 0;
    for (size_t s = 0; s < a->n_segments; s++) {
        size_t n = a->first[s + 1] - a->first[s];
        longest = n > longest ? n : longest;
    }
    return longest;
}

int axis_equal(const axis *a, const axis *b)
{
    return a->n == b->n && a->n_segments == b->n_segments &&
           memcmp(a->first, b->first, (a->n_segments + 1) * sizeof *a->first) == 0 &&
           memcmp(a->nm, b->nm, a->n * sizeof *a->nm) == 0;
}

void axis_clear(axis *a)
{
    free(a->nm);
    free(a->first);
    *a = (axis){0};
}
