/* The writing side of an import: the set's axis, the mapping of each file's axis to it, and blocks of rows. */
#include "import/import_job.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Wavelengths whose relative difference is below this were the same before they were printed as text. */
static const double printing_tolerance = 1e-9;

static int same_wavelength(double a, double b)
{
    return fabs(a - b) <= printing_tolerance * fabs(b);
}

adamas_status import_job_progress(import_job *job, uint64_t read, adamas_error *error)
{
    uint64_t done = job->bytes_done + read;
    return work_progress(job->work, "reading files", done < job->bytes ? done : job->bytes, job->bytes, error);
}

static adamas_status set_facts(import_job *job, adamas_error *error)
{
    const adamas_import *w = job->what;
    text importer = {0};
    text_append(&importer, "adamas %s", adamas_version());
    adamas_status status = importer.failed ? status_no_memory(error)
                                           : spectra_set_fact(job->set, "provenance/importer", importer.at, error);
    text_clear(&importer);
    if (!status)
        status = spectra_set_fact(job->set, "provenance/synthetic", "no", error);
    for (size_t i = 0; !status && i < w->n_facts; i++)
        status = spectra_set_fact(job->set, w->fact_names[i], w->fact_values[i], error);
    return status;
}

static adamas_status start_writing(import_job *job, const char *file, const double *nm, size_t n, adamas_error *error)
{
    enum { block_bytes = 1 << 20, max_rows = 64 };
    adamas_status status = axis_make(&job->axis, nm, n, file, error);
    if (!status)
        status = spectra_new(&job->set, job->path, 1, n, nm, NULL, NULL, NULL, error);
    if (!status)
        status = set_facts(job, error);
    if (status)
        return status;
    job->axis_file = file;
    job->block_rows = block_bytes / (n * sizeof *job->block) + 1;
    if (job->block_rows > max_rows)
        job->block_rows = max_rows;
    job->block = memory_raw(job->block_rows * n, sizeof *job->block);
    if (!job->block)
        return status_no_memory(error);
    return spectra_writer_start(&job->writer, job->path, &job->axis, error);
}

static adamas_status refuse_axis(const import_job *job, const char *file, const double *nm, size_t n, size_t differs,
                                 adamas_error *error)
{
    if (n != job->axis.n)
        return status_set(error, ADAMAS_E_AXIS,
                          "%s: %zu channels (%.10g to %.10g nm) found, %zu (%.10g to %.10g nm) "
                          "expected as in %s",
                          file, n, nm[0], nm[n - 1], job->axis.n, job->axis.nm[0], job->axis.nm[job->axis.n - 1],
                          job->axis_file);
    return status_set(error, ADAMAS_E_AXIS, "%s: channel %zu is at %.10g nm, %.10g nm expected as in %s", file,
                      differs + 1, nm[differs], job->axis.nm[differs], job->axis_file);
}

static int covers(const axis *a, size_t segment, double nm)
{
    double low = a->nm[a->first[segment]], high = a->nm[a->first[segment + 1] - 1];
    return (nm >= low || same_wavelength(nm, low)) && (nm <= high || same_wavelength(nm, high));
}

/* The segment of `a` that a wavelength is taken from: the one of the same number if both axes have as many segments
 * (detectors may overlap), or else the first that covers it; a->n_segments if none does. */
static size_t segment_for(const axis *a, double nm, size_t same, size_t n_segments)
{
    if (a->n_segments == n_segments && covers(a, same, nm))
        return same;
    size_t segment = 0;
    while (segment < a->n_segments && !covers(a, segment, nm))
        segment++;
    return segment;
}

static interpolation interpolate_at(const axis *a, size_t segment, double nm)
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
        return (interpolation){left, 0};
    return (interpolation){left, (float)((nm - a->nm[left]) / (a->nm[right] - a->nm[left]))};
}

static adamas_status refuse_range(const import_job *job, const char *file, const axis *from, size_t channel,
                                  size_t segment, adamas_error *error)
{
    size_t last = channel;
    while (last + 1 < job->axis.first[segment + 1] &&
           segment_for(from, job->axis.nm[last + 1], segment, job->axis.n_segments) == from->n_segments)
        last++;
    return status_set(error, ADAMAS_E_AXIS, "%s: nothing found from %.10g to %.10g nm, spectra as in %s expected there",
                      file, job->axis.nm[channel], job->axis.nm[last], job->axis_file);
}

static adamas_status fill_mapping(import_job *job, const char *file, const axis *from, adamas_error *error)
{
    for (size_t s = 0; s < job->axis.n_segments; s++) {
        for (size_t i = job->axis.first[s]; i < job->axis.first[s + 1]; i++) {
            size_t segment = segment_for(from, job->axis.nm[i], s, job->axis.n_segments);
            if (segment == from->n_segments)
                return refuse_range(job, file, from, i, s, error);
            job->mapping[i] = interpolate_at(from, segment, job->axis.nm[i]);
        }
    }
    return ADAMAS_OK;
}

static adamas_status make_mapping(import_job *job, const char *file, const double *nm, size_t n, adamas_error *error)
{
    axis from = {0};
    adamas_status status = axis_make(&from, nm, n, file, error);
    if (status)
        return status;
    job->mapping = memory_raw(job->axis.n, sizeof *job->mapping);
    status = job->mapping ? fill_mapping(job, file, &from, error) : status_no_memory(error);
    axis_clear(&from);
    return status;
}

adamas_status import_job_set_axis(import_job *job, const char *file, const double *nm, size_t n, adamas_error *error)
{
    free(job->mapping);
    job->mapping = NULL;
    if (!job->axis.n)
        return start_writing(job, file, nm, n, error);
    size_t same = 0;
    while (same < n && same < job->axis.n && same_wavelength(nm[same], job->axis.nm[same]))
        same++;
    if (same == n && n == job->axis.n)
        return ADAMAS_OK;
    return job->what->interpolate ? make_mapping(job, file, nm, n, error) : refuse_axis(job, file, nm, n, same, error);
}

adamas_status import_job_flush(import_job *job, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    if (job->in_block)
        status = spectra_writer_append(job->writer, job->in_block, job->block, error);
    job->in_block = 0;
    return status;
}

adamas_status import_job_add_row(import_job *job, const float *row, adamas_error *error)
{
    float *to = job->block + job->in_block * job->axis.n;
    if (!job->mapping)
        memcpy(to, row, job->axis.n * sizeof *to);
    for (size_t i = 0; job->mapping && i < job->axis.n; i++) {
        interpolation b = job->mapping[i];
        const float *from = row + b.left;
        /* A channel of weight 0 is not read: it may be NaN. */
        to[i] = b.weight > 0 ? from[0] + b.weight * (from[1] - from[0]) : from[0];
    }
    job->in_block++;
    return job->in_block == job->block_rows ? import_job_flush(job, error) : ADAMAS_OK;
}

void import_job_clear(import_job *job)
{
    spectra_writer_abandon(job->writer);
    spectra_free(job->set);
    axis_clear(&job->axis);
    free(job->block);
    free(job->mapping);
    meta_clear(&job->meta);
    file_name_clear(&job->patterns);
    file_table_clear(&job->table);
}
