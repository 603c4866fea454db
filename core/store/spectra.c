/* The spectra set in memory: its axis, its tables, its metadata, and the reading of rows. */
#include "store/spectra.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Columns with a fixed meaning, and whether they hold text. */
typedef struct known_column {
    int32_t table;
    int is_text;
    const char *name;
} known_column;

static const known_column known_columns[] = {
    {ADAMAS_SHOTS, 1, "specimen"},   {ADAMAS_SHOTS, 1, "spot"},        {ADAMAS_SHOTS, 1, "session"},
    {ADAMAS_SHOTS, 0, "shot"},       {ADAMAS_SPECIMENS, 1, "id"},      {ADAMAS_SPECIMENS, 1, "origin"},
    {ADAMAS_SPECIMENS, 1, "parcel"}, {ADAMAS_SPECIMENS, 0, "mass_ct"}, {ADAMAS_SOURCES, 1, "file"},
    {ADAMAS_SOURCES, 1, "sha256"},
};

static const char *table_name(int32_t table_id)
{
    return table_id == ADAMAS_SHOTS ? "shots" : table_id == ADAMAS_SPECIMENS ? "specimens" : "sources";
}

adamas_status spectra_new(adamas_spectra **out, const char *name, size_t n_shots, size_t n_channels,
                          const double *wavelength, adamas_row_reader reader, void *reader_data,
                          void (*release)(void *), adamas_error *error)
{
    *out = NULL;
    if (n_shots == 0)
        return status_set(error, ADAMAS_E_DATA, "%s: no shots, at least 1 expected", name);
    adamas_spectra *s = memory_new(1, sizeof *s);
    if (!s)
        return status_no_memory(error);
    pthread_mutex_init(&s->reader_lock, NULL);
    s->name = memory_text(name);
    s->n_shots = n_shots;
    adamas_status status = s->name ? axis_make(&s->axis, wavelength, n_channels, name, error) : status_no_memory(error);
    if (!status && n_shots > SIZE_MAX / sizeof(double) / n_channels)
        status = status_set(error, ADAMAS_E_DATA, "%s: %zu shots of %zu channels are more than can be counted", name,
                            n_shots, n_channels);
    if (status) {
        spectra_free(s);
        return status;
    }
    s->reader = reader;
    s->reader_data = reader_data;
    s->release = release;
    *out = s;
    return ADAMAS_OK;
}

typedef struct borrowed {
    const float *intensity;
    size_t n_channels;
} borrowed;

static adamas_status copy_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)error;
    const borrowed *l = data;
    memcpy(out, l->intensity + first * l->n_channels, n * l->n_channels * sizeof *out);
    return ADAMAS_OK;
}

adamas_status spectra_lend(adamas_spectra **out, size_t n_shots, size_t n_channels, const float *intensity,
                           const double *wavelength, adamas_error *error)
{
    *out = NULL;
    borrowed *l = memory_new(1, sizeof *l);
    if (!l)
        return status_no_memory(error);
    *l = (borrowed){intensity, n_channels};
    adamas_status status =
        spectra_new(out, "spectra in memory", n_shots, n_channels, wavelength, copy_rows, l, free, error);
    if (status)
        free(l);
    else
        (*out)->reader_is_thread_safe = 1;
    return status;
}

table *spectra_table(adamas_spectra *s, int32_t table_id)
{
    switch (table_id) {
    case ADAMAS_SHOTS:
        return &s->shots;
    case ADAMAS_SPECIMENS:
        return &s->specimens;
    case ADAMAS_SOURCES:
        return &s->sources;
    default:
        return NULL;
    }
}

/* Columns become arrays of the file, in whose names '/' is a separator and "." the group itself. */
static int is_name(const char *name)
{
    if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || !text_is_utf8(name))
        return 0;
    for (; *name; name++)
        if (*name == '/' || (unsigned char)*name < ' ' || *name == 0x7F)
            return 0;
    return 1;
}

static adamas_status check_rows(const adamas_spectra *s, int32_t table_id, const char *column, size_t n,
                                adamas_error *error)
{
    size_t expected = table_id == ADAMAS_SHOTS ? s->n_shots : table_id == ADAMAS_SPECIMENS ? s->specimens.n_rows : n;
    if (table_id == ADAMAS_SOURCES && s->sources.n_columns)
        expected = s->sources.n_rows;
    if (table_id == ADAMAS_SPECIMENS && !s->specimen_of)
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: the shots' column 'specimen' must be set before the specimens'", s->name);
    if (n != expected || n == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: column '%s' of the %s has %zu rows, %zu expected", s->name,
                          column, table_name(table_id), n, expected ? expected : 1);
    return ADAMAS_OK;
}

static adamas_status check_column(adamas_spectra *s, int32_t table_id, const char *column, int is_text, size_t n,
                                  adamas_error *error)
{
    if (!spectra_table(s, table_id))
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: there is no table %d, ADAMAS_SHOTS, _SPECIMENS or _SOURCES expected", s->name,
                          (int)table_id);
    if (!is_name(column))
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: '%s' cannot name a column: a name in UTF-8 without '/' and control characters expected",
                          s->name, column);
    for (size_t i = 0; i < sizeof known_columns / sizeof *known_columns; i++) {
        const known_column *known = &known_columns[i];
        if (known->table == table_id && known->is_text != is_text && strcmp(known->name, column) == 0)
            return status_set(error, ADAMAS_E_ARGUMENT, "%s: column '%s' of the %s holds %s, %s expected", s->name,
                              column, table_name(table_id), is_text ? "text" : "numbers", is_text ? "numbers" : "text");
    }
    return check_rows(s, table_id, column, n, error);
}

/* Numbers the specimens in the order of their first appearance, and finds each shot's number. */
static adamas_status number_specimens(const adamas_spectra *s, const char *const *values, names *ids, size_t *of,
                                      adamas_error *error)
{
    for (size_t i = 0; i < s->n_shots; i++) {
        if (!values[i] || !*values[i])
            return status_set(error, ADAMAS_E_ARGUMENT, "%s: shot %zu has no specimen", s->name, i + 1);
        adamas_status status = names_add(ids, values[i], &of[i], error);
        if (status)
            return status;
    }
    return ADAMAS_OK;
}

static adamas_status set_specimens(adamas_spectra *s, const char *const *values, adamas_error *error)
{
    if (s->specimens.n_columns > 1)
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: the shots' column 'specimen' cannot be set again, as the specimens have columns now",
                          s->name);
    names ids = {0};
    table specimens = {0};
    size_t *of = memory_raw(s->n_shots, sizeof *of);
    adamas_status status = of ? number_specimens(s, values, &ids, of, error) : status_no_memory(error);
    if (!status)
        status = table_set_text(&specimens, "id", ids.n, ids.name, error);
    if (!status)
        status = table_set_text(&s->shots, "specimen", s->n_shots, values, error);
    names_clear(&ids);
    if (status) {
        table_clear(&specimens);
        free(of);
        return status;
    }
    table_clear(&s->specimens);
    free(s->specimen_of);
    s->specimens = specimens;
    s->specimen_of = of;
    return ADAMAS_OK;
}

static adamas_status check_texts(const adamas_spectra *s, int32_t table_id, const char *column, size_t n,
                                 const char *const *values, adamas_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] && !text_is_utf8(values[i]))
            return status_set(error, ADAMAS_E_ARGUMENT,
                              "%s: column '%s' of the %s has a text in row %zu that is not UTF-8", s->name, column,
                              table_name(table_id), i + 1);
    return ADAMAS_OK;
}

adamas_status spectra_set_text(adamas_spectra *s, int32_t table_id, const char *column, size_t n,
                               const char *const *values, adamas_error *error)
{
    adamas_status status = check_column(s, table_id, column, 1, n, error);
    if (!status)
        status = check_texts(s, table_id, column, n, values, error);
    if (status)
        return status;
    if (table_id == ADAMAS_SHOTS && strcmp(column, "specimen") == 0)
        return set_specimens(s, values, error);
    if (table_id == ADAMAS_SPECIMENS && strcmp(column, "id") == 0)
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: the specimens' column 'id' is made from the shots' column 'specimen'", s->name);
    return table_set_text(spectra_table(s, table_id), column, n, values, error);
}

adamas_status spectra_set_numbers(adamas_spectra *s, int32_t table_id, const char *column, size_t n,
                                  const double *values, adamas_error *error)
{
    adamas_status status = check_column(s, table_id, column, 0, n, error);
    return status ? status : table_set_numbers(spectra_table(s, table_id), column, n, values, error);
}

/* Is it "group/name" of one of the four groups of metadata? */
static int is_fact(const char *name)
{
    static const char *const groups[] = {"acquisition/", "case/", "provenance/"};
    if (strcmp(name, "axis/medium") == 0)
        return 1;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (strncmp(name, groups[i], strlen(groups[i])) == 0)
            return is_name(name + strlen(groups[i])) && strcmp(name, "provenance/sources") != 0;
    return 0;
}

/* The expected value, in words, if `value` is not allowed for a fact of this name; NULL if it is. */
static const char *expected_value(const char *name, const char *value)
{
    if (strcmp(name, "axis/medium") == 0 && strcmp(value, "air") != 0 && strcmp(value, "vacuum") != 0)
        return "air or vacuum";
    if (strcmp(name, "provenance/synthetic") == 0 && strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        return "yes or no";
    if (strcmp(name, "acquisition/full_scale") == 0) {
        double number;
        const char *end = text_to_number(value, &number);
        if (!end || *end || !(number > 0) || !isfinite(number))
            return "a number above 0";
    }
    return NULL;
}

adamas_status spectra_set_fact(adamas_spectra *s, const char *name, const char *value, adamas_error *error)
{
    if (!is_fact(name))
        return status_set(error, ADAMAS_E_ARGUMENT,
                          "%s: '%s' is no fact: axis/medium, acquisition/NAME, case/NAME or provenance/NAME expected",
                          s->name, name);
    if (!text_is_utf8(value))
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: %s is a text that is not UTF-8", s->name, name);
    const char *wanted = expected_value(name, value);
    if (wanted)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: %s is '%s', %s expected", s->name, name, value, wanted);
    return table_set_text(&s->facts, name, 1, &value, error);
}

adamas_status spectra_set_segments(adamas_spectra *s, size_t n, const size_t *first, adamas_error *error)
{
    axis given;
    double *starts = memory_raw(n, sizeof *starts);
    if (!starts)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        starts[i] = (double)first[i];
    adamas_status status = axis_make_segments(&given, s->axis.nm, s->axis.n, starts, n, s->name, error);
    free(starts);
    if (status == ADAMAS_E_FORMAT) { /* the code for a file */
        status = ADAMAS_E_AXIS;
        if (error)
            error->code = status;
    }
    if (status)
        return status;
    axis_clear(&s->axis);
    s->axis = given;
    return ADAMAS_OK;
}

const char *spectra_fact(const adamas_spectra *s, const char *name)
{
    const adamas_column *fact = table_column(&s->facts, name);
    return fact ? fact->text[0] : NULL;
}

static adamas_status call_reader(const adamas_spectra *s, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    pthread_mutex_t *reader_lock = s->reader_is_thread_safe ? NULL : (pthread_mutex_t *)&s->reader_lock;
    if (reader_lock)
        pthread_mutex_lock(reader_lock);
    adamas_status status = s->reader(s->reader_data, first, n, out, error);
    if (reader_lock)
        pthread_mutex_unlock(reader_lock);
    return status;
}

adamas_status spectra_rows(const adamas_spectra *s, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    if (first > s->n_shots || n > s->n_shots - first)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: %llu shots from shot %llu on requested, of %zu", s->name,
                          (unsigned long long)n, (unsigned long long)first + 1, s->n_shots);
    adamas_error own = {0};
    adamas_status status = n ? call_reader(s, first, n, out, &own) : ADAMAS_OK;
    if (status && !own.message[0])
        status_set(&own, status, "%s: the caller's row reader failed at shots %llu to %llu", s->name,
                   (unsigned long long)first + 1, (unsigned long long)(first + n));
    if (status && error)
        *error = own;
    return status;
}

static adamas_status digest_rows(digest *d, const adamas_spectra *s, work *w, adamas_error *error)
{
    enum { block_bytes = 4 << 20 };
    size_t n_channels = s->axis.n;
    size_t row_bytes = n_channels * sizeof(float);
    size_t block = row_bytes < block_bytes ? block_bytes / row_bytes : 1;
    float *rows = memory_raw(block < s->n_shots ? block : s->n_shots, row_bytes);
    adamas_status status = rows ? ADAMAS_OK : status_no_memory(error);
    digest_add(d, s->axis.nm, n_channels * sizeof *s->axis.nm);
    for (size_t first = 0; !status && first < s->n_shots; first += block) {
        size_t n = s->n_shots - first < block ? s->n_shots - first : block;
        status = spectra_rows(s, first, n, rows, error);
        if (!status) {
            digest_add(d, rows, n * row_bytes);
            status = work_check_cancelled(w, error);
        }
    }
    free(rows);
    return status;
}

adamas_status spectra_digest(const adamas_spectra *s, char hex[65], work *w, adamas_error *error)
{
    if (s->path)
        return digest_file(hex, s->path, w, error);
    digest *d;
    adamas_status status = digest_start(&d, error);
    if (!status)
        status = digest_rows(d, s, w, error);
    digest_end(d, status ? NULL : hex);
    return status;
}

void spectra_free(adamas_spectra *s)
{
    if (!s)
        return;
    if (s->release)
        s->release(s->reader_data);
    axis_clear(&s->axis);
    table_clear(&s->shots);
    table_clear(&s->specimens);
    table_clear(&s->sources);
    table_clear(&s->facts);
    pthread_mutex_destroy(&s->reader_lock);
    free(s->specimen_of);
    free(s->path);
    free(s->name);
    free(s);
}
