/* Removes spikes (cosmic rays) as Whitaker & Hayes (2018), "A simple algorithm for despiking Raman spectra": if the
 * modified z-score of a first difference, 0.6745 (d - median) / MAD over the detector segment, exceeds the threshold,
 * the second of its two channels is marked and replaced by the mean of the channels within m of it that are not marked.
 *
 * The method is for spectra whose only sharp features are cosmic rays. In LIBS emission lines are as sharp: at the
 * paper's threshold of 6 or 7 every line clearly above the noise is marked, and replaced by the channels beside it (a
 * line wider than m keeps its top and loses its flanks). Therefore threshold has no default here. It must be above the
 * z-score of the steepest line of the library, hundreds or thousands in a spectrum of many lines, and then only a spike
 * steeper than all lines is found. */
#include "preprocess/steps.h"

#include "base/memory.h"
#include "base/simd.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double normal_quartile =
    0.6745; /* the MAD of a normal distribution in standard deviations, as in the paper */

static const step_parameter parameters[] = {
    {.name = "threshold", .required = 1, .low = 0, .high = 1e9},
    {.name = "m", .fallback = 3, .low = 1, .high = 1000, .whole = 1},
};

typedef struct despike {
    float threshold;
    size_t m;
    size_t longest;
} despike;

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    (void)reference;
    despike *made = memory_new(1, sizeof *made);
    *state = made;
    if (!made)
        return status_no_memory(error);
    *made = (despike){(float)values[0].number, (size_t)values[1].number, axis_longest_segment(in)};
    return ADAMAS_OK;
}

/* Floats of each of three buffers: the original segment, the differences, their distances from the median. */
static size_t buffer_floats(const despike *d)
{
    return (d->longest + 15) / 16 * 16;
}

static size_t scratch(const void *state)
{
    return 3 * buffer_floats(state);
}

/* An integer of the same order as the float. */
SIMD_INLINE int32_t key_of(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits ^ ((bits >> 31) & INT32_MAX);
}

static float float_of(int32_t key)
{
    key ^= (key >> 31) & INT32_MAX;
    float x;
    memcpy(&x, &key, sizeof x);
    return x;
}

SIMD_CLONES static size_t count_up_to(const float *x, size_t n, int32_t key)
{
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += key_of(x[i]) <= key;
    return count;
}

SIMD_CLONES static int32_t smallest_above(const float *x, size_t n, int32_t key)
{
    int32_t smallest = INT32_MAX;
    for (size_t i = 0; i < n; i++) {
        int32_t k = key_of(x[i]);
        k = k > key ? k : INT32_MAX;
        smallest = k < smallest ? k : smallest;
    }
    return smallest;
}

/* The median of x[n] by bisection: counting is vectorised, sorting is not. */
static float median(const float *x, size_t n)
{
    int64_t low = INT32_MIN, high = INT32_MAX;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (count_up_to(x, n, (int32_t)middle) >= (n + 1) / 2)
            high = middle;
        else
            low = middle + 1;
    }
    float lower = float_of((int32_t)low);
    if (n % 2 == 1 || count_up_to(x, n, (int32_t)low) > n / 2)
        return lower;
    return 0.5F * lower + 0.5F * float_of(smallest_above(x, n, (int32_t)low));
}

SIMD_CLONES static void differences(const float *x, size_t n, float *d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = x[i + 1] - x[i];
}

SIMD_CLONES static void distances(const float *x, size_t n, float centre, float *d)
{
    for (size_t i = 0; i < n; i++)
        d[i] = fabsf(x[i] - centre);
}

/* The mean of the channels of was[n] within m of i that are not marked; channel i itself if all are marked. */
static float mean_of_unmarked(const float *was, const float *distance, float limit, size_t n, size_t m, size_t i)
{
    double sum = 0;
    size_t found = 0, end = n - i > m ? i + m + 1 : n;
    for (size_t k = i > m ? i - m : 0; k < end; k++)
        if (k == 0 || !(distance[k - 1] > limit)) {
            sum += was[k];
            found++;
        }
    return found ? (float)(sum / (double)found) : was[i];
}

/* If more than half of the differences are equal the MAD is 0, and nothing is marked. */
static void despike_segment(const despike *d, const float *row, float *out, size_t n, float *buffer)
{
    float *was = buffer, *step_to = buffer + buffer_floats(d), *distance = buffer + 2 * buffer_floats(d);
    memcpy(was, row, n * sizeof *row);
    memmove(out, row, n * sizeof *row);
    if (n < 3)
        return;
    differences(was, n - 1, step_to);
    distances(step_to, n - 1, median(step_to, n - 1), distance);
    float spread = median(distance, n - 1);
    if (!(spread > 0))
        return;
    float limit = (float)(d->threshold / normal_quartile * spread);
    for (size_t i = 1; i < n; i++)
        if (distance[i - 1] > limit)
            out[i] = mean_of_unmarked(was, distance, limit, n, d->m, i);
}

static void apply(const void *state, const axis *in, const float *row, float *out, float *buffer)
{
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t first = in->first[s], n = in->first[s + 1] - first;
        despike_segment(state, row + first, out + first, n, buffer);
    }
    row_check(out, in->n);
}

const step despike_step = {
    .name = "despike",
    .summary = "replaces jumps of over threshold robust z by the mean around; at the paper's 7 it cuts LIBS lines",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .create = create,
    .scratch = scratch,
    .apply = apply,
};
