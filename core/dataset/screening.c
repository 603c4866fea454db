#include "dataset/screening.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

adamas_status dataset_check_specimens(const adamas_spectra *set, adamas_error *error)
{
    if (!set->specimen_of)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: the shots' specimens are not set", set->name);
    return ADAMAS_OK;
}

void dataset_group_shots(const adamas_spectra *set, size_t *first, size_t *shot)
{
    size_t n_specimens = set->specimens.n_rows;
    memset(first, 0, (n_specimens + 1) * sizeof *first);
    for (size_t i = 0; i < set->n_shots; i++)
        first[set->specimen_of[i] + 1]++;
    for (size_t k = 0; k < n_specimens; k++)
        first[k + 1] += first[k];
    for (size_t i = 0; i < set->n_shots; i++)
        shot[first[set->specimen_of[i]]++] = i;
    for (size_t k = n_specimens; k > 0; k--)
        first[k] = first[k - 1];
    first[0] = 0;
}

adamas_status row_reader_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
                              adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n;) {
        size_t run = 1;
        while (i + run < n && rows[i + run] == rows[i] + run && stride == set->axis.n)
            run++;
        status = spectra_rows(set, rows[i], run, out + i * stride, error);
        i += run;
    }
    return status;
}

adamas_status screening_workspace_make(screening_workspace *room, size_t most_shots, size_t channels,
                                       adamas_error *error)
{
    room->median = memory_raw(channels, sizeof *room->median);
    room->log_total = memory_raw(most_shots, sizeof *room->log_total);
    room->correlation = memory_raw(most_shots, sizeof *room->correlation);
    return room->median && room->log_total && room->correlation ? ADAMAS_OK : status_no_memory(error);
}

void screening_workspace_clear(screening_workspace *room)
{
    free(room->median);
    free(room->log_total);
    free(room->correlation);
}

adamas_status screening_specimen(uint8_t *fate, size_t n, const float *const *rows, size_t channels, double full_scale,
                                 screening_workspace *room, adamas_error *error)
{
    const float *used[screen_max_median_rows];
    size_t in_use = 0;
    for (size_t i = 0; i < n; i++) {
        fate[i] = screen_shot(&room->log_total[i], rows[i], channels, full_scale);
        if (fate[i] == ADAMAS_SHOT_USED)
            used[in_use++] = rows[i];
    }
    if (in_use < screen_min_shots)
        return ADAMAS_OK;
    screen_median(room->median, used, in_use, channels);
    const sums_moments moments = sums_moments_of(room->median, channels);
    for (size_t i = 0; i < n; i++)
        if (fate[i] == ADAMAS_SHOT_USED)
            room->correlation[i] = screen_correlation(rows[i], room->median, &moments, channels);
    return screen_outliers(fate, n, room->log_total, room->correlation, error);
}

/* Of more shots: read a part at a time. */
typedef struct large {
    uint8_t *fate;
    size_t n, channels;
    const adamas_spectra *set;
    const size_t *shot;
    double full_scale;
    float *rows;
    double *log_total, *correlation; /* [n] */
    float *median;
    sums_moments moments; /* of the median */
} large;

typedef void (*row_visit)(large *l, size_t i, const float *row);

static adamas_status over_rows(large *l, row_visit visit, adamas_error *error)
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

static void judge_alone(large *l, size_t i, const float *row)
{
    l->fate[i] = screen_shot(&l->log_total[i], row, l->channels, l->full_scale);
}

static void judge_beside_median(large *l, size_t i, const float *row)
{
    if (l->fate[i] == ADAMAS_SHOT_USED)
        l->correlation[i] = screen_correlation(row, l->median, &l->moments, l->channels);
}

static size_t count_in_use(const large *l)
{
    size_t in_use = 0;
    for (size_t i = 0; i < l->n; i++)
        in_use += l->fate[i] == ADAMAS_SHOT_USED;
    return in_use;
}

/* The median of the shots in use, evenly picked where they are more than screen_max_median_rows. */
static adamas_status find_median(large *l, size_t in_use, adamas_error *error)
{
    size_t picked[screen_max_median_rows], n = 0, seen = 0;
    const float *rows[screen_max_median_rows];
    size_t wanted = in_use < screen_max_median_rows ? in_use : (size_t)screen_max_median_rows;
    for (size_t i = 0; i < l->n; i++)
        if (l->fate[i] == ADAMAS_SHOT_USED && seen++ * wanted / in_use == n && n < wanted) {
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

adamas_status screening_large(uint8_t *fate, size_t n, const adamas_spectra *set, const size_t *shot, double full_scale,
                              float *rows, screening_workspace *room, adamas_error *error)
{
    large l = {.fate = fate, .n = n, .channels = set->axis.n, .set = set, .shot = shot, .full_scale = full_scale};
    l.rows = rows;
    l.median = room->median;
    l.log_total = memory_raw(n, sizeof *l.log_total);
    l.correlation = memory_raw(n, sizeof *l.correlation);
    adamas_status status = l.log_total && l.correlation ? over_rows(&l, judge_alone, error) : status_no_memory(error);
    size_t in_use = status ? 0 : count_in_use(&l);
    if (in_use >= screen_min_shots) {
        status = find_median(&l, in_use, error);
        if (!status)
            status = over_rows(&l, judge_beside_median, error);
        if (!status)
            status = screen_outliers(fate, n, l.log_total, l.correlation, error);
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
