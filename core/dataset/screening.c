/* Screening: which shots of a specimen are of use. The rules for one shot are in preprocess/screen.h. */
#include "dataset/screening.h"

#include "base/memory.h"
#include "base/text.h"
#include "dataset/row_reader.h"
#include "preprocess/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
