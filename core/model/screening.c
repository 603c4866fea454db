#include "model/screening.h"

#include "base/memory.h"
#include "base/text.h"
#include "preprocess/screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct screening {
    const adamas_spectra *set;
    const size_t *first, *shot;
    uint8_t *fate;
    double full_scale;
    float *rows;                     /* [threads, screen_median_rows, channels] */
    float *median;                   /* [threads, channels] */
    screen_moments *moments;         /* [threads] of the medians */
    double *log_total, *correlation; /* [n_shots], beside shot */
    work *w;
    atomic_size_t done;
    pthread_mutex_t reading;
} screening;

adamas_status screening_check(const adamas_spectra *set, adamas_error *error)
{
    if (!set->specimen_of)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: the shots' specimens are not set", set->name);
    return ADAMAS_OK;
}

void screening_group(const adamas_spectra *set, size_t *first, size_t *shot)
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

adamas_status screening_read(const adamas_spectra *set, size_t n, const size_t *rows, float *out, size_t stride,
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

static adamas_status read_locked(screening *s, size_t n, const size_t *rows, float *out, adamas_error *error)
{
    pthread_mutex_lock(&s->reading);
    adamas_status status = screening_read(s->set, n, rows, out, s->set->axis.n, error);
    pthread_mutex_unlock(&s->reading);
    return status;
}

/* Calls `each` on the rows of positions first ... last - 1, a part at a time. */
typedef void (*row_visit)(screening *s, size_t position, const float *row, const float *median);

static adamas_status over_rows(screening *s, size_t first, size_t last, float *rows, const float *median,
                               row_visit visit, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t part = first; !status && part < last; part += screen_median_rows) {
        size_t n = last - part < screen_median_rows ? last - part : (size_t)screen_median_rows;
        status = read_locked(s, n, s->shot + part, rows, error);
        for (size_t i = 0; !status && i < n; i++)
            visit(s, part + i, rows + i * s->set->axis.n, median);
    }
    return status;
}

static void judge_alone(screening *s, size_t position, const float *row, const float *median)
{
    (void)median;
    s->fate[position] = screen_shot(&s->log_total[position], row, s->set->axis.n, s->full_scale);
}

static void judge_beside_median(screening *s, size_t position, const float *row, const float *median)
{
    const screen_moments *moments = &s->moments[(size_t)(median - s->median) / s->set->axis.n];
    if (s->fate[position] == ADAMAS_SHOT_USED)
        s->correlation[position] = screen_correlation(row, median, moments, s->set->axis.n);
}

/* The median of the shots in use, evenly picked where they are more than screen_median_rows. */
static adamas_status find_median(screening *s, size_t first, size_t last, size_t in_use, float *rows, float *median,
                                 adamas_error *error)
{
    size_t picked[screen_median_rows], n = 0, seen = 0;
    size_t wanted = in_use < screen_median_rows ? in_use : (size_t)screen_median_rows;
    for (size_t i = first; i < last; i++)
        if (s->fate[i] == ADAMAS_SHOT_USED && seen++ * wanted / in_use == n && n < wanted)
            picked[n++] = s->shot[i];
    adamas_status status = read_locked(s, n, picked, rows, error);
    if (!status) {
        screen_median(median, rows, n, s->set->axis.n);
        s->moments[(size_t)(median - s->median) / s->set->axis.n] = screen_moments_of(median, s->set->axis.n);
    }
    return status;
}

static adamas_status screen_specimen(void *context, size_t specimen, int thread, adamas_error *error)
{
    screening *s = context;
    size_t channels = s->set->axis.n;
    float *rows = s->rows + (size_t)thread * screen_median_rows * channels;
    float *median = s->median + (size_t)thread * channels;
    size_t first = s->first[specimen], last = s->first[specimen + 1], in_use = 0;
    adamas_status status = over_rows(s, first, last, rows, NULL, judge_alone, error);
    for (size_t i = first; i < last; i++)
        in_use += s->fate[i] == ADAMAS_SHOT_USED;
    if (!status && in_use >= screen_fewest_shots) {
        status = find_median(s, first, last, in_use, rows, median, error);
        if (!status)
            status = over_rows(s, first, last, rows, median, judge_beside_median, error);
        if (!status)
            status =
                screen_outliers(s->fate + first, last - first, s->log_total + first, s->correlation + first, error);
    }
    size_t done = atomic_fetch_add(&s->done, 1) + 1;
    return status ? status : work_progress(s->w, "screening shots", done, s->set->specimens.n_rows, error);
}

double screening_full_scale(const adamas_spectra *set)
{
    const char *fact = spectra_fact(set, "acquisition/full_scale");
    double value;
    return fact && text_to_number(fact, &value) ? value : NAN;
}

adamas_status screening_run(const adamas_spectra *set, const size_t *first, const size_t *shot, uint8_t *fate, work *w,
                            adamas_error *error)
{
    size_t channels = set->axis.n, threads = (size_t)w->threads;
    screening s = {
        .set = set, .first = first, .shot = shot, .fate = fate, .full_scale = screening_full_scale(set), .w = w};
    s.rows = memory_raw(threads * screen_median_rows, channels * sizeof *s.rows);
    s.median = memory_raw(threads, channels * sizeof *s.median);
    s.moments = memory_raw(threads, sizeof *s.moments);
    s.log_total = memory_new(set->n_shots, sizeof *s.log_total);
    s.correlation = memory_new(set->n_shots, sizeof *s.correlation);
    adamas_status status =
        s.rows && s.median && s.moments && s.log_total && s.correlation ? ADAMAS_OK : status_no_memory(error);
    if (!status && pthread_mutex_init(&s.reading, NULL))
        status = status_no_memory(error);
    else if (!status) {
        status = work_each(w, set->specimens.n_rows, screen_specimen, &s, error);
        pthread_mutex_destroy(&s.reading);
    }
    free(s.rows);
    free(s.median);
    free(s.moments);
    free(s.log_total);
    free(s.correlation);
    return status;
}

adamas_status screening_of_rows(const adamas_spectra *set, uint8_t *fate, work *w, adamas_error *error)
{
    adamas_status status = screening_check(set, error);
    if (status)
        return status;
    size_t *first = memory_new(set->specimens.n_rows + 1, sizeof *first);
    size_t *shot = memory_new(set->n_shots, sizeof *shot);
    uint8_t *by_specimen = memory_new(set->n_shots, sizeof *by_specimen);
    status = first && shot && by_specimen ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        screening_group(set, first, shot);
        status = screening_run(set, first, shot, by_specimen, w, error);
    }
    for (size_t i = 0; !status && i < set->n_shots; i++)
        fate[shot[i]] = by_specimen[i];
    free(first);
    free(shot);
    free(by_specimen);
    return status;
}
