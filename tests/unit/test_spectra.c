/* Spectra sets: written and read back the same; columns, facts and files that are wrong are refused. */
#include "store/spectra_read.h"
#include "store/spectra_write.h"
#include "store/store_read.h"
#include "store/store_write.h"

#include "folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[300];
static work w;

static void begin(void)
{
    folder_begin();
    snprintf(path, sizeof path, "%s", in_folder("a.h5"));
    cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
}

static void end(void)
{
    work_end(&w);
    folder_end();
}

#define OK(call) cr_assert_eq(call, ADAMAS_OK, "%s", error.message)

static void expect(adamas_status found, adamas_status wanted, const adamas_error *error, const char *message)
{
    cr_assert_eq(found, wanted, "%s", error->message);
    cr_assert_not_null(strstr(error->message, message), "'%s' in: %s", message, error->message);
}

enum { n_shots = 5, n_channels = 6 };
static const double nm[n_channels] = {200, 201, 202.5, 201.5, 202, 203};
static const float intensity[n_shots * n_channels] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, -1, 0.5F};
static const char *const specimen[n_shots] = {"石-7", "a b", "石-7", "Ω", "a b"};

static adamas_spectra *new_set(void)
{
    adamas_error error = {0};
    adamas_spectra *s;
    OK(spectra_lend(&s, n_shots, n_channels, intensity, nm, &error));
    return s;
}

static adamas_spectra *new_full_set(void)
{
    static const char *const origin[] = {"CAR/west", "", "ZWE"}, *const session[] = {"1", "1", "2", "2", ""};
    static const char *const files[] = {"a.txt", "b.txt"};
    static const double mass[] = {0.25, (double)NAN, 1.5}, shot[] = {1, 2, 3, 1, 2};
    adamas_error error = {0};
    adamas_spectra *s = new_set();
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, specimen, &error));
    OK(spectra_set_text(s, ADAMAS_SHOTS, "session", n_shots, session, &error));
    OK(spectra_set_numbers(s, ADAMAS_SHOTS, "shot", n_shots, shot, &error));
    OK(spectra_set_text(s, ADAMAS_SPECIMENS, "origin", 3, origin, &error));
    OK(spectra_set_numbers(s, ADAMAS_SPECIMENS, "mass_ct", 3, mass, &error));
    OK(spectra_set_text(s, ADAMAS_SPECIMENS, "a colour, süß", 3, origin, &error));
    OK(spectra_set_text(s, ADAMAS_SOURCES, "file", 2, files, &error));
    OK(spectra_set_fact(s, "axis/medium", "vacuum", &error));
    OK(spectra_set_fact(s, "case/parcel", "P 17", &error));
    OK(spectra_set_fact(s, "acquisition/full_scale", "65535", &error));
    OK(spectra_set_fact(s, "provenance/synthetic", "yes", &error));
    return s;
}

static void expect_same_table(const table *a, const table *b)
{
    cr_assert_eq(a->n_columns, b->n_columns);
    for (size_t c = 0; c < a->n_columns; c++) {
        const adamas_column *x = a->columns[c], *y = b->columns[c];
        cr_assert_str_eq(x->name, y->name);
        cr_assert(x->n == y->n && !x->text == !y->text);
        for (size_t i = 0; i < x->n; i++)
            cr_assert(x->text ? strcmp(x->text[i], y->text[i]) == 0
                              : memcmp(&x->number[i], &y->number[i], sizeof(double)) == 0);
    }
}

Test(spectra, round_trip, .init = begin, .fini = end)
{
    adamas_error error = {0};
    adamas_spectra *s = new_full_set(), *read;
    OK(spectra_write(s, path, &w, &error));
    cr_assert_eq(folder_entries(), 1);
    OK(spectra_read(&read, path, &error));
    cr_assert(read->n_shots == n_shots && axis_equal(&read->axis, &s->axis));
    cr_assert_eq(read->axis.n_segments, 2);
    expect_same_table(&s->shots, &read->shots);
    expect_same_table(&s->specimens, &read->specimens);
    expect_same_table(&s->sources, &read->sources);
    for (size_t i = 0; i < s->facts.n_columns; i++)
        cr_assert_str_eq(spectra_fact(read, s->facts.columns[i]->name), s->facts.columns[i]->text[0]);
    cr_assert_eq(s->facts.n_columns, read->facts.n_columns);
    cr_assert_eq(memcmp(s->specimen_of, read->specimen_of, n_shots * sizeof(size_t)), 0);
    cr_assert(s->specimen_of[2] == 0 && s->specimen_of[4] == 1 && s->specimen_of[3] == 2);
    float rows[n_shots * n_channels];
    OK(spectra_rows(read, 0, n_shots, rows, &error));
    cr_assert_eq(memcmp(rows, intensity, sizeof rows), 0);
    OK(spectra_rows(read, 1, 2, rows, &error));
    cr_assert_eq(memcmp(rows, intensity + n_channels, 2 * n_channels * sizeof(float)), 0);
    spectra_free(read);
    spectra_free(s);
}

Test(spectra, a_set_read_and_written_over_itself_keeps_its_bytes, .init = begin, .fini = end)
{
    adamas_error error = {0};
    adamas_spectra *s = new_full_set(), *read;
    char first[65], again[65];
    OK(spectra_write(s, path, &w, &error));
    OK(spectra_read(&read, path, &error));
    OK(spectra_digest(read, first, NULL, &error));
    OK(spectra_write(read, path, &w, &error));
    OK(spectra_digest(read, again, NULL, &error));
    cr_assert_str_eq(first, again);
    OK(spectra_digest(s, again, NULL, &error));
    cr_assert_str_neq(first, again);
    spectra_free(read);
    spectra_free(s);
}

static adamas_status counted_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)error;
    size_t channels = *(size_t *)data;
    for (size_t i = 0; i < n * channels; i++)
        out[i] = (float)((first * channels + i) % 65521);
    return ADAMAS_OK;
}

Test(spectra, larger_round_trip, .init = begin, .fini = end)
{
    enum { shots = 3001, channels = 2048 };
    adamas_error error = {0};
    size_t width = channels;
    adamas_spectra *s, *read;
    static double axis_nm[channels];
    static char ids[shots][16];
    static const char *id[shots];
    for (int i = 0; i < channels; i++)
        axis_nm[i] = 200 + 0.1 * i;
    for (int i = 0; i < shots; i++) {
        snprintf(ids[i], sizeof ids[i], "stone %d", (i * 7) % 1500);
        id[i] = ids[i];
    }
    OK(spectra_new(&s, "stream", shots, channels, axis_nm, counted_rows, &width, NULL, &error));
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", shots, id, &error));
    OK(spectra_write(s, path, &w, &error));
    OK(spectra_read(&read, path, &error));
    cr_assert_eq(read->specimens.n_rows, 1500);
    static float wanted[700 * channels], found[700 * channels];
    for (size_t first = 0; first < shots; first += 700) {
        size_t n = shots - first < 700 ? shots - first : 700;
        OK(spectra_rows(s, first, n, wanted, &error));
        OK(spectra_rows(read, first, n, found, &error));
        cr_assert_eq(memcmp(wanted, found, n * channels * sizeof(float)), 0);
    }
    for (size_t i = 0; i < shots; i++)
        cr_assert_str_eq(table_text(&read->specimens, "id", read->specimen_of[i]), id[i]);
    spectra_free(read);
    spectra_free(s);
}

/* A caller's reader that is not thread-safe, and detects concurrent calls. */
typedef struct touchy {
    _Atomic int inside;
    _Atomic int clashes;
} touchy;

static adamas_status touchy_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)error;
    touchy *t = data;
    if (t->inside++)
        t->clashes++;
    usleep(100);
    for (size_t i = 0; i < n * 2; i++)
        out[i] = (float)(first * 2 + i);
    t->inside--;
    return ADAMAS_OK;
}

static void *read_some(void *set)
{
    float rows[3 * 2];
    int wrong = 0;
    for (uint64_t first = 0; first < 90; first += 3)
        if (spectra_rows(set, first, 3, rows, NULL) || rows[5] != (float)(first * 2 + 5))
            wrong = 1;
    return wrong ? set : NULL;
}

Test(spectra, callers_readers_are_called_in_turn)
{
    touchy t = {0};
    adamas_error error = {0};
    adamas_spectra *s;
    pthread_t threads[4];
    OK(spectra_new(&s, "stream", 90, 2, nm, touchy_rows, &t, NULL, &error));
    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, read_some, s), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        cr_assert_null(wrong);
    }
    cr_assert_eq(t.clashes, 0);
    spectra_free(s);
}

Test(spectra, half_a_million_shots_have_their_specimens_at_once)
{
    enum { shots = 500000 };
    adamas_error error = {0};
    size_t width = 2;
    adamas_spectra *s;
    char(*ids)[12] = calloc(shots, sizeof *ids);
    const char **id = calloc(shots, sizeof *id);
    for (int i = 0; i < shots; i++) {
        snprintf(ids[i], sizeof ids[i], "%d", i / 2);
        id[i] = ids[i];
    }
    OK(spectra_new(&s, "stream", shots, 2, nm, counted_rows, &width, NULL, &error));
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", shots, id, &error));
    cr_assert_eq(s->specimens.n_rows, shots / 2);
    cr_assert_eq(s->specimen_of[shots - 1], shots / 2 - 1);
    spectra_free(s);
    free(ids);
    free(id);
}

Test(spectra, refuses_columns_that_cannot_be)
{
    adamas_error error = {0};
    adamas_spectra *s = new_set();
    static const char *const hole[] = {"a", "b", "", "c", "d"}, *const three[] = {"x", "y", "z"};
    static const double numbers[n_shots] = {0};
    expect(spectra_set_text(s, ADAMAS_SPECIMENS, "origin", 3, three, &error), ADAMAS_E_ARGUMENT, &error,
           "'specimen' must be set before");
    expect(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, hole, &error), ADAMAS_E_ARGUMENT, &error,
           "shot 3 has no specimen");
    expect(spectra_set_text(s, ADAMAS_SHOTS, "specimen", 3, three, &error), ADAMAS_E_ARGUMENT, &error,
           "has 3 rows, 5 expected");
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, specimen, &error));
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, specimen, &error));
    OK(spectra_set_text(s, ADAMAS_SPECIMENS, "origin", 3, three, &error));
    expect(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, specimen, &error), ADAMAS_E_ARGUMENT, &error,
           "cannot be set again");
    expect(spectra_set_text(s, ADAMAS_SPECIMENS, "id", 3, three, &error), ADAMAS_E_ARGUMENT, &error, "is made from");
    expect(spectra_set_numbers(s, ADAMAS_SPECIMENS, "origin", 3, numbers, &error), ADAMAS_E_ARGUMENT, &error,
           "holds numbers, text expected");
    expect(spectra_set_text(s, ADAMAS_SPECIMENS, "mass_ct", 3, three, &error), ADAMAS_E_ARGUMENT, &error,
           "holds text, numbers expected");
    static const char *const bad[] = {"", ".", "..", "a/b", "/", "a\nb", "\x7f", "St\xE9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        expect(spectra_set_numbers(s, ADAMAS_SHOTS, bad[i], n_shots, numbers, &error), ADAMAS_E_ARGUMENT, &error,
               "cannot name a column");
    expect(spectra_set_numbers(s, 4, "x", n_shots, numbers, &error), ADAMAS_E_ARGUMENT, &error, "no table 4");
    expect(spectra_set_text(s, ADAMAS_SOURCES, "file", 0, three, &error), ADAMAS_E_ARGUMENT, &error, "0 rows");
    OK(spectra_set_text(s, ADAMAS_SOURCES, "file", 3, three, &error));
    expect(spectra_set_text(s, ADAMAS_SOURCES, "sha256", 2, three, &error), ADAMAS_E_ARGUMENT, &error, "3 expected");
    spectra_free(s);
}

Test(spectra, refuses_texts_that_are_not_utf8)
{
    adamas_error error = {0};
    adamas_spectra *s = new_set();
    static const char *const id[] = {"a", "b", "c", "St\xE9", "d"}, *const spot[] = {"\xC3\xA9", NULL, "",
                                                                                     "\xED\xA0\x80", ""};
    expect(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, id, &error), ADAMAS_E_ARGUMENT, &error,
           "column 'specimen' of the shots has a text in row 4 that is not UTF-8");
    expect(spectra_set_text(s, ADAMAS_SHOTS, "spot", n_shots, spot, &error), ADAMAS_E_ARGUMENT, &error,
           "column 'spot' of the shots has a text in row 4 that is not UTF-8");
    expect(spectra_set_fact(s, "case/parcel", "\xFF", &error), ADAMAS_E_ARGUMENT, &error,
           "case/parcel is a text that is not UTF-8");
    expect(spectra_set_fact(s, "case/p\xFF", "1", &error), ADAMAS_E_ARGUMENT, &error, "is no fact");
    spectra_free(s);
}

Test(spectra, checks_facts)
{
    adamas_error error = {0};
    adamas_spectra *s = new_set();
    static const char *const bad[][2] = {
        {"axis/medium", "water"},
        {"provenance/synthetic", "maybe"},
        {"acquisition/full_scale", "0"},
        {"acquisition/full_scale", ""},
        {"acquisition/full_scale", "65 k"},
        {"acquisition/full_scale", "-1"},
        {"axis/other", "x"},
        {"other/name", "x"},
        {"gas", "argon"},
        {"case/", "x"},
        {"case/a/b", "x"},
        {"provenance/sources", "x"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_eq(spectra_set_fact(s, bad[i][0], bad[i][1], &error), ADAMAS_E_ARGUMENT, "%s", bad[i][0]);
    OK(spectra_set_fact(s, "acquisition/full_scale", "6.5e4", &error));
    OK(spectra_set_fact(s, "acquisition/full_scale", "4095", &error));
    OK(spectra_set_fact(s, "case/my own", "1", &error));
    cr_assert_str_eq(spectra_fact(s, "acquisition/full_scale"), "4095");
    cr_assert_null(spectra_fact(s, "case/parcel"));
    spectra_free(s);
}

Test(spectra, refuses_rows_past_the_end_and_sets_without_any)
{
    adamas_error error = {0};
    adamas_spectra *s = new_set(), *none;
    float rows[n_shots * n_channels];
    cr_assert_eq(spectra_rows(s, 4, 2, rows, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(spectra_rows(s, UINT64_MAX, 2, rows, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(spectra_rows(s, n_shots, 0, rows, &error), ADAMAS_OK);
    expect(spectra_lend(&none, 0, n_channels, intensity, nm, &error), ADAMAS_E_DATA, &error, "no shots");
    cr_assert_null(none);
    expect(spectra_lend(&none, 1, 2, intensity, (double[]){1, (double)NAN}, &error), ADAMAS_E_AXIS, &error,
           "channel 2");
    spectra_free(s);
    spectra_free(NULL);
}

static int32_t stop(void *data, const char *stage, uint64_t done, uint64_t total)
{
    (void)stage, (void)total;
    return done >= *(uint64_t *)data;
}

static adamas_status broken_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)data, (void)first, (void)n, (void)out, (void)error;
    return ADAMAS_E_DATA;
}

Test(spectra, leaves_nothing_behind_when_writing_fails, .init = begin, .fini = end)
{
    adamas_error error = {0};
    adamas_spectra *s = new_set();
    expect(spectra_write(s, path, &w, &error), ADAMAS_E_ARGUMENT, &error, "'specimen' is not set");
    OK(spectra_set_text(s, ADAMAS_SHOTS, "specimen", n_shots, specimen, &error));
    for (uint64_t at = 0; at <= n_shots; at += n_shots) {
        adamas_options options = ADAMAS_OPTIONS_INIT;
        work stopped;
        options.progress = stop;
        options.progress_data = &at;
        OK(work_begin(&stopped, &options, &error));
        expect(spectra_write(s, path, &stopped, &error), ADAMAS_E_CANCELLED, &error, "writing spectra");
        work_end(&stopped);
    }
    s->reader = broken_rows;
    expect(spectra_write(s, path, &w, &error), ADAMAS_E_DATA, &error, "row reader failed at shots 1 to 5");
    spectra_writer *writer;
    OK(spectra_writer_start(&writer, path, &s->axis, &error));
    OK(spectra_writer_append(writer, 1, intensity, &error));
    expect(spectra_writer_finish(writer, s, &error), ADAMAS_E_ARGUMENT, &error, "1 shots were appended, 5 expected");
    OK(spectra_writer_start(&writer, path, &s->axis, &error));
    spectra_writer_abandon(writer);
    cr_assert_eq(folder_entries(), 0);
    spectra_free(s);
}

/* Parts of a file that another program may have written. */
typedef struct foreign {
    const char *root_attribute, *units, *medium;
    size_t rows, cols, n_nm, n_specimen, n_id;
    const char *const *specimen, *const *id, *const *origin;
    const double *nm, *segments;
    size_t n_segments;
} foreign;

static void write_foreign(const foreign *f)
{
    adamas_error error = {0};
    store *s;
    static float counts[64];
    OK(store_create(&s, path, &error));
    if (f->root_attribute)
        OK(store_write_attribute(s, "/", f->root_attribute, "2", &error));
    OK(store_write_group(s, "/entry", NULL, &error));
    OK(store_write_group(s, "/entry/data", NULL, &error));
    OK(store_write_group(s, "/entry/shots", NULL, &error));
    OK(store_write_group(s, "/entry/specimens", NULL, &error));
    if (f->cols)
        OK(store_write_floats(s, "/entry/data/intensity", f->rows, f->cols, counts, &error));
    if (f->n_nm)
        OK(store_write_doubles(s, "/entry/data/wavelength", f->n_nm, 0, f->nm, &error));
    if (f->units)
        OK(store_write_attribute(s, "/entry/data/wavelength", "units", f->units, &error));
    if (f->medium)
        OK(store_write_attribute(s, "/entry/data/wavelength", "medium", f->medium, &error));
    if (f->n_segments)
        OK(store_write_doubles(s, "/entry/detector_segments", f->n_segments, 0, f->segments, &error));
    if (f->n_specimen)
        OK(store_write_texts(s, "/entry/shots/specimen", f->n_specimen, f->specimen, &error));
    if (f->n_id)
        OK(store_write_texts(s, "/entry/specimens/id", f->n_id, f->id, &error));
    if (f->origin)
        OK(store_write_texts(s, "/entry/specimens/origin", f->n_id, f->origin, &error));
    OK(store_commit(s, &error));
}

static const char *const sound_specimen[] = {"q", "p", "q"}, *const sound_id[] = {"p", "q"};
static const foreign sound = {
    .rows = 3, .cols = 3, .n_nm = 3, .nm = nm, .n_specimen = 3, .specimen = sound_specimen, .n_id = 2, .id = sound_id};

Test(spectra, specimens_may_stand_in_any_order, .init = begin, .fini = end)
{
    static const char *const origin[] = {"of p", "of q"};
    adamas_error error = {0};
    adamas_spectra *s;
    foreign f = sound;
    f.origin = origin;
    f.units = "nanometers";
    write_foreign(&f);
    OK(spectra_read(&s, path, &error));
    cr_assert_str_eq(table_text(&s->specimens, "id", 0), "q");
    cr_assert_str_eq(table_text(&s->specimens, "origin", 0), "of q");
    cr_assert_str_eq(table_text(&s->specimens, "origin", 1), "of p");
    spectra_free(s);
}

/* Writes a file with one fault, which the message must name; then restores the sound contents. */
static void expect_refusal(foreign *f, adamas_status wanted, const char *message)
{
    adamas_error error = {0};
    adamas_spectra *s = (adamas_spectra *)1;
    write_foreign(f);
    expect(spectra_read(&s, path, &error), wanted, &error, message);
    cr_assert_null(s);
    *f = sound;
}

Test(spectra, refuses_other_kinds_of_files, .init = begin, .fini = end)
{
    foreign f = {.cols = 0};
    expect_refusal(&f, ADAMAS_E_FORMAT, "a.h5: not a spectra set: no /entry/data/intensity");
    f.root_attribute = "adamas_model";
    expect_refusal(&f, ADAMAS_E_FORMAT, "a.h5: a model, a spectra set expected");
    f.root_attribute = "adamas_spectra";
    expect_refusal(&f, ADAMAS_E_FORMAT, "format version 2, 1 expected");
}

Test(spectra, refuses_a_wrong_axis, .init = begin, .fini = end)
{
    static const double bad[] = {200, (double)NAN, 202};
    foreign f = sound;
    f.n_nm = 2;
    expect_refusal(&f, ADAMAS_E_FORMAT, "wavelength has 2 channels, /entry/data/intensity has 3");
    f.n_nm = 0;
    expect_refusal(&f, ADAMAS_E_FORMAT, "/entry/data/wavelength is missing");
    f.nm = bad;
    expect_refusal(&f, ADAMAS_E_AXIS, "a.h5: wavelength of channel 2 is nan");
    f.units = "angstrom";
    expect_refusal(&f, ADAMAS_E_FORMAT, "is in 'angstrom', nm expected");
    f.medium = "water";
    expect_refusal(&f, ADAMAS_E_FORMAT, "axis/medium is 'water', air or vacuum expected");
}

Test(spectra, refuses_tables_that_do_not_match, .init = begin, .fini = end)
{
    static const char *const hole[] = {"q", "", "q"}, *const twice[] = {"q", "q"}, *const more[] = {"q", "p", "r"};
    foreign f = sound;
    f.rows = 0;
    expect_refusal(&f, ADAMAS_E_DATA, "a.h5: no shots");
    f.n_specimen = 2;
    expect_refusal(&f, ADAMAS_E_FORMAT, "/entry/shots/specimen has 2 rows, 3 expected");
    f.n_specimen = 0;
    expect_refusal(&f, ADAMAS_E_FORMAT, "/entry/shots/specimen is missing");
    f.specimen = hole;
    expect_refusal(&f, ADAMAS_E_FORMAT, "shot 2 has no specimen");
    f.n_id = 0;
    expect_refusal(&f, ADAMAS_E_FORMAT, "/entry/specimens/id is missing");
    f.n_id = 1;
    expect_refusal(&f, ADAMAS_E_FORMAT, "specimen 'q' of /entry/shots/specimen is not in /entry/specimens/id");
    f.id = twice;
    expect_refusal(&f, ADAMAS_E_FORMAT, "specimen 'q' is in rows 1 and 2");
    f.id = more;
    f.n_id = 3;
    expect_refusal(&f, ADAMAS_E_FORMAT, "but only 2 have shots");
}

Test(spectra, refuses_segments_that_cannot_be, .init = begin, .fini = end)
{
    static const double late[] = {1}, beyond[] = {0, 9}, half[] = {0, 0.5}, whole[] = {0};
    foreign f = sound;
    f.segments = late;
    f.n_segments = 1;
    expect_refusal(&f, ADAMAS_E_FORMAT, "lacks channel 1");
    f.segments = beyond;
    f.n_segments = 2;
    expect_refusal(&f, ADAMAS_E_FORMAT, "has 9 in place 2");
    f.segments = half;
    f.n_segments = 2;
    expect_refusal(&f, ADAMAS_E_FORMAT, "has 0.5 in place 2");
    f.nm = nm + 1;
    f.segments = whole;
    f.n_segments = 1;
    expect_refusal(&f, ADAMAS_E_FORMAT, "lacks channel 3");
}

Test(spectra, segments_come_from_the_file_where_it_tells_them, .init = begin, .fini = end)
{
    static const double told[] = {0, 2};
    adamas_error error = {0};
    adamas_spectra *s;
    foreign f = sound;
    f.segments = told;
    f.n_segments = 2;
    write_foreign(&f);
    OK(spectra_read(&s, path, &error));
    cr_assert(s->axis.n_segments == 2 && s->axis.first[1] == 2 && s->axis.first[2] == 3);
    spectra_free(s);
    f = sound;
    f.medium = "air";
    write_foreign(&f);
    OK(spectra_read(&s, path, &error));
    cr_assert_eq(s->axis.n_segments, 1);
    cr_assert_str_eq(spectra_fact(s, "axis/medium"), "air");
    spectra_free(s);
}

/* Detectors may be adjacent without a gap: then their segments must be given. */
Test(spectra, segments_are_told)
{
    const float rows[6] = {1, 2, 3, 4, 5, 6};
    const double nm[6] = {300, 301, 302, 303, 304, 303.5};
    const size_t wrong[2] = {0, 3}, right[3] = {0, 3, 5}, *first;
    adamas_spectra *s;
    adamas_error error;
    OK(spectra_lend(&s, 1, 6, rows, nm, &error));
    cr_assert_eq(adamas_spectra_segments(s, NULL), 2);
    cr_assert_eq(spectra_set_segments(s, 2, wrong, &error), ADAMAS_E_AXIS);
    cr_assert_eq(error.code, ADAMAS_E_AXIS);
    cr_assert_eq(adamas_spectra_segments(s, NULL), 2);
    OK(spectra_set_segments(s, 3, right, &error));
    cr_assert_eq(adamas_spectra_segments(s, &first), 3);
    cr_assert(first[1] == 3 && first[2] == 5 && first[3] == 6);
    spectra_free(s);
}
