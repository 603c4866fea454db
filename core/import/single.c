/* A text file of one spectrum: reads the page, finds the block of numbers, adds the shot. */
#include "import/single.h"

#include "import/heading.h"
#include "import/jcamp.h"
#include "import/page.h"

/* The spectrum of a page, whatever its format. */
static adamas_status read_spectrum(block_spectrum *out, const import_job *job, const page *p, adamas_error *error)
{
    block b = {.page = p, .last = p->n};
    jcamp j = {0};
    size_t column = 1;
    int is_jcamp = jcamp_is(p);
    adamas_status status = is_jcamp ? jcamp_find(&j, &b, error) : ADAMAS_OK;
    if (!status)
        status = block_find(&b, error);
    if (!status)
        status = heading_column(&column, &b, is_jcamp ? NULL : job->what->column, error);
    if (!status)
        status = block_read(out, &b, column, error);
    return !status && is_jcamp ? jcamp_finish(&j, &b, out, error) : status;
}

static adamas_status add_shot(import_job *job, const char *path, const block_spectrum *s, adamas_error *error)
{
    adamas_status status = import_job_set_axis(job, path, s->nm, s->n, error);
    if (!status)
        status = meta_add(&job->meta, (meta_place){path, 0, 0}, error);
    if (!status && job->what->table)
        status = file_table_apply(&job->table, path, &job->meta, error);
    if (!status)
        status = file_name_apply(&job->patterns, path, &job->meta, error);
    return status ? status : import_job_add_row(job, s->intensity, error);
}

adamas_status single_read(import_job *job, const char *path, adamas_error *error)
{
    page p = {0};
    block_spectrum s = {0};
    adamas_status status = page_read(&p, path, error);
    if (!status)
        status = read_spectrum(&s, job, &p, error);
    if (!status)
        status = add_shot(job, path, &s, error);
    block_spectrum_clear(&s);
    page_clear(&p);
    return status;
}
