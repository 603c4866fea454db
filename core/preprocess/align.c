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
#include "preprocess/steps.h"

#include "base/fourier.h"
#include "base/inverse.h"
#include "base/memory.h"
#include "base/simd.h"
#include "preprocess/align_kernel.h"
#include "preprocess/folded.h"
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
enum { most_direct = 40 };

/* Of one segment, which is folded. */
typedef struct matcher {
    folded shape;
    double limit;    /* channels by which it may be shifted */
    size_t most_lag; /* lags looked at: -most_lag ... most_lag */
    size_t room;     /* floats of a buffer; each starts on a 64-byte boundary */
    float *taper;    /* [records][FOLDED_LANES], 0 where there is no channel */
    size_t length;   /* of the transform: no lag wraps round; 0 where there is none */
    fourier *transform;
    float *reference; /* of sum of squares 1: [2 (length / 2 + 1)] its transform, or folded, with its margins; NULL
                       * where the segment is never shifted */
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

/* Sums are taken on the way, in two records' lanes: of a mean, and of what a correlation is divided by, float32 is good
 * enough. */
enum { side_by_side = 2 * FOLDED_LANES };

typedef struct lanes {
    float sum[side_by_side];
} lanes;

SIMD_INLINE double collect(const lanes *l)
{
    double sum = 0;
    for (size_t k = 0; k < side_by_side; k++)
        sum += l->sum[k];
    return sum;
}

/* What is above the baseline, of n numbers; its sum. */
SIMD_CLONES static double subtract(float *restrict lines, const float *restrict baseline, size_t n)
{
    lanes l = {0};
    for (size_t i = 0; i < n; i += side_by_side)
        for (size_t k = 0; k < side_by_side; k++) {
            float line = lines[i + k] - baseline[i + k];
            lines[i + k] = line;
            l.sum[k] += line;
        }
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
            float line = lines[i + k] > 0 ? lines[i + k] : 0, compressed = line * inverse_root_of(line + knee);
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
            l.sum[k] += line * line;
        }
    return collect(&l);
}

/* Numbers of an array without margins, rounded up so that lanes are whole. */
static size_t numbers_of(const folded *f)
{
    return (f->records + 1) / 2 * side_by_side;
}

/* What of such an array is no channel becomes 0. */
static void clear_rest(const folded *f, float *at)
{
    folded_zero_padding(f, at);
    memset(at + f->records * FOLDED_LANES, 0, (numbers_of(f) - f->records * FOLDED_LANES) * sizeof *at);
}

/* The lines of a row, folded; what makes their sum of squares 1 (0 where nothing does). */
static double prepare(const matcher *m, const float *row, float *lines, float *buffer)
{
    const folded *f = &m->shape;
    size_t numbers = numbers_of(f);
    float *baseline = folded_first(f, buffer);
    folded_pack(f, row, lines);
    memcpy(baseline, lines, f->records * FOLDED_LANES * sizeof *lines);
    snip_envelope(f, baseline, widest);
    clear_rest(f, lines);
    clear_rest(f, baseline);
    double mean = subtract(lines, baseline, numbers) / (double)f->n;
    mean = compress(lines, numbers, (float)(knee_of_compression * mean) + FLT_MIN) / (double)f->n;
    double squares = centre(lines, m->taper, numbers, (float)mean);
    return squares > 0 && isfinite(squares) ? 1 / sqrt(squares) : 0;
}

/* `scale` times folded lines as a row, padded with 0 to the transform's length. */
static void unfold(const matcher *m, const float *lines, float scale, float *row)
{
    for (size_t i = 0; i < m->shape.n; i++)
        row[i] = scale * lines[folded_index(&m->shape, (ptrdiff_t)i)];
    memset(row + m->shape.n, 0, (m->length - m->shape.n) * sizeof *row);
}

/* What a lag's window reaches is no wider than the baseline's. */
_Static_assert(most_direct + ALIGN_UNROLL - 1 <= widest, "the reference's margins");

static adamas_status fill(matcher *m, const float *reference, adamas_error *error)
{
    const folded *f = &m->shape;
    m->taper = memory_new(numbers_of(f), sizeof *m->taper);
    m->reference = memory_new(m->room, sizeof *m->reference);
    float *lines = memory_raw(m->room, sizeof *lines), *buffer = memory_raw(m->room, sizeof *buffer);
    adamas_status status = m->taper && m->reference && lines && buffer ? ADAMAS_OK : status_no_memory(error);
    if (!status && m->length)
        status = fourier_make(&m->transform, m->length, error);
    if (!status) {
        for (size_t i = 0; i < f->n; i++)
            m->taper[folded_index(f, (ptrdiff_t)i)] = taper_at(i, f->n);
        float scale = (float)prepare(m, reference, lines, buffer), *first = folded_first(f, m->reference);
        if (m->transform) {
            unfold(m, lines, scale, buffer);
            fourier_forward(m->transform, buffer, m->reference);
        } else {
            for (size_t i = 0; i < f->records * FOLDED_LANES; i++)
                first[i] = scale * lines[i];
            folded_fill_margins(f, first, widest, 0);
        }
    }
    free(lines);
    free(buffer);
    return status;
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
    m->most_lag = (size_t)fmin(ceil(m->limit) + 1, (double)(n / 2));
    m->length = m->most_lag > most_direct ? fourier_good_size(n + m->most_lag) : 0;
    m->shape = folded_shape(n, 0, 0, widest);
    size_t transform = (2 * (m->length / 2 + 1) + SIMD_FLOATS - 1) / SIMD_FLOATS * SIMD_FLOATS;
    m->room = folded_floats(&m->shape) > transform ? folded_floats(&m->shape) : transform;
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

static void correlate_by_transforms(const matcher *m, const float *lines, double scale, float *product, float *row)
{
    unfold(m, lines, (float)(scale / (double)m->length), row);
    fourier_forward(m->transform, row, product);
    const float *r = m->reference;
    for (size_t i = 0; i < 2 * (m->length / 2 + 1); i += 2) {
        float real = product[i] * r[i] + product[i + 1] * r[i + 1];
        float imaginary = product[i + 1] * r[i] - product[i] * r[i + 1];
        product[i] = real;
        product[i + 1] = imaginary;
    }
    fourier_inverse(m->transform, product, row);
}

/* How well the row fits the reference moved by lag: correlation[most_lag + lag]. */
static void correlate(const matcher *m, const float *row, float *correlation, float *lines, float *buffer)
{
    double scale = prepare(m, row, lines, buffer), sums[2 * most_direct + ALIGN_UNROLL];
    size_t most = m->most_lag;
    if (m->transform)
        correlate_by_transforms(m, lines, scale, correlation, buffer);
    else
        SIMD_WIDEST(align_kernel, m->shape.records, lines, folded_first(&m->shape, m->reference), most, sums);
    for (size_t k = 0; k <= 2 * most; k++)
        correlation[k] = m->transform ? buffer[k >= most ? k - most : m->length + k - most] : (float)(scale * sums[k]);
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
    size_t last = 2 * m->most_lag, best = 0;
    for (size_t k = 1; k <= last; k++)
        if (correlation[k] > correlation[best])
            best = k;
    if (!(correlation[best] >= least_correlation) || best == 0 || best == last)
        return 0;
    double moved = (double)best - (double)m->most_lag +
                   between_lags(correlation[best - 1], correlation[best], correlation[best + 1]);
    return fabs(moved) <= m->limit ? -moved : 0;
}

static void shift(const void *state, const axis *in, const float *row, double *channels, float *buffers)
{
    const aligner *a = state;
    for (size_t s = 0; s < a->n_segments; s++) {
        const matcher *m = &a->matchers[s];
        channels[s] = 0;
        if (!m->reference)
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
