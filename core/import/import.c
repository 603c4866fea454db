#include "import/import.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"
#include "import/import_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Two wavelengths that differ by less than this part were the same before they were printed. */
static const double as_printed = 1e-9;

static int same_wavelength(double a, double b)
{
    return fabs(a - b) <= as_printed * fabs(b);
}

adamas_status import_progress(import *in, uint64_t read, adamas_error *error)
{
    uint64_t done = in->bytes_done + read;
    return work_progress(in->work, "reading files", done < in->bytes ? done : in->bytes, in->bytes, error);
}

static adamas_status set_facts(import *in, adamas_error *error)
{
    const adamas_import *w = in->what;
    text importer = {0};
    text_append(&importer, "adamas %s", adamas_version());
    adamas_status status = importer.failed ? status_no_memory(error)
                                           : spectra_set_fact(in->set, "provenance/importer", importer.at, error);
    text_clear(&importer);
    if (!status)
        status = spectra_set_fact(in->set, "provenance/synthetic", "no", error);
    for (size_t i = 0; !status && i < w->n_facts; i++)
        status = spectra_set_fact(in->set, w->fact_names[i], w->fact_values[i], error);
    return status;
}

static adamas_status start_writing(import *in, const char *file, const double *nm, size_t n, adamas_error *error)
{
    enum { block_bytes = 1 << 20, most_rows = 64 };
    adamas_status status = axis_make(&in->axis, nm, n, file, error);
    if (!status)
        status = spectra_new(&in->set, in->path, 1, n, nm, NULL, NULL, NULL, error);
    if (!status)
        status = set_facts(in, error);
    if (status)
        return status;
    in->axis_file = file;
    in->block_rows = block_bytes / (n * sizeof *in->block) + 1;
    if (in->block_rows > most_rows)
        in->block_rows = most_rows;
    in->block = memory_raw(in->block_rows * n, sizeof *in->block);
    if (!in->block)
        return status_no_memory(error);
    return spectra_writer_start(&in->writer, in->path, &in->axis, error);
}

static adamas_status refuse_axis(const import *in, const char *file, const double *nm, size_t n, size_t differs,
                                 adamas_error *error)
{
    if (n != in->axis.n)
        return status_set(error, ADAMAS_E_AXIS,
                          "%s: %zu channels (%.10g to %.10g nm) found, %zu (%.10g to %.10g nm) "
                          "expected as in %s",
                          file, n, nm[0], nm[n - 1], in->axis.n, in->axis.nm[0], in->axis.nm[in->axis.n - 1],
                          in->axis_file);
    return status_set(error, ADAMAS_E_AXIS, "%s: channel %zu is at %.10g nm, %.10g nm expected as in %s", file,
                      differs + 1, nm[differs], in->axis.nm[differs], in->axis_file);
}

static int covers(const axis *a, size_t segment, double nm)
{
    double low = a->nm[a->first[segment]], high = a->nm[a->first[segment + 1] - 1];
    return (nm >= low || same_wavelength(nm, low)) && (nm <= high || same_wavelength(nm, high));
}

/* The segment of `a` that a wavelength is taken from: the one of the same number where both axes have as many
 * (detectors may overlap), or else the first that covers it. a->n_segments where none does. */
static size_t segment_for(const axis *a, double nm, size_t same, size_t n_segments)
{
    if (a->n_segments == n_segments && covers(a, same, nm))
        return same;
    size_t segment = 0;
    while (segment < a->n_segments && !covers(a, segment, nm))
        segment++;
    return segment;
}

static between place_between(const axis *a, size_t segment, double nm)
{
    size_t left = a->first[segment], right = a->first[segment + 1];
    while (right - left > 1) {
        size_t middle = left + (right - left) / 2;
        if (a->nm[middle] <= nm)
            left = middle;
        else
            right = middle;
    }
    if (right == a->first[segment + 1] || nm <= a->nm[left])
        return (between){left, 0};
    return (between){left, (float)((nm - a->nm[left]) / (a->nm[right] - a->nm[left]))};
}

static adamas_status refuse_range(const import *in, const char *file, const axis *from, size_t channel, size_t segment,
                                  adamas_error *error)
{
    size_t last = channel;
    while (last + 1 < in->axis.first[segment + 1] &&
           segment_for(from, in->axis.nm[last + 1], segment, in->axis.n_segments) == from->n_segments)
        last++;
    return status_set(error, ADAMAS_E_AXIS, "%s: nothing found from %.10g to %.10g nm, spectra as in %s expected there",
                      file, in->axis.nm[channel], in->axis.nm[last], in->axis_file);
}

static adamas_status fill_mapping(import *in, const char *file, const axis *from, adamas_error *error)
{
    for (size_t s = 0; s < in->axis.n_segments; s++) {
        for (size_t i = in->axis.first[s]; i < in->axis.first[s + 1]; i++) {
            size_t segment = segment_for(from, in->axis.nm[i], s, in->axis.n_segments);
            if (segment == from->n_segments)
                return refuse_range(in, file, from, i, s, error);
            in->mapping[i] = place_between(from, segment, in->axis.nm[i]);
        }
    }
    return ADAMAS_OK;
}

static adamas_status make_mapping(import *in, const char *file, const double *nm, size_t n, adamas_error *error)
{
    axis from = {0};
    adamas_status status = axis_make(&from, nm, n, file, error);
    if (status)
        return status;
    in->mapping = memory_raw(in->axis.n, sizeof *in->mapping);
    status = in->mapping ? fill_mapping(in, file, &from, error) : status_no_memory(error);
    axis_clear(&from);
    return status;
}

adamas_status import_axis(import *in, const char *file, const double *nm, size_t n, adamas_error *error)
{
    free(in->mapping);
    in->mapping = NULL;
    if (!in->axis.n)
        return start_writing(in, file, nm, n, error);
    size_t same = 0;
    while (same < n && same < in->axis.n && same_wavelength(nm[same], in->axis.nm[same]))
        same++;
    if (same == n && n == in->axis.n)
        return ADAMAS_OK;
    return in->what->interpolate ? make_mapping(in, file, nm, n, error) : refuse_axis(in, file, nm, n, same, error);
}

static adamas_status write_block(import *in, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (in->in_block)
        status = spectra_writer_append(in->writer, in->in_block, in->block, error);
    in->in_block = 0;
    return status;
}

adamas_status import_row(import *in, const float *row, adamas_error *error)
{
    float *to = in->block + in->in_block * in->axis.n;
    if (!in->mapping)
        memcpy(to, row, in->axis.n * sizeof *to);
    for (size_t i = 0; in->mapping && i < in->axis.n; i++) {
        between b = in->mapping[i];
        const float *from = row + b.left;
        /* A channel that is not needed does not matter, though it be NaN. */
        to[i] = b.weight > 0 ? from[0] + b.weight * (from[1] - from[0]) : from[0];
    }
    in->in_block++;
    return in->in_block == in->block_rows ? write_block(in, error) : ADAMAS_OK;
}

/* A semicolon may start a comment, or a header whose first column has no name. */
static int is_no_header(const char *line)
{
    return line_is_empty(line) || (line_comment(line) && !(*line == by_semicolon && wide_delimiter(line)));
}

static adamas_status first_line(lines *l, char **line, adamas_error *error)
{
    adamas_status status = lines_next(l, line, error);
    while (!status && *line && is_no_header(*line))
        status = lines_next(l, line, error);
    return status;
}

static adamas_status read_file(import *in, const char *path, adamas_error *error)
{
    lines *l = NULL;
    char *line = NULL;
    adamas_status status = lines_open(&l, path, error);
    if (!status)
        status = first_line(l, &line, error);
    if (!status && !line && lines_number(l) == 0)
        status = status_set(error, ADAMAS_E_FORMAT, "%s: the file is empty", path);
    int is_wide = !status && line && wide_delimiter(line);
    if (is_wide)
        status = wide_read(in, l, line, error);
    lines_close(l);
    return status || is_wide ? status : single_read(in, path, error);
}

static uint64_t bytes_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 ? (uint64_t)about.st_size : 0;
}

static adamas_status read_files(import *in, adamas_error *error)
{
    const adamas_import *w = in->what;
    for (size_t i = 0; i < w->n_files; i++)
        in->bytes += bytes_of(w->files[i]);
    adamas_status status = import_progress(in, 0, error);
    for (size_t i = 0; !status && i < w->n_files; i++) {
        status = read_file(in, w->files[i], error);
        in->bytes_done += bytes_of(w->files[i]);
        if (!status)
            status = import_progress(in, 0, error);
    }
    return status;
}

/* A file that is given twice, under whatever name, would make replicates of nothing. */
static adamas_status check_contents(const import *in, const char **digests, adamas_error *error)
{
    names seen = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < in->what->n_files; i++) {
        size_t number;
        status = names_add(&seen, digests[i], &number, error);
        if (!status && number < i)
            status =
                status_set(error, ADAMAS_E_DATA, "%s is the same as %s", in->what->files[i], in->what->files[number]);
    }
    names_clear(&seen);
    return status;
}

/* Nor are two files that happen to have one name (of two folders, with two endings) shots of one specimen, where
 * nothing else tells the specimen. */
static adamas_status check_names(const import *in, adamas_error *error)
{
    const meta *m = &in->meta;
    if (in->what->specimen || (in->what->table && meta_find(&in->table, "specimen")))
        return ADAMAS_OK;
    const meta_column *specimen = meta_find(m, "specimen");
    names seen = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < m->n; i++) {
        size_t number, n = seen.n;
        if (m->places[i].line && !in->what->table) /* a row of a wide table tells its specimen */
            continue;
        status = names_add(&seen, meta_value(m, specimen, i), &number, error);
        if (!status && number < n)
            status = status_set(error, ADAMAS_E_DATA,
                                "%s: two files are named '%s': tell specimens by an expression or a table of files",
                                m->places[i].file, seen.name[number]);
    }
    names_clear(&seen);
    return status;
}

/* The files read, and the table of files after them, by name without folder. */
static adamas_status fill_sources(import *in, const char **file_names, char (*hex)[65], const char **digests, size_t n,
                                  adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++) {
        const char *path = i < in->what->n_files ? in->what->files[i] : in->what->table;
        file_names[i] = text_file_name(path);
        digests[i] = hex[i];
        status = text_is_utf8(file_names[i])
                     ? digest_file(hex[i], path, in->work, error)
                     : status_set(error, ADAMAS_E_ARGUMENT, "%s: the file's name is not UTF-8", path);
    }
    if (!status)
        status = check_contents(in, digests, error);
    if (!status)
        status = spectra_set_text(in->set, ADAMAS_SOURCES, "file", n, file_names, error);
    if (!status)
        status = spectra_set_text(in->set, ADAMAS_SOURCES, "sha256", n, digests, error);
    return status;
}

static adamas_status set_sources(import *in, adamas_error *error)
{
    size_t n = in->what->n_files + (in->what->table != NULL);
    const char **file_names = memory_raw(n, sizeof *file_names);
    const char **digests = memory_raw(n, sizeof *digests);
    char(*hex)[65] = memory_raw(n, sizeof *hex);
    adamas_status status =
        file_names && digests && hex ? fill_sources(in, file_names, hex, digests, n, error) : status_no_memory(error);
    free(file_names);
    free(digests);
    free(hex);
    return status;
}

static adamas_status finish(import *in, adamas_error *error)
{
    adamas_status status = write_block(in, error);
    if (status)
        return status;
    in->set->n_shots = in->meta.n;
    status = set_sources(in, error);
    if (!status)
        status = check_names(in, error);
    if (!status)
        status = meta_tables(&in->meta, in->set, error);
    if (status)
        return status;
    spectra_writer *writer = in->writer;
    in->writer = NULL;
    return spectra_writer_finish(writer, in->set, error);
}

static void clear(import *in)
{
    spectra_writer_abandon(in->writer);
    spectra_free(in->set);
    axis_clear(&in->axis);
    free(in->block);
    free(in->mapping);
    meta_clear(&in->meta);
    meta_clear(&in->table);
    free(in->table_column);
    free(in->table_used);
    file_patterns_clear(&in->patterns);
}

adamas_status import_files(const char *path, const adamas_import *what, work *w, adamas_error *error)
{
    if (!what->n_files)
        return status_set(error, ADAMAS_E_ARGUMENT, "no files to import, at least 1 expected");
import in = {.what = what, .work = w, .path = path };
    adamas_status status = file_patterns_make(&in.patterns, what, error);
    if (!status && what->table)
        status = file_table_read(&in, error);
    if (!status)
        status = read_files(&in, error);
    if (!status && what->table)
        status = file_table_check(&in, error);
    if (!status)
        status = finish(&in, error);
    clear(&in);
    return status;
}
