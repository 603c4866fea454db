/* By how much each detector segment of a row is displaced against the training reference: the cross-correlation of the
 * two.
 *
 * A spectrum wanders over the detector, so its displacement is the same number of channels all along a segment, however
 * uneven the steps in nm are: channels are correlated, not wavelengths. A SNIP baseline with few, wide windows is taken
 * off, and the ends are tapered, so that neither the continuum nor a line cut in two at an end decides. Between the
 * lags the peak is that of a Gaussian through its three highest points (a parabola through their logs), which is exact
 * for lines of Gaussian shape.
 *
 * A shift is found or it is 0: a segment whose correlation stays below 0.5 has too little in common with the reference
 * for its peak to mean anything, and a peak at the limit is the flank of one beyond it. Such a row is better left where
 * it is than moved by a number that is known to be wrong. */
#include "preprocess/step.h"

#include "base/fourier.h"
#include "base/memory.h"
#include "base/simd.h"
#include "preprocess/snip.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const step_parameter parameters[] = {
    {.name = "max_shift", .fallback = 0.3, .low = 1e-4, .high = 100},
};

static const double least_correlation = 0.5;

/* Where compression sets in, in means of the spectrum less its baseline. */
static const double knee_of_compression = 10;

/* The widest half window of the baseline, in channels: wider than lines are. */
enum { widest = 64, fewest_channels = 16 };

/* In channels: a segment that may not be shifted by more is not worth the interpolation. */
static const double least_limit = 0.5;

/* As long as few lags are looked at they are multiplied out one by one: beyond this (measured) two transforms are
 * faster. */
enum { most_direct = 40, lags_at_once = 7, at_once = 8, padding = most_direct + 8, block = 512, side_by_side = 32 };

/* Of one segment. */
typedef struct matcher {
    size_t n;        /* channels; 0 where the segment is never shifted */
    double limit;    /* channels by which it may be shifted */
    size_t most_lag; /* lags looked at: -most_lag ... most_lag */
    size_t room;     /* floats of a buffer, a multiple of side_by_side: each starts on a 64-byte boundary */
    float *taper;    /* [room] */
    size_t length;   /* of the transform: no lag wraps round; a multiple of at_once where there is none */
    fourier *transform;
    float *reference; /* of sum of squares 1: [2 (length / 2 + 1)] its transform, or [length] with `padding` about it */
} matcher;

typedef struct aligner {
    size_t n_segments;
    matcher *matchers; /* [n_segments] */
    size_t room;       /* the most of them */
} aligner;

static void destroy(void *state)
{
    aligner *a = state;
    if (!a)
        return;
    for (size_t i = 0; a->matchers && i < a->n_segments; i++) {
        matcher *m = &a->matchers[i];
        free(m->taper);
        fourier_free(m->transform);
        free(m->reference);
    }
    free(a->matchers);
    free(a);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static adamas_status median_step(double *median, const double *nm, size_t n, adamas_error *error)
{
    double *steps = memory_raw(n - 1, sizeof *steps);
    if (!steps)
        return status_no_memory(error);
    for (size_t i = 1; i < n; i++)
        steps[i - 1] = nm[i] - nm[i - 1];
    qsort(steps, n - 1, sizeof *steps, compare);
    *median = steps[(n - 1) / 2];
    free(steps);
    return ADAMAS_OK;
}

/* An eighth of the segment at most rises, and an eighth falls, as a cosine does. */
static float taper_at(size_t i, size_t n)
{
    size_t from_end = i < n - 1 - i ? i : n - 1 - i, rise = n / 8 < widest ? n / 8 : widest;
    return from_end >= rise ? 1 : (float)(0.5 - 0.5 * cos(M_PI * ((double)from_end + 0.5) / (double)rise));
}

/* Sums are taken on the way, in these lanes: of channels i, i + side_by_side, ... each. */
typedef struct lanes {
    double sum[side_by_side];
} lanes;

static double collect(const lanes *l)
{
    double sum = 0;
    for (size_t k = 0; k < side_by_side; k++)
        sum += l->sum[k];
    return sum;
}

/* What is above the baseline, padded with 0 to `room`; its sum. */
SIMD_CLONES static double subtract(const float *restrict row, const float *restrict baseline, size_t n, size_t room,
                                   float *restrict lines)
{
    lanes l = {0};
    size_t whole = n - n % side_by_side;
    for (size_t i = 0; i < whole; i += side_by_side)
        for (size_t k = 0; k < side_by_side; k++) {
            float line = row[i + k] - baseline[i + k];
            lines[i + k] = line;
            l.sum[k] += line;
        }
    for (size_t i = whole; i < n; i++) {
        lines[i] = row[i] - baseline[i];
        l.sum[i - whole] += lines[i];
    }
    memset(lines + n, 0, (room - n) * sizeof *lines);
    return collect(&l);
}

/* Strong lines are compressed towards their square roots, so that not one or two of them decide alone (they are the
 * ones that differ most between specimens); what is weaker than a few times the mean, noise above all, stays linear.
 * The sum. */
SIMD_CLONES static double compress(float *lines, size_t n, float knee)
{
    lanes l = {0};
    for (size_t i = 0; i < n; i += side_by_side)
        for (size_t k = 0; k < side_by_side; k++) {
            float line = lines[i + k] > 0 ? lines[i + k] : 0, compressed = line / sqrtf(line + knee);
            lines[i + k] = compressed;
            l.sum[k] += compressed;
        }
    return collect(&l);
}

/* Mean 0 before the taper; the sum of squares after it. */
SIMD_CLONES static double centre(float *restrict lines, const float *restrict taper, size_t n, float mean)
{
    lanes l = {0};
    for (size_t i = 0; i < n; i += side_by_side)
        for (size_t k = 0; k < side_by_side; k++) {
            float line = (lines[i + k] - mean) * taper[i + k];
            lines[i + k] = line;
            l.sum[k] += (double)line * line;
        }
    return collect(&l);
}

/* The lines of a row, padded with 0; what makes their sum of squares 1 (0 where nothing does). */
static double prepare(const matcher *m, const float *row, float *lines, float *buffer, float *baseline)
{
    snip_envelope(row, m->n, widest, buffer, baseline);
    double mean = subtract(row, baseline, m->n, m->room, lines) / (double)m->n;
    mean = compress(lines, m->n, (float)(knee_of_compression * mean) + FLT_MIN) / (double)m->n;
    double squares = centre(lines, m->taper, m->n, (float)mean);
    return squares > 0 && isfinite(squares) ? 1 / sqrt(squares) : 0;
}

static adamas_status fill(matcher *m, const float *reference, adamas_error *error)
{
    m->taper = memory_new(m->room, sizeof *m->taper);
    m->reference = memory_new(m->room + 2 * padding, sizeof *m->reference);
    float *buffers = memory_raw(3 * m->room, sizeof *buffers);
    adamas_status status = m->taper && m->reference && buffers ? ADAMAS_OK : status_no_memory(error);
    if (!status && m->most_lag > most_direct)
        status = fourier_make(&m->transform, m->length, error);
    if (!status) {
        for (size_t i = 0; i < m->n; i++)
            m->taper[i] = taper_at(i, m->n);
        double scale = prepare(m, reference, buffers, buffers + m->room, buffers + 2 * m->room);
        for (size_t i = 0; i < m->n; i++)
            buffers[i] *= (float)scale;
        if (m->transform)
            fourier_forward(m->transform, buffers, m->reference);
        else
            memcpy(m->reference + padding, buffers, m->length * sizeof *buffers);
    }
    free(buffers);
    return status;
}

static size_t room_for(size_t length)
{
    return (2 * (length / 2 + 1) + side_by_side - 1) / side_by_side * side_by_side;
}

static adamas_status make_matcher(matcher *m, const double *nm, const float *reference, size_t n, double max_shift,
                                  adamas_error *error)
{
    if (n < fewest_channels)
        return ADAMAS_OK;
    double pitch = 0;
    adamas_status status = median_step(&pitch, nm, n, error);
    if (status)
        return status;
    m->limit = max_shift / pitch;
    if (m->limit < least_limit)
        return ADAMAS_OK;
    m->n = n;
    m->most_lag = (size_t)fmin(ceil(m->limit) + 1, (double)(n / 2));
    m->length = m->most_lag > most_direct ? fourier_good_size(n + m->most_lag)
                                          : (n + m->most_lag + at_once - 1) / at_once * at_once;
    m->room = room_for(m->length);
    return fill(m, reference, error);
}

static adamas_status create(void **state, const step_value *values, const axis *in, const float *reference,
                            adamas_error *error)
{
    *state = NULL;
    aligner *a = memory_new(1, sizeof *a);
    if (!a)
        return status_no_memory(error);
    a->n_segments = in->n_segments;
    a->matchers = memory_new(a->n_segments, sizeof *a->matchers);
    adamas_status status = a->matchers ? ADAMAS_OK : status_no_memory(error);
    for (size_t s = 0; s < a->n_segments && !status; s++) {
        size_t first = in->first[s];
        matcher *m = &a->matchers[s];
        status = make_matcher(m, in->nm + first, reference + first, in->first[s + 1] - first, values[0].number, error);
        if (m->room > a->room)
            a->room = m->room;
    }
    if (status)
        destroy(a);
    else
        *state = a;
    return status;
}

static size_t scratch(const void *state)
{
    return 3 * ((const aligner *)state)->room;
}

/* Half a cache line, so that of what begins anywhere every other load only touches two. */
typedef float floats __attribute__((vector_size(4 * at_once)));
typedef floats any_floats __attribute__((aligned(4), may_alias));

typedef struct fit {
    double lane[at_once];
} fit;

/* Adds row[i] reference[i - k] to fits[k], in float32 over the n <= block channels, in float64 over blocks. */
SIMD_CLONES static void add_lags(fit fits[lags_at_once], const float *row, const float *reference, size_t n)
{
    floats sum[lags_at_once] = {0};
    for (size_t i = 0; i < n; i += at_once) {
        floats x = *(const any_floats *)(const void *)(row + i);
        for (size_t k = 0; k < lags_at_once; k++)
            sum[k] += x * *(const any_floats *)(const void *)(reference + i - k);
    }
    for (size_t k = 0; k < lags_at_once; k++)
        for (size_t l = 0; l < at_once; l++)
            fits[k].lane[l] += sum[k][l];
}

/* The lags that are looked at, to the places where the transforms would leave them, `scale` times. A block is in the
 * cache for all of them. */
static void multiply_out(const matcher *m, const float *lines, double scale, float *correlation)
{
    fit fits[2 * most_direct + 1 + lags_at_once] = {0};
    size_t lags = 2 * m->most_lag + 1;
    for (size_t first = 0; first < m->length; first += block) {
        size_t n = m->length - first < block ? m->length - first : block;
        const float *reference = m->reference + padding + first + m->most_lag;
        for (size_t k = 0; k < lags; k += lags_at_once)
            add_lags(fits + k, lines + first, reference - k, n);
    }
    for (size_t k = 0; k < lags; k++) {
        double sum = 0;
        for (size_t l = 0; l < at_once; l++)
            sum += fits[k].lane[l];
        correlation[k >= m->most_lag ? k - m->most_lag : m->length + k - m->most_lag] = (float)(scale * sum);
    }
}

/* correlation[lag] for 0 ... length - 1, negative lags from the end on: how well the row fits the reference moved by
 * lag. */
static void correlate(const matcher *m, const float *row, float *correlation, float *product, float *buffer)
{
    if (!m->transform) {
        double scale = prepare(m, row, product, correlation, buffer);
        multiply_out(m, product, scale, correlation);
        return;
    }
    float scale = (float)(prepare(m, row, correlation, product, buffer) / (double)m->length);
    fourier_forward(m->transform, correlation, product);
    const float *r = m->reference;
    for (size_t i = 0; i < 2 * (m->length / 2 + 1); i += 2) {
        float real = product[i] * r[i] + product[i + 1] * r[i + 1];
        float imaginary = product[i + 1] * r[i] - product[i] * r[i + 1];
        product[i] = scale * real;
        product[i + 1] = scale * imaginary;
    }
    fourier_inverse(m->transform, product, correlation);
}

static double at_lag(const matcher *m, const float *correlation, ptrdiff_t lag)
{
    return correlation[lag >= 0 ? (size_t)lag : m->length - (size_t)-lag];
}

/* Where between -1/2 and 1/2 the peak is, of which the middle point is the highest. */
static double between_lags(double left, double middle, double right)
{
    if (left > 0 && right > 0) {
        left = log(left);
        middle = log(middle);
        right = log(right);
    }
    double bend = left - 2 * middle + right;
    return bend < 0 ? (left - right) / (2 * bend) : 0;
}

static double find_shift(const matcher *m, const float *correlation)
{
    ptrdiff_t most = (ptrdiff_t)m->most_lag, best = -most;
    for (ptrdiff_t lag = -most; lag <= most; lag++)
        if (at_lag(m, correlation, lag) > at_lag(m, correlation, best))
            best = lag;
    double peak = at_lag(m, correlation, best);
    if (!(peak >= least_correlation) || best == -most || best == most)
        return 0;
    double moved =
        (double)best + between_lags(at_lag(m, correlation, best - 1), peak, at_lag(m, correlation, best + 1));
    return fabs(moved) <= m->limit ? -moved : 0;
}

static void shift(const void *state, const axis *in, const float *row, double *channels, float *buffers)
{
    const aligner *a = state;
    for (size_t s = 0; s < a->n_segments; s++) {
        const matcher *m = &a->matchers[s];
        channels[s] = 0;
        if (m->n == 0)
            continue;
        correlate(m, row + in->first[s], buffers, buffers + a->room, buffers + 2 * a->room);
        channels[s] = find_shift(m, buffers);
    }
}

const step align_step = {
    .name = "align",
    .summary = "shifts each detector segment onto the training spectra, by max_shift nm at most",
    .n_parameters = sizeof parameters / sizeof *parameters,
    .parameters = parameters,
    .needs_reference = 1,
    .create = create,
    .destroy = destroy,
    .scratch = scratch,
    .shift = shift,
};
