#include "preprocess/screen.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

const double screen_saturated_share = 0.002;

/* Iglewicz & Hoaglin (1993): a robust z over 3.5 is an outlier; 1.4826 makes the median absolute deviation of normal
 * numbers their standard deviation. */
const double screen_robust_z = 3.5;
static const double deviation_of_median = 1.4826;

/* Spreads are never taken to be smaller than these: a total within 7 % of the median is no outlier, nor a shot that
 * lacks less than twice as much to a correlation of 1 as the median shot does (so much it lacks by its noise where it
 * is but weaker). */
static const double least_total_spread = 0.02;
static const double least_correlation_spread = 0.1;

/* Past this a correlation is rounding of float32 rows. */
static const double highest_correlation = 1 - 1e-7;

/* Channels in runs of three or more at the maximum; a shot that is 0 everywhere is dark, not clipped. */
static size_t clipped(const float *row, size_t n)
{
    float least = INFINITY, most = -INFINITY;
    size_t count = 0, run = 0;
    for (size_t i = 0; i < n; i++) {
        least = fminf(least, row[i]);
        most = fmaxf(most, row[i]);
    }
    for (size_t i = 0; i < n && (least < most || most > 0); i++) {
        run = row[i] == most ? run + 1 : 0;
        if (run >= 3)
            count += run == 3 ? 3 : 1;
    }
    return count;
}

size_t screen_at_full_scale(const float *row, size_t n_channels, double full_scale)
{
    if (isnan(full_scale))
        return clipped(row, n_channels);
    size_t count = 0;
    for (size_t i = 0; i < n_channels; i++)
        count += row[i] >= full_scale;
    return count;
}

uint8_t screen_shot(double *log_total, const float *row, size_t n_channels, double full_scale)
{
    double total = 0;
    for (size_t i = 0; i < n_channels; i++)
        total += row[i];
    *log_total = NAN;
    if (!isfinite(total)) /* a sum of finite float32 is finite in float64 */
        return ADAMAS_SHOT_NOT_FINITE;
    *log_total = total > 0 ? log(total) : -INFINITY;
    size_t full = screen_at_full_scale(row, n_channels, full_scale);
    return (double)full > screen_saturated_share * (double)n_channels ? ADAMAS_SHOT_SATURATED : ADAMAS_SHOT_USED;
}

/* Hoare's FIND (1961) as Wirth has it: the k-th smallest comes to place k, none larger before it, none smaller after.
 */
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

void screen_median(float *median, const float *const *rows, size_t n_rows, size_t n_channels)
{
    double column[screen_median_rows];
    for (size_t c = 0; c < n_channels; c++) {
        for (size_t i = 0; i < n_rows; i++)
            column[i] = rows[i][c];
        median[c] = (float)screen_median_of(column, n_rows);
    }
}

static double mean_of(const float *row, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += row[i];
    return sum / (double)n;
}

double screen_correlation(const float *row, const float *median, size_t n_channels)
{
    double row_mean = mean_of(row, n_channels), median_mean = mean_of(median, n_channels);
    double both = 0, row_squares = 0, median_squares = 0;
    for (size_t i = 0; i < n_channels; i++) {
        double x = row[i] - row_mean, y = median[i] - median_mean;
        both += x * y;
        row_squares += x * x;
        median_squares += y * y;
    }
    double product = sqrt(row_squares) * sqrt(median_squares);
    double r = product > 0 ? both / product : 0;
    return atanh(fmax(-highest_correlation, fmin(r, highest_correlation)));
}

/* Median and robust standard deviation (`least` or more) of the shots in use; work[n] is for sorting. */
static void centre_and_spread(double *centre, double *spread, const uint8_t *fate, size_t n, const double *values,
                              double least, double *work)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (fate[i] == ADAMAS_SHOT_USED)
            work[used++] = values[i];
    *centre = screen_median_of(work, used);
    used = 0;
    for (size_t i = 0; i < n; i++)
        if (fate[i] == ADAMAS_SHOT_USED)
            work[used++] = fabs(values[i] - *centre);
    *spread = isfinite(*centre) ? fmax(deviation_of_median * screen_median_of(work, used), least) : INFINITY;
}

/* Where most totals are not above 0 their logs are no measure of anything, and none is an outlier for its total. */
adamas_status screen_outliers(uint8_t *fate, size_t n, const double *log_total, const double *correlation,
                              adamas_error *error)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        used += fate[i] == ADAMAS_SHOT_USED;
    if (used < screen_fewest_shots)
        return ADAMAS_OK;
    double *work = memory_raw(n, sizeof *work);
    if (!work)
        return status_no_memory(error);
    double total, total_spread, alike, alike_spread;
    centre_and_spread(&total, &total_spread, fate, n, log_total, least_total_spread, work);
    centre_and_spread(&alike, &alike_spread, fate, n, correlation, least_correlation_spread, work);
    for (size_t i = 0; i < n; i++) {
        int odd_total = fabs(log_total[i] - total) / total_spread > screen_robust_z;
        int odd_shape = (correlation[i] - alike) / alike_spread < -screen_robust_z;
        if (fate[i] == ADAMAS_SHOT_USED && (odd_total || odd_shape))
            fate[i] = ADAMAS_SHOT_OUTLIER;
    }
    free(work);
    return ADAMAS_OK;
}
