/* Screening of shots, grouping them by specimen, reading rows in any order. */
#include "dataset/row_reader.h"
#include "dataset/scan.h"
#include "dataset/screening.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { n_channels = 512, n_many = 600, n_few = 20, n_three = 3, n_shots = n_many + n_few + n_three };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Lines that differ from specimen to specimen, a total that varies by 5 % at most, noise. */
static void simulate(float *row, size_t specimen, uint64_t *state)
{
    uint64_t lines = 5 + specimen;
    double scale = 0.95 + 0.1 * uniform(state);
    for (size_t c = 0; c < n_channels; c++)
        row[c] = (float)(200 * scale + 20 * (uniform(state) - 0.5));
    for (size_t k = 0; k < 25; k++) {
        size_t at = 8 + (size_t)(uniform(&lines) * (n_channels - 16));
        double height = 5000 * pow(uniform(&lines), 4) * scale;
        for (size_t c = at - 8; c < at + 8; c++)
            row[c] += (float)(height * exp(-pow(((double)c - (double)at) / 1.5, 2) / 2));
    }
}

/* Specimens "many" (more shots than are read at a time), "few" and "three", whose shots alternate. */
typedef struct planted {
    adamas_spectra *set;
    float *rows;
    uint8_t expected[n_shots];
} planted;

static size_t specimen_of_row(size_t i)
{
    return i % 30 == 7 && i / 30 < n_few ? 1 : i == 100 || i == 301 || i == 502 ? 2 : 0;
}

static float *row_of(planted *p, size_t i, uint8_t fate)
{
    p->expected[i] = fate;
    return p->rows + i * n_channels;
}

static double total_of(const float *row)
{
    double total = 0;
    for (size_t c = 0; c < n_channels; c++)
        total += row[c];
    return total;
}

static void plant(planted *p)
{
    row_of(p, 5, ADAMAS_SHOT_NOT_FINITE)[77] = NAN;
    row_of(p, 590, ADAMAS_SHOT_NOT_FINITE)[0] = -INFINITY;
    row_of(p, 37, ADAMAS_SHOT_NOT_FINITE)[1] = INFINITY; /* of "few" */
    const size_t clipped[] = {10, 67, 555}, weak[] = {11, 400, 97}, strong[] = {12, 401, 127}, strange[] = {13, 620};
    for (size_t k = 0; k < 3; k++) {
        float *cut = row_of(p, clipped[k], ADAMAS_SHOT_SATURATED);
        float *low = row_of(p, weak[k], ADAMAS_SHOT_OUTLIER), *high = row_of(p, strong[k], ADAMAS_SHOT_OUTLIER);
        for (size_t c = 0; c < n_channels; c++) {
            cut[c] = fminf(cut[c], 600);
            low[c] *= 0.4F;
            high[c] *= 2;
        }
    }
    for (size_t k = 0; k < 2; k++) {
        float *shifted = row_of(p, strange[k], ADAMAS_SHOT_OUTLIER);
        for (size_t c = 0; c < n_channels; c++)
            shifted[c] = p->rows[20 * n_channels + (c + 150) % n_channels];
    }
    float *foreign = row_of(p, 157, ADAMAS_SHOT_OUTLIER); /* the lines of "many" and the total of "few" */
    double own = total_of(foreign), other = total_of(p->rows + 20 * n_channels);
    for (size_t c = 0; c < n_channels; c++)
        foreign[c] = (float)(p->rows[20 * n_channels + c] * own / other);
    float *lone = p->rows + 301 * n_channels; /* of three none is an outlier, whatever it is */
    for (size_t c = 0; c < n_channels; c++)
        lone[c] *= 9;
}

static void make(planted *p, adamas_row_reader reader)
{
    static const char *const names[] = {"many", "few", "three"};
    double nm[n_channels];
    const char *specimen[n_shots];
    uint64_t state = 1;
    memset(p->expected, ADAMAS_SHOT_USED, sizeof p->expected);
    p->rows = memory_raw(n_shots, n_channels * sizeof *p->rows);
    cr_assert_not_null(p->rows);
    for (size_t c = 0; c < n_channels; c++)
        nm[c] = 250 + 0.1 * (double)c;
    for (size_t i = 0; i < n_shots; i++) {
        specimen[i] = names[specimen_of_row(i)];
        simulate(p->rows + i * n_channels, specimen_of_row(i), &state);
    }
    plant(p);
    adamas_status status = reader ? spectra_new(&p->set, "stream", n_shots, n_channels, nm, reader, p->rows, NULL, NULL)
                                  : spectra_lend(&p->set, n_shots, n_channels, p->rows, nm, NULL);
    cr_assert_eq(status, ADAMAS_OK);
    cr_assert_eq(spectra_set_text(p->set, ADAMAS_SHOTS, "specimen", n_shots, specimen, NULL), ADAMAS_OK);
}

static void unmake(planted *p)
{
    spectra_free(p->set);
    free(p->rows);
}

static adamas_status screen(const planted *p, int threads, adamas_progress progress, uint8_t *fate, adamas_error *error)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    options.progress = progress;
    work w;
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    adamas_status status = dataset_screen_set(p->set, fate, &w, error);
    work_end(&w);
    return status;
}

Test(screening, planted_shots_are_found_and_no_other_on_any_threads)
{
    planted p;
    make(&p, NULL);
    for (int threads = 1; threads <= 4; threads++) {
        uint8_t fate[n_shots];
        memset(fate, 99, sizeof fate);
        cr_assert_eq(screen(&p, threads, NULL, fate, NULL), ADAMAS_OK);
        for (size_t i = 0; i < n_shots; i++)
            cr_assert_eq(fate[i], p.expected[i], "shot %zu: %d, %d expected", i, fate[i], p.expected[i]);
    }
    unmake(&p);
}

Test(screening, shots_by_specimen)
{
    planted p;
    make(&p, NULL);
    size_t first[4], shot[n_shots], seen[n_shots] = {0};
    dataset_group_shots(p.set, first, shot);
    const size_t expected[] = {0, n_many, n_many + n_few, n_shots};
    cr_assert_arr_eq(first, expected, sizeof expected);
    for (size_t k = 0; k < 3; k++)
        for (size_t i = first[k]; i < first[k + 1]; i++) {
            cr_assert_eq(specimen_of_row(shot[i]), k);
            cr_assert(i == first[k] || shot[i] > shot[i - 1]);
            seen[shot[i]]++;
        }
    for (size_t i = 0; i < n_shots; i++)
        cr_assert_eq(seen[i], 1);
    unmake(&p);
}

Test(screening, rows_are_read_in_the_order_asked_for)
{
    planted p;
    make(&p, NULL);
    const size_t rows[] = {600, 3, 4, 5, 9, 8};
    for (size_t stride = n_channels; stride <= n_channels + 16; stride += 16) {
        float *out = memory_new(6, stride * sizeof *out);
        cr_assert_eq(row_reader_read(p.set, 6, rows, out, stride, NULL), ADAMAS_OK);
        for (size_t i = 0; i < 6; i++)
            cr_assert_arr_eq(out + i * stride, p.rows + rows[i] * n_channels, n_channels * sizeof *out);
        free(out);
    }
    unmake(&p);
}

/* Three shots, so that none is an outlier: two lone channels at 9000, four neighbours at 9000, nothing. */
Test(screening, full_scale_is_respected)
{
    static const struct {
        const char *full_scale;
        uint8_t fate[3];
    } cases[] = {{NULL, {ADAMAS_SHOT_USED, ADAMAS_SHOT_SATURATED, ADAMAS_SHOT_USED}},
                 {"9000", {ADAMAS_SHOT_SATURATED, ADAMAS_SHOT_SATURATED, ADAMAS_SHOT_USED}},
                 {"8.9e3", {ADAMAS_SHOT_SATURATED, ADAMAS_SHOT_SATURATED, ADAMAS_SHOT_USED}},
                 {"9001", {ADAMAS_SHOT_USED, ADAMAS_SHOT_USED, ADAMAS_SHOT_USED}}};
    static float rows[3 * n_channels];
    double nm[n_channels];
    uint64_t state = 2;
    for (size_t c = 0; c < n_channels; c++)
        nm[c] = 250 + 0.1 * (double)c;
    for (size_t i = 0; i < 3; i++)
        simulate(rows + i * n_channels, 0, &state);
    rows[100] = rows[200] = 9000;
    for (size_t c = 0; c < 4; c++)
        rows[n_channels + 100 + c] = 9000;
    planted p;
    cr_assert_eq(spectra_lend(&p.set, 3, n_channels, rows, nm, NULL), ADAMAS_OK);
    cr_assert_eq(spectra_set_text(p.set, ADAMAS_SHOTS, "specimen", 3, (const char *[]){"a", "a", "a"}, NULL),
                 ADAMAS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t fate[3];
        if (cases[i].full_scale)
            cr_assert_eq(spectra_set_fact(p.set, "acquisition/full_scale", cases[i].full_scale, NULL), ADAMAS_OK);
        cr_assert_eq(screen(&p, 2, NULL, fate, NULL), ADAMAS_OK);
        cr_assert_arr_eq(fate, cases[i].fate, sizeof fate, "case %zu: %d %d %d", i, fate[0], fate[1], fate[2]);
    }
    spectra_free(p.set);
}

static adamas_status broken_reader(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    if (first <= 301 && first + n > 301)
        return status_set(error, ADAMAS_E_FILE, "shot 301 cannot be read");
    memcpy(out, (const float *)data + first * n_channels, n * n_channels * sizeof *out);
    return ADAMAS_OK;
}

static int32_t stop(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)data;
    (void)stage;
    return done == 1 && total == 3;
}

Test(screening, failures_are_passed_on)
{
    planted p;
    make(&p, broken_reader);
    uint8_t fate[n_shots];
    for (int threads = 1; threads <= 2; threads++) {
        adamas_error error = {0};
        cr_assert_eq(screen(&p, threads, NULL, fate, &error), ADAMAS_E_FILE);
        cr_assert_str_eq(error.message, "shot 301 cannot be read");
    }
    unmake(&p);
    make(&p, NULL);
    adamas_error error = {0};
    cr_assert_eq(screen(&p, 1, stop, fate, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while screening shots");
    unmake(&p);
}
