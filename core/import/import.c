/* The import of text files: which reader a file needs, and what is checked when all are read. */
#include "import/import.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/names.h"
#include "base/text.h"
#include "import/fields.h"
#include "import/meta_tables.h"
#include "import/single.h"
#include "import/wide.h"

#include <stdlib.h>
#include <sys/stat.h>

/* A semicolon starts either a comment or a header whose first column has no name. */
static int is_no_header(const char *line)
{
    return fields_is_empty_line(line) || (fields_comment(line) && !(*line == by_semicolon && wide_delimiter(line)));
}

static adamas_status first_line(lines *l, char **line, adamas_error *error)
{
    adamas_status status = lines_next(l, line, error);
    while (!status && *line && is_no_header(*line))
        status = lines_next(l, line, error);
    return status;
}

static adamas_status read_file(import_job *job, const char *path, adamas_error *error)
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
        status = wide_read(job, l, line, error);
    lines_close(l);
    return status || is_wide ? status : single_read(job, path, error);
}

static uint64_t bytes_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0 ? (uint64_t)about.st_size : 0;
}

static adamas_status read_files(import_job *job, adamas_error *error)
{
    const adamas_import *w = job->what;
    for (size_t i = 0; i < w->n_files; i++)
        job->bytes += bytes_of(w->files[i]);
    adamas_status status = import_job_progress(job, 0, error);
    for (size_t i = 0; !status && i < w->n_files; i++) {
        status = read_file(job, w->files[i], error);
        job->bytes_done += bytes_of(w->files[i]);
        if (!status)
            status = import_job_progress(job, 0, error);
    }
    return status;
}

/* A file that is given twice, under any name, would be counted as replicate measurements. */
static adamas_status check_contents(const import_job *job, const char **digests, adamas_error *error)
{
    names seen = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < job->what->n_files; i++) {
        size_t number;
        status = names_add(&seen, digests[i], &number, error);
        if (!status && number < i)
            status =
                status_set(error, ADAMAS_E_DATA, "%s is the same as %s", job->what->files[i], job->what->files[number]);
    }
    names_clear(&seen);
    return status;
}

/* If only a file's name identifies its specimen, two files of the same name (in two folders, or with two endings) must
 * not become shots of one specimen. */
static adamas_status check_names(const import_job *job, adamas_error *error)
{
    const meta *m = &job->meta;
    if (job->what->specimen || (job->what->table && meta_find(&job->table.rows, "specimen")))
        return ADAMAS_OK;
    const meta_column *specimen = meta_find(m, "specimen");
    names seen = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < m->n; i++) {
        size_t number, n = seen.n;
        if (m->places[i].line && !job->what->table) /* a row of a wide table names its specimen */
            continue;
        status = names_add(&seen, meta_value(m, specimen, i), &number, error);
        if (!status && number < n)
            status = status_set(error, ADAMAS_E_DATA,
                                "%s: two files are named '%s': name specimens by an expression or a table of files",
                                m->places[i].file, seen.name[number]);
    }
    names_clear(&seen);
    return status;
}

/* The imported files, and after them the table of files, by name without folder. */
static adamas_status fill_sources(import_job *job, const char **file_names, char (*hex)[65], const char **digests,
                                  size_t n, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; !status && i < n; i++) {
        const char *path = i < job->what->n_files ? job->what->files[i] : job->what->table;
        file_names[i] = text_file_name(path);
        digests[i] = hex[i];
        status = text_is_utf8(file_names[i])
                     ? digest_file(hex[i], path, job->work, error)
                     : status_set(error, ADAMAS_E_ARGUMENT, "%s: the file's name is not UTF-8", path);
    }
    if (!status)
        status = check_contents(job, digests, error);
    if (!status)
        status = spectra_set_text(job->set, ADAMAS_SOURCES, "file", n, file_names, error);
    if (!status)
        status = spectra_set_text(job->set, ADAMAS_SOURCES, "sha256", n, digests, error);
    return status;
}

static adamas_status set_sources(import_job *job, adamas_error *error)
{
    size_t n = job->what->n_files + (job->what->table != NULL);
    const char **file_names = memory_raw(n, sizeof *file_names);
    const char **digests = memory_raw(n, sizeof *digests);
    char(*hex)[65] = memory_raw(n, sizeof *hex);
    adamas_status status =
        file_names && digests && hex ? fill_sources(job, file_names, hex, digests, n, error) : status_no_memory(error);
    free(file_names);
    free(digests);
    free(hex);
    return status;
}

static adamas_status finish(import_job *job, adamas_error *error)
{
    adamas_status status = import_job_flush(job, error);
    if (status)
        return status;
    job->set->n_shots = job->meta.n;
    status = set_sources(job, error);
    if (!status)
        status = check_names(job, error);
    if (!status)
        status = meta_tables(&job->meta, job->set, error);
    if (status)
        return status;
    spectra_writer *writer = job->writer;
    job->writer = NULL;
    return spectra_writer_finish(writer, job->set, error);
}

adamas_status import_files(const char *path, const adamas_import *what, work *w, adamas_error *error)
{
    if (!what->n_files)
        return status_set(error, ADAMAS_E_ARGUMENT, "no files to import, at least 1 expected");
    import_job job = {.what = what, .work = w, .path = path};
    adamas_status status = file_name_compile(&job.patterns, what, error);
    if (!status && what->table)
        status = file_table_read(&job.table, what->table, &job.meta, error);
    if (!status)
        status = read_files(&job, error);
    if (!status && what->table)
        status = file_table_check(&job.table, error);
    if (!status)
        status = finish(&job, error);
    import_job_clear(&job);
    return status;
}
