/* Screening: which shots of a specimen are set aside. First the rules for one shot, then their application to the shots
 * of a specimen. */
#include "dataset/screening.h"

#include "base/memory.h"
#include "base/simd.h"
#include "base/text.h"
#include "dataset/row_reader.h"
#include "preprocess/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const double screen_saturated_share = 0.002;

/* Iglewicz & Hoaglin (1993): a robust z-score above 3.5 is an outlier; 1.4826 times the median absolute deviation of a
 * normal distribution is its standard deviation. */
const double screen_robust_z = 3.5;
static const double deviation_of_median = 1.4826;

/* Lower limits of the spreads: a total within 7 % of the median is no outlier, nor a shot whose correlation differs
 * from 1 by less than twice as much as usual (which noise explains if the shot is merely weaker). */
static const double min_total_spread = 0.02;
static const double min_correlation_spread = 0.1;

/* Beyond this the difference from 1 is rounding error of float32 rows. */
static const double max_correlation = 1 - 1e-7;

/* Channels at `level` or above. */
SIMD_CLONES static size_t count_from(const float *row, size_t n, float level)
{
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += row[i] >= level;
    return count;
}

/* Channels in runs of three or more at the maximum; a shot that is 0 everywhere is dark, not clipped. */
static size_t clipped(const float *row, size_t n)
{
    float min, max;
    row_extremes(&min, &max, row, n);
    if ((min == max && max <= 0) || count_from(row, n, max) < 3)
        return 0;
    size_t count = 0, run = 0;
    for (size_t i = 0; i < n; i++) {
        run = row[i] == max ? run + 1 : 0;
        if (run >= 3)
            count += run == 3 ? 3 : 1;
    }
    return count;
}

/* The smallest float32 that is not below x. */
static float float_from(double x)
{
    float f = (float)x;
    return f < x ? nextafterf(f, INFINITY) : f;
}

size_t screen_at_full_scale(const float *row, size_t n_channels, double full_scale)
{
    return isnan(full_scale) ? clipped(row, n_channels) : count_from(row, n_channels, float_from(full_scale));
}

uint8_t screen_shot(double *log_total, const float *row, size_t n_channels, double full_scale)
{
    double total = sums_total(row, n_channels);
    *log_total = NAN;
    if (!isfinite(total)) /* a sum of finite float32 is finite in float64 */
        return ADAMAS_SHOT_NOT_FINITE;
    *log_total = total > 0 ? log(total) : -INFINITY;
    size_t full = screen_at_full_scale(row, n_channels, full_scale);
    return (double)full > screen_saturated_share * (double)n_channels ? ADAMAS_SHOT_SATURATED : ADAMAS_SHOT_USED;
}

/* Hoare's FIND (1961), in Wirth's form: moves the k-th smallest value to place k, with none larger before and none
 * smaller after it. */
static double select_at(double *values, ptrdiff_t n, ptrdiff_t k)
{
    ptrdiff_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = values[k];
        ptrdiff_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j) {
                double swap = values[i];
                values[i++] = values[j];
                values[j--] = swap;
            }
        }
        if (j < k)
            low = i;
        if (k < i)
            high = j;
    }
    return values[k];
}

double screen_median_of(double *values, size_t n)
{
    size_t half = n / 2;
    double upper = select_at(values, (ptrdiff_t)n, (ptrdiff_t)half);
    if (n % 2 == 1)
        return upper;
    double lower = values[0];
    for (size_t i = 1; i < half; i++)
        lower = values[i] > lower ? values[i] : lower;
    return lower / 2 + upper / 2;
}

enum { max_half = screen_max_median_rows / 2, max_pairs = 1471, group = 8 };

/* A sorting network for `half` values: pairs of places, the smaller value to the first (Batcher's merge exchange, Knuth
 * 1998, 5.2.2 M). Its first rounds, which sort groups of eight, are not in the list: put_group_in_order does these in
 * registers. */
typedef struct network {
    size_t half, n_pairs;
    uint8_t low[max_pairs], high[max_pairs];
} network;

static void make_network(network *w, size_t half)
{
    w->half = half;
    w->n_pairs = 0;
    for (size_t p = 1; p < half; p *= 2)
        for (size_t k = p; k > 0; k /= 2)
            for (size_t j = k % p; j + k < half; j += 2 * k)
                for (size_t i = j; i < j + k && i + k < half; i++)
                    if (i / (2 * p) == (i + k) / (2 * p) && (2 * p > group || i >= half - half % group)) {
                        w->low[w->n_pairs] = (uint8_t)i;
                        w->high[w->n_pairs++] = (uint8_t)(i + k);
                    }
}

/* Channels that are sorted together: enough that no load waits for the store before it. */
enum { block = 8 * SIMD_FLOATS };

SIMD_INLINE void exchange(float *low, float *high)
{
    float a = *low, b = *high;
    *low = b < a ? b : a;
    *high = a < b ? b : a;
}

/* Sorts eight rows of a block; `from` may be these rows, as all eight values of a channel are read before any is
 * written. */
SIMD_INLINE void put_group_in_order(float rows[group][block], const float *const from[group])
{
    const float *from_a = from[0], *from_b = from[1], *from_c = from[2], *from_d = from[3];
    const float *from_e = from[4], *from_f = from[5], *from_g = from[6], *from_h = from[7];
#pragma omp simd
    for (size_t k = 0; k < block; k++) {
        float a = from_a[k], b = from_b[k], c = from_c[k], d = from_d[k];
        float e = from_e[k], f = from_f[k], g = from_g[k], h = from_h[k];
        exchange(&a, &b), exchange(&c, &d), exchange(&e, &f), exchange(&g, &h);
        exchange(&a, &c), exchange(&b, &d), exchange(&e, &g), exchange(&f, &h);
        exchange(&b, &c), exchange(&f, &g);
        exchange(&a, &e), exchange(&b, &f), exchange(&c, &g), exchange(&d, &h);
        exchange(&c, &e), exchange(&d, &f);
        exchange(&b, &c), exchange(&d, &e), exchange(&f, &g);
        rows[0][k] = a, rows[1][k] = b, rows[2][k] = c, rows[3][k] = d;
        rows[4][k] = e, rows[5][k] = f, rows[6][k] = g, rows[7][k] = h;
    }
}

SIMD_INLINE void put_in_order(const network *w, float (*rows)[block], const float *const *from)
{
    size_t grouped = w->half - w->half % group;
    for (size_t i = 0; i < grouped; i += group)
        put_group_in_order(rows + i, from + i);
    for (size_t i = grouped; i < w->half; i++)
        if (from[i] != rows[i])
            memcpy(rows[i], from[i], sizeof *rows);
    for (size_t i = 0; i < w->n_pairs; i++) {
        float *restrict low = rows[w->low[i]], *restrict high = rows[w->high[i]];
        for (size_t k = 0; k < block; k++)
            exchange(&low[k], &high[k]);
    }
}

/* If a and b are the sorted halves, the smaller of a[i] and b[half - 1 - i] for each i are the smaller half of all
 * values (Batcher 1968): the largest of these and the smallest of the others are the two middle values. */
SIMD_INLINE void middle_of(const network *w, float (*rows)[block], int odd, float median[block])
{
    float lower[block], upper[block];
    for (size_t k = 0; k < block; k++) {
        lower[k] = -INFINITY;
        upper[k] = INFINITY;
    }
    for (size_t i = 0; i < w->half; i++)
        for (size_t k = 0; k < block; k++) {
            float a = rows[i][k], b = rows[2 * w->half - 1 - i][k];
            float less = b < a ? b : a, more = a < b ? b : a;
            lower[k] = less > lower[k] ? less : lower[k];
            upper[k] = more < upper[k] ? more : upper[k];
        }
    for (size_t k = 0; k < block; k++)
        median[k] = odd ? lower[k] : (float)((double)lower[k] / 2 + (double)upper[k] / 2);
}

/* An odd number of rows is made even by a row of infinity: the median is then the lower of the two middle values. */
SIMD_CLONES void screen_median(float *median, const float *const *rows, size_t n_rows, size_t n_channels)
{
    network w;
    float held[screen_max_median_rows][block], middle[block];
    const float *from[screen_max_median_rows + 1];
    make_network(&w, (n_rows + 1) / 2);
    for (size_t c = 0; c < n_channels; c += block) {
        size_t some = n_channels - c < block ? n_channels - c : (size_t)block;
        for (size_t i = 0; i < n_rows; i++) {
            from[i] = some < block ? held[i] : rows[i] + c;
            if (some < block)
                memcpy(held[i], rows[i] + c, some * sizeof **held);
        }
        from[n_rows] = held[n_rows];
        for (size_t k = 0; k < block && n_rows % 2; k++)
            held[n_rows][k] = INFINITY;
        put_in_order(&w, held, from);
        put_in_order(&w, held + w.half, from + w.half);
        middle_of(&w, held, n_rows % 2, middle);
        memcpy(median + c, middle, some * sizeof *median);
    }
}

double screen_correlation(const float *row, const float *median, const sums_moments *of_median, size_t n_channels)
{
    double both;
    sums_moments of_row = sums_moments_with(row, median, of_median->mean, n_channels, &both);
    double product = sqrt(of_row.squares) * sqrt(of_median->squares);
    double r = product > 0 ? both / product : 0;
    return atanh(fmax(-max_correlation, fmin(r, max_correlation)));
}

/* Median and robust standard deviation (at least `min_spread`) of the shots in use; scratch[n]: scratch. */
static void centre_and_spread(double *centre, double *spread, const uint8_t *fate, size_t n, const double *values,
                              double min_spread, double *scratch)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (fate[i] == ADAMAS_SHOT_USED)
            scratch[used++] = values[i];
    *centre = screen_median_of(scratch, used);
    used = 0;
    for (size_t i = 0; i < n; i++)
        if (fate[i] == ADAMAS_SHOT_USED)
            scratch[used++] = fabs(values[i] - *centre);
    *spread = isfinite(*centre) ? fmax(deviation_of_median * screen_median_of(scratch, used), min_spread) : INFINITY;
}

/* If most totals are not above 0, their median log is -infinity, and none is an outlier by its total. */
adamas_status screen_outliers(uint8_t *fate, size_t n, const double *log_total, const double *correlation,
                              adamas_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        used += fate[i] == ADAMAS_SHOT_USED;
    if (used < screen_min_shots)
        return ADAMAS_OK;
    double *scratch = memory_raw(n, sizeof *scratch);
    if (!scratch)
        return status_no_memory(error);
    double total, total_spread, alike, alike_spread;
    centre_and_spread(&total, &total_spread, fate, n, log_total, min_total_spread, scratch);
    centre_and_spread(&alike, &alike_spread, fate, n, correlation, min_correlation_spread, scratch);
    for (size_t i = 0; i < n; i++) {
        int odd_total = fabs(log_total[i] - total) / total_spread > screen_robust_z;
        int odd_shape = (correlation[i] - alike) / alike_spread < -screen_robust_z;
        if (fate[i] == ADAMAS_SHOT_USED && (odd_total || odd_shape))
            fate[i] = ADAMAS_SHOT_OUTLIER;
    }
    free(scratch);
    return ADAMAS_OK;
}

adamas_status screening_workspace_make(screening_workspace *workspace, size_t max_shots, size_t channels,
                                       adamas_error *error)
{
    workspace->median = memory_raw(channels, sizeof *workspace->median);
    workspace->log_total = memory_raw(max_shots, sizeof *workspace->log_total);
    workspace->correlation = memory_raw(max_shots, sizeof *workspace->correlation);
    return workspace->median && workspace->log_total && workspace->correlation ? ADAMAS_OK : status_no_memory(error);
}

void screening_workspace_clear(screening_workspace *workspace)
{
    free(workspace->median);
    free(workspace->log_total);
    free(workspace->correlation);
}

adamas_status screening_specimen(uint8_t *flag, size_t n, const float *const *rows, size_t channels, double full_scale,
                                 screening_workspace *workspace, adamas_error *error)
{
    const float *used[screen_max_median_rows];
    size_t n_used = 0;
    for (size_t i = 0; i < n; i++) {
        flag[i] = screen_shot(&workspace->log_total[i], rows[i], channels, full_scale);
        if (flag[i] == ADAMAS_SHOT_USED)
            used[n_used++] = rows[i];
    }
    if (n_used < screen_min_shots)
        return ADAMAS_OK;
    screen_median(workspace->median, used, n_used, channels);
    const sums_moments moments = sums_moments_of(workspace->median, channels);
    for (size_t i = 0; i < n; i++)
        if (flag[i] == ADAMAS_SHOT_USED)
            workspace->correlation[i] = screen_correlation(rows[i], workspace->median, &moments, channels);
    return screen_outliers(flag, n, workspace->log_total, workspace->correlation, error);
}

/* A specimen whose shots are read some at a time. */
typedef struct large_specimen {
    uint8_t *flag;
    size_t n, channels;
    const adamas_spectra *set;
    const size_t *shot;
    double full_scale;
    float *rows;
    double *log_total, *correlation; /* [n] */
    float *median;
    sums_moments moments; /* of the median */
} large_specimen;

typedef void (*row_visit)(large_specimen *l, size_t i, const float *row);

static adamas_status over_rows(large_specimen *l, row_visit visit, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t part = 0; !status && part < l->n; part += screen_max_median_rows) {
        size_t n = l->n - part < screen_max_median_rows ? l->n - part : (size_t)screen_max_median_rows;
        status = row_reader_read(l->set, n, l->shot + part, l->rows, l->channels, error);
        for (size_t i = 0; !status && i < n; i++)
            visit(l, part + i, l->rows + i * l->channels);
    }
    return status;
}

static void screen_alone(large_specimen *l, size_t i, const float *row)
{
    l->flag[i] = screen_shot(&l->log_total[i], row, l->channels, l->full_scale);
}

static void correlate_with_median(large_specimen *l, size_t i, const float *row)
{
    if (l->flag[i] == ADAMAS_SHOT_USED)
        l->correlation[i] = screen_correlation(row, l->median, &l->moments, l->channels);
}

static size_t count_used(const large_specimen *l)
{
    size_t n_used = 0;
    for (size_t i = 0; i < l->n; i++)
        n_used += l->flag[i] == ADAMAS_SHOT_USED;
    return n_used;
}

/* The median of the used shots, of evenly spaced ones if they are more than screen_max_median_rows. */
static adamas_status find_median(large_specimen *l, size_t n_used, adamas_error *error)
{
    size_t picked[screen_max_median_rows], n = 0, seen = 0;
    const float *rows[screen_max_median_rows];
    size_t wanted = n_used < screen_max_median_rows ? n_used : (size_t)screen_max_median_rows;
    for (size_t i = 0; i < l->n; i++)
        if (l->flag[i] == ADAMAS_SHOT_USED && seen++ * wanted / n_used == n && n < wanted) {
            rows[n] = l->rows + n * l->channels;
            picked[n++] = l->shot[i];
        }
    adamas_status status = row_reader_read(l->set, n, picked, l->rows, l->channels, error);
    if (!status) {
        screen_median(l->median, rows, n, l->channels);
        l->moments = sums_moments_of(l->median, l->channels);
    }
    return status;
}

adamas_status screening_large(uint8_t *flag, size_t n, const adamas_spectra *set, const size_t *shot, double full_scale,
                              float *rows, screening_workspace *workspace, adamas_error *error)
{
    large_specimen l = {
        .flag = flag, .n = n, .channels = set->axis.n, .set = set, .shot = shot, .full_scale = full_scale};
    l.rows = rows;
    l.median = workspace->median;
    l.log_total = memory_raw(n, sizeof *l.log_total);
    l.correlation = memory_raw(n, sizeof *l.correlation);
    adamas_status status = l.log_total && l.correlation ? over_rows(&l, screen_alone, error) : status_no_memory(error);
    size_t n_used = status ? 0 : count_used(&l);
    if (n_used >= screen_min_shots) {
        status = find_median(&l, n_used, error);
        if (!status)
            status = over_rows(&l, correlate_with_median, error);
        if (!status)
            status = screen_outliers(flag, n, l.log_total, l.correlation, error);
    }
    free(l.log_total);
    free(l.correlation);
    return status;
}

double screening_full_scale(const adamas_spectra *set)
{
    const char *fact = spectra_fact(set, "acquisition/full_scale");
    double value;
    return fact && text_to_number(fact, &value) ? value : NAN;
}
