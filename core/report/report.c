/* A report: a result, its values by their public names, and its two forms. */
#include "report/report.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/html.h"
#include "report/json.h"
#include "store/new_file.h"

#include <stdlib.h>
#include <string.h>

adamas_status report_form(const char **out, const adamas_report *report, int is_page, adamas_error *error)
{
    char **form = is_page ? &report->forms->html : &report->forms->json;
    adamas_status status = ADAMAS_OK;
    if (!*form)
        status = is_page ? report_html(form, &report->result, error) : report_json(form, &report->result, error);
    *out = status ? NULL : *form;
    return status;
}

adamas_status report_make(adamas_report **out, report_result *r, adamas_error *error)
{
    *out = NULL;
    adamas_report *made = memory_new(1, sizeof *made);
    if (!made) {
        report_result_clear(r);
        return status_no_memory(error);
    }
    made->result = *r;
    made->forms = memory_new(1, sizeof *made->forms);
    adamas_status status =
        made->forms ? report_tables_make(&made->tables, &made->result, error) : status_no_memory(error);
    if (status)
        report_free(made);
    else
        *out = made;
    return status;
}

adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error)
{
    new_file *f;
    const char *ending = strrchr(text_file_name(path), '.');
    const char *form;
    adamas_status status = report_form(&form, report, ending && strcmp(ending, ".html") == 0, error);
    if (!status)
        status = new_file_start(&f, path, error);
    if (status)
        return status;
    new_file_write(f, 0, form, strlen(form));
    return new_file_commit(f, error);
}

void report_free(adamas_report *report)
{
    if (!report)
        return;
    report_result_clear(&report->result);
    report_tables_clear(&report->tables);
    if (report->forms) {
        free(report->forms->json);
        free(report->forms->html);
    }
    free(report->forms);
    free(report);
}
