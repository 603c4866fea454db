/* A spectra set's file: its groups and attributes (NeXus), its rows, then its tables and metadata. */
#include "store/spectra_write.h"

#include "base/memory.h"
#include "base/text.h"
#include "store/store_write.h"

#include <stdlib.h>
#include <string.h>

static const char intensity_name[] = "/entry/data/intensity";
static const char wavelength_name[] = "/entry/data/wavelength";

struct spectra_writer {
    store *store;
    size_t n_shots; /* appended so far */
};

typedef struct attribute {
    const char *object, *name, *value;
} attribute;

static adamas_status write_attributes(store *to, const attribute *all, size_t n, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++)
        status = store_write_attribute(to, all[i].object, all[i].name, all[i].value, error);
    return status;
}

/* Integers, which the store holds as float64 like all numbers; 0 ... n-1 if values is NULL. */
static adamas_status write_counts(store *to, const char *name, size_t n, const size_t *values, adamas_error *error)
{
    double *numbers = memory_raw(n, sizeof *numbers);
    if (!numbers)
        return status_no_memory(error);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (double)(values ? values[i] : i);
    adamas_status status = store_write_doubles(to, name, n, 0, numbers, error);
    free(numbers);
    return status;
}

/* NeXus: each group names its default for plotting, and the data group its signal and axes. */
static adamas_status write_entry(store *to, adamas_error *error)
{
    static const char *const definition[] = {"NXoptical_spectroscopy"}, *const experiment[] = {"LIBS"};
    static const char *const axes[] = {"spectrum_index", "wavelength"};
    static const attribute defaults[] = {
        {"/", "adamas_spectra", "1"},
        {"/", "NX_class", "NXroot"},
        {"/", "default", "entry"},
        {"/entry", "default", "data"},
        {"/entry/data", "signal", "intensity"},
    };
    adamas_status status = store_write_group(to, "/entry", "NXentry", error);
    if (!status)
        status = store_write_texts(to, "/entry/definition", 0, definition, error);
    if (!status)
        status = store_write_texts(to, "/entry/experiment_type", 0, experiment, error);
    if (!status)
        status = store_write_group(to, "/entry/data", "NXdata", error);
    if (!status)
        status = write_attributes(to, defaults, sizeof defaults / sizeof *defaults, error);
    if (!status)
        status = store_write_attributes(to, "/entry/data", "axes", 2, axes, error);
    return status;
}

static adamas_status write_axis(store *to, const axis *a, adamas_error *error)
{
    static const attribute about[] = {
        {wavelength_name, "units", "nm"},
        {wavelength_name, "long_name", "wavelength (nm)"},
        {intensity_name, "interpretation", "spectrum"},
    };
    adamas_status status = store_write_doubles(to, wavelength_name, a->n, 0, a->nm, error);
    if (!status)
        status = write_counts(to, "/entry/detector_segments", a->n_segments, a->first, error);
    if (!status)
        status = store_write_attribute(to, "/entry/detector_segments", "long_name",
                                       "first channel of each detector segment", error);
    if (!status)
        status = store_start_rows(to, intensity_name, a->n, error);
    if (!status)
        status = write_attributes(to, about, sizeof about / sizeof *about, error);
    return status;
}

adamas_status spectra_writer_start(spectra_writer **out, const char *path, const axis *a, adamas_error *error)
{
    *out = NULL;
    spectra_writer *writer = memory_new(1, sizeof *writer);
    if (!writer)
        return status_no_memory(error);
    adamas_status status = store_create(&writer->store, path, error);
    if (!status)
        status = write_entry(writer->store, error);
    if (!status)
        status = write_axis(writer->store, a, error);
    if (status)
        spectra_writer_abandon(writer);
    else
        *out = writer;
    return status;
}

adamas_status spectra_writer_append(spectra_writer *writer, size_t n, const float *rows, adamas_error *error)
{
    adamas_status status = store_append_rows(writer->store, intensity_name, n, rows, error);
    if (!status)
        writer->n_shots += n;
    return status;
}

static adamas_status write_column(store *to, const char *group, const adamas_column *column, adamas_error *error)
{
    text name = {0};
    text_append(&name, "%s/%s", group, column->name);
    adamas_status status;
    if (name.failed)
        status = status_no_memory(error);
    else if (column->text)
        status = store_write_texts(to, name.at, column->n, column->text, error);
    else
        status = store_write_doubles(to, name.at, column->n, 0, column->number, error);
    text_clear(&name);
    return status;
}

/* A group with an array for each column. Its attribute `columns` has their order, separated by '/', which no name
 * contains. */
static adamas_status write_table(store *to, const char *group, const table *t, adamas_error *error)
{
    text order = {0};
    adamas_status status = store_write_group(to, group, "NXcollection", error);
    for (size_t i = 0; !status && i < t->n_columns; i++) {
        status = write_column(to, group, t->columns[i], error);
        text_append(&order, "%s%s", i ? "/" : "", t->columns[i]->name);
    }
    if (!status && order.failed)
        status = status_no_memory(error);
    if (!status)
        status = store_write_attribute(to, group, "columns", order.at ? order.at : "", error);
    text_clear(&order);
    return status;
}

/* The metadata of a group, each as a scalar text: "case/parcel" is /entry/case/parcel. */
static adamas_status write_facts(store *to, const char *group, const table *facts, adamas_error *error)
{
    size_t length = strlen(group);
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < facts->n_columns; i++) {
        adamas_column fact = *facts->columns[i];
        fact.n = 0;
        if (strncmp(fact.name, group, length) == 0 && fact.name[length] == '/')
            status = write_column(to, "/entry", &fact, error);
    }
    return status;
}

static adamas_status write_fact_groups(store *to, const adamas_spectra *set, adamas_error *error)
{
    static const char *const groups[] = {"/entry/acquisition", "/entry/case", "/entry/provenance"};
    const char *medium = spectra_fact(set, "axis/medium");
    adamas_status status = medium ? store_write_attribute(to, wavelength_name, "medium", medium, error) : ADAMAS_OK;
    for (size_t i = 0; !status && i < sizeof groups / sizeof *groups; i++) {
        status = store_write_group(to, groups[i], "NXcollection", error);
        if (!status)
            status = write_facts(to, groups[i] + strlen("/entry/"), &set->facts, error);
    }
    return status;
}

/* Preprocessed intensities have no unit. */
static adamas_status write_unit(store *to, const adamas_spectra *set, adamas_error *error)
{
    int preprocessed = spectra_fact(set, "provenance/preprocessing") != NULL;
    const attribute about[] = {
        {intensity_name, "units", preprocessed ? "" : "counts"},
        {intensity_name, "long_name", preprocessed ? "intensity, preprocessed" : "intensity (counts)"},
    };
    return write_attributes(to, about, sizeof about / sizeof *about, error);
}

static adamas_status write_title(store *to, const adamas_spectra *set, adamas_error *error)
{
    text title = {0};
    text_append(&title, "LIBS: specimens %zu, shots %zu", set->specimens.n_rows, set->n_shots);
    const char *at = title.at;
    adamas_status status =
        title.failed ? status_no_memory(error) : store_write_texts(to, "/entry/title", 0, &at, error);
    text_clear(&title);
    return status;
}

static adamas_status check_writable(const adamas_spectra *set, adamas_error *error)
{
    if (!set->specimen_of)
        return status_set(error, ADAMAS_E_ARGUMENT, "%s: the shots' column 'specimen' is not set", set->name);
    return ADAMAS_OK;
}

static adamas_status write_rest(const spectra_writer *writer, const adamas_spectra *set, adamas_error *error)
{
    store *to = writer->store;
    adamas_status status = check_writable(set, error);
    if (!status && set->n_shots != writer->n_shots)
        status = status_set(error, ADAMAS_E_ARGUMENT, "%s: %zu shots were appended, %zu expected", store_path(to),
                            writer->n_shots, set->n_shots);
    if (!status)
        status = write_counts(to, "/entry/data/spectrum_index", set->n_shots, NULL, error);
    if (!status)
        status = write_unit(to, set, error);
    if (!status)
        status = write_title(to, set, error);
    if (!status)
        status = write_table(to, "/entry/shots", &set->shots, error);
    if (!status)
        status = write_table(to, "/entry/specimens", &set->specimens, error);
    if (!status)
        status = write_fact_groups(to, set, error);
    if (!status && set->sources.n_columns)
        status = write_table(to, "/entry/provenance/sources", &set->sources, error);
    return status;
}

adamas_status spectra_writer_finish(spectra_writer *writer, const adamas_spectra *set, adamas_error *error)
{
    adamas_status status = write_rest(writer, set, error);
    if (!status) {
        status = store_commit(writer->store, error);
        writer->store = NULL;
    }
    spectra_writer_abandon(writer);
    return status;
}

void spectra_writer_abandon(spectra_writer *writer)
{
    if (!writer)
        return;
    store_close(writer->store);
    free(writer);
}

static adamas_status append_all(spectra_writer *writer, const adamas_spectra *s, work *w, adamas_error *error)
{
    enum { block_bytes = 4 << 20 };
    size_t row_bytes = s->axis.n * sizeof(float);
    size_t block = row_bytes < block_bytes ? block_bytes / row_bytes : 1;
    float *rows = memory_raw(block < s->n_shots ? block : s->n_shots, row_bytes);
    adamas_status status = rows ? ADAMAS_OK : status_no_memory(error);
    for (size_t first = 0; !status && first < s->n_shots; first += block) {
        size_t n = s->n_shots - first < block ? s->n_shots - first : block;
        status = work_progress(w, "writing spectra", first, s->n_shots, error);
        if (!status)
            status = spectra_rows(s, first, n, rows, error);
        if (!status)
            status = spectra_writer_append(writer, n, rows, error);
    }
    if (!status)
        status = work_progress(w, "writing spectra", s->n_shots, s->n_shots, error);
    free(rows);
    return status;
}

adamas_status spectra_write(const adamas_spectra *s, const char *path, work *w, adamas_error *error)
{
    adamas_status status = check_writable(s, error);
    if (status)
        return status;
    spectra_writer *writer;
    status = spectra_writer_start(&writer, path, &s->axis, error);
    if (status)
        return status;
    status = append_all(writer, s, w, error);
    if (!status)
        return spectra_writer_finish(writer, s, error);
    spectra_writer_abandon(writer);
    return status;
}
