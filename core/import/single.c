#include "import/block.h"
#include "import/import_job.h"

/* The spectrum of a page, whatever its format. */
static adamas_status read_spectrum(spectrum *out, const import *in, const page *p, adamas_error *error)
{
    block b = {.page = p, .last = p->n};
    jcamp j = {0};
    size_t column = 1;
    int is_jcamp = jcamp_is(p);
    adamas_status status = is_jcamp ? jcamp_find(&j, &b, error) : ADAMAS_OK;
    if (!status)
        status = block_find(&b, error);
    if (!status)
        status = block_column(&column, &b, is_jcamp ? NULL : in->what->column, error);
    if (!status)
        status = block_read(out, &b, column, error);
    return !status && is_jcamp ? jcamp_finish(&j, &b, out, error) : status;
}

static adamas_status add_shot(import *in, const char *path, const spectrum *s, adamas_error *error)
{
    adamas_status status = import_axis(in, path, s->nm, s->n, error);
    if (!status)
        status = meta_add(&in->meta, (meta_place){path, 0, 0}, error);
    if (!status && in->what->table)
        status = file_table_apply(in, path, error);
    if (!status)
        status = file_patterns_apply(&in->patterns, path, &in->meta, error);
    return status ? status : import_row(in, s->intensity, error);
}

adamas_status single_read(import *in, const char *path, adamas_error *error)
{
    page p = {0};
    spectrum s = {0};
    adamas_status status = page_read(&p, path, error);
    if (!status)
        status = read_spectrum(&s, in, &p, error);
    if (!status)
        status = add_shot(in, path, &s, error);
    spectrum_clear(&s);
    page_clear(&p);
    return status;
}
