/* Aligns spectra: the displacement of each detector segment of a row from the training reference, by cross-correlation.
 *
 * A spectrum moves on the detector, so that its displacement is the same number of channels throughout a segment, even
 * if the steps in nm differ: channels are correlated, not wavelengths. A SNIP baseline with few, wide windows is
 * subtracted and the ends are tapered, so that neither the continuum nor a line cut by an end determines the result.
 * The place of the peak between lags is that of a Gaussian through the three highest points (a parabola through their
 * logs), which is exact for Gaussian lines.
 *
 * If no shift can be determined it is 0: with a correlation below 0.5 a segment has too little in common with the
 * reference for its peak to be meaningful, and a peak at the largest lag belongs to one beyond it. Such a row is left
 * in place rather than moved by a wrong number. */
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

static const double min_correlation = 0.5;

/* The intensity from which lines are compressed, in means of the spectrum less its baseline. */
static const double knee_of_compression = 10;

/* The widest half window of the baseline, in channels: wider than a line. */
enum { widest = 64, min_channels = 16 };

/* In channels: if the limit of the shift is smaller, a segment is not interpolated. */
static const double min_limit = 0.5;

/* Up to so many lags the correlation is computed directly; beyond, two Fourier transforms are faster (measured). */
enum { max_direct_lag = 40 };

/* Of one segment, which is folded (preprocess/folded.h). */
typedef struct segment_aligner {
    folded shape;
    double limit;         /* the largest shift, in channels */
    size_t max_lag;       /* lags are -max_lag ... max_lag */
    size_t buffer_floats; /* floats of each buffer of the scratch; each starts on a 64-byte boundary */
    float *taper;         /* [records][FOLDED_LANES], 0 at places without a channel */
    size_t length;        /* of the transform, long enough that no lag wraps round; 0: direct correlation */
    fourier *transform;
    float *reference; /* its lines, of sum of squares 1: their transform [2 (length / 2 + 1)], or folded, with
                       * margins; NULL if the segment is never shifted */
} segment_aligner;

typedef struct aligner {
    size_t n_segments;
    segment_aligner *segments; /* [n_segments] */
    size_t buffer_floats;      /* the largest of the segments */
} aligner;

static void destroy(void *state)
{
    aligner *a = state;
    if (!a)
        return;
    for (size_t i = 0; a->segments && i < a->n_segments; i++) {
        segment_aligner *m = &a->segments[i];
        free(m->taper);
        fourier_free(m->transform);
        free(m->reference);
    }
    free(a->segments);
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

/* A cosine taper (Tukey window) over at most an eighth of the segment at each end. */
static float taper_at(size_t i, size_t n)
{
    size_t from_end = i < n - 1 - i ? i : n - 1 - i, rise = n / 8 < widest ? n / 8 : widest;
    return from_end >= rise ? 1 : (float)(0.5 - 0.5 * cos(M_PI * ((double)from_end + 0.5) / (double)rise));
}

/* Sums are accumulated in the lanes of two records; for a mean and for the norm of a correlation float32 is precise
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

/* Subtracts the baseline from n numbers. Returns the sum. */
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

/* Compresses strong lines towards their square roots, so that one or two of them do not determine the result (they are
 * also those that differ most between specimens); what is weaker than a few times the mean, above all noise, stays
 * linear. Returns the sum. */
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

/* Subtracts the mean and multiplies by the taper. Returns the sum of squares. */
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

/* Floats of an array without margins, rounded up to two records. */
static size_t numbers_of(const folded *f)
{
    return (f->records + 1) / 2 * side_by_side;
}

/* Sets the places of such an array without a channel to 0. */
static void zero_padding(const folded *f, float *at)
{
    folded_zero_padding(f, at);
    memset(at + f->records * FOLDED_LANES, 0, (numbers_of(f) - f->records * FOLDED_LANES) * sizeof *at);
}

/* The lines of a row, folded. Returns the factor that makes their sum of squares 1, or 0 if it is 0 or not finite. */
static double prepare(const segment_aligner *m, const float *row, float *lines, float *buffer)
{
    const folded *f = &m->shape;
    size_t numbers = numbers_of(f);
    float *baseline = folded_first(f, buffer);
    folded_pack(f, row, lines);
    memcpy(baseline, lines, f->records * FOLDED_LANES * sizeof *lines);
    snip_envelope(f, baseline, widest);
    zero_padding(f, lines);
    zero_padding(f, baseline);
    double mean = subtract(lines, baseline, numbers) / (double)f->n;
    mean = compress(lines, numbers, (float)(knee_of_compression * mean) + FLT_MIN) / (double)f->n;
    double squares = centre(lines, m->taper, numbers, (float)mean);
    return squares > 0 && isfinite(squares) ? 1 / sqrt(squares) : 0;
}

/* Unfolds lines times `scale` to a row, padded with 0 to the transform's length. */
static void unfold(const segment_aligner *m, const float *lines, float scale, float *row)
{
    for (size_t i = 0; i < m->shape.n; i++)
        row[i] = scale * lines[folded_index(&m->shape, (ptrdiff_t)i)];
    memset(row + m->shape.n, 0, (m->length - m->shape.n) * sizeof *row);
}

/* The margins of the reference are as wide as the baseline's. */
_Static_assert(max_direct_lag + ALIGN_UNROLL - 1 <= widest, "the reference's margins");

static adamas_status fill(segment_aligner *m, const float *reference, adamas_error *error)
{
    const folded *f = &m->shape;
    m->taper = memory_new(numbers_of(f), sizeof *m->taper);
    m->reference = memory_new(m->buffer_floats, sizeof *m->reference);
    float *lines = memory_raw(m->buffer_floats, sizeof *lines), *buffer = memory_raw(m->buffer_floats, sizeof *buffer);
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

static adamas_status make_segment(segment_aligner *m, const double *nm, const float *reference, size_t n,
                                  double max_shift, adamas_error *error)
{
    if (n < min_channels)
        return ADAMAS_OK;
    double pitch = 0;
    adamas_status status = median_step(&pitch, nm, n, error);
    if (status)
        return status;
    m->limit = max_shift / pitch;
    if (m->limit < min_limit)
        return ADAMAS_OK;
    m->max_lag = (size_t)fmin(ceil(m->limit) + 1, (double)(n / 2));
    m->length = m->max_lag > max_direct_lag ? fourier_good_size(n + m->max_lag) : 0;
    m->shape = folded_shape(n, 0, 0, widest);
    size_t transform = (2 * (m->length / 2 + 1) + SIMD_FLOATS - 1) / SIMD_FLOATS * SIMD_FLOATS;
    m->buffer_floats = folded_floats(&m->shape) > transform ? folded_floats(&m->shape) : transform;
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
    a->segments = memory_new(a->n_segments, sizeof *a->segments);
    adamas_status status = a->segments ? ADAMAS_OK : status_no_memory(error);
    for (size_t s = 0; s < a->n_segments && !status; s++) {
        size_t first = in->first[s];
        segment_aligner *m = &a->segments[s];
        status = make_segment(m, in->nm + first, reference + first, in->first[s + 1] - first, values[0].number, error);
        if (m->buffer_floats > a->buffer_floats)
            a->buffer_floats = m->buffer_floats;
    }
    if (status)
        destroy(a);
    else
        *state = a;
    return status;
}

static size_t scratch(const void *state)
{
    return 3 * ((const aligner *)state)->buffer_floats;
}

static void correlate_by_transforms(const segment_aligner *m, const float *lines, double scale, float *product,
                                    float *row)
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

/* The correlation of the row with the reference shifted by lag: correlation[max_lag + lag]. */
static void correlate(const segment_aligner *m, const float *row, float *correlation, float *lines, float *buffer)
{
    double scale = prepare(m, row, lines, buffer), sums[2 * max_direct_lag + ALIGN_UNROLL];
    size_t max_lag = m->max_lag;
    if (m->transform)
        correlate_by_transforms(m, lines, scale, correlation, buffer);
    else
        SIMD_WIDEST(align_kernel, m->shape.records, lines, folded_first(&m->shape, m->reference), max_lag, sums);
    for (size_t k = 0; k <= 2 * max_lag; k++)
        correlation[k] =
            m->transform ? buffer[k >= max_lag ? k - max_lag : m->length + k - max_lag] : (float)(scale * sums[k]);
}

/* The place of the peak, -1/2 ... 1/2 from the middle point, which is the highest. */
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

static double find_shift(const segment_aligner *m, const float *correlation)
{
    size_t last = 2 * m->max_lag, best = 0;
    for (size_t k = 1; k <= last; k++)
        if (correlation[k] > correlation[best])
            best = k;
    if (!(correlation[best] >= min_correlation) || best == 0 || best == last)
        return 0;
    double moved = (double)best - (double)m->max_lag +
                   between_lags(correlation[best - 1], correlation[best], correlation[best + 1]);
    return fabs(moved) <= m->limit ? -moved : 0;
}

static void shift(const void *state, const axis *in, const float *row, double *channels, float *buffers)
{
    const aligner *a = state;
    for (size_t s = 0; s < a->n_segments; s++) {
        const segment_aligner *m = &a->segments[s];
        channels[s] = 0;
        if (!m->reference)
            continue;
        correlate(m, row + in->first[s], buffers, buffers + a->buffer_floats, buffers + 2 * a->buffer_floats);
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
