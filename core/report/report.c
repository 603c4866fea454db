#include "report/report.h"

#include "base/memory.h"
#include "base/text.h"
#include "report/conclusion.h"
#include "report/html.h"
#include "report/json.h"
#include "report/statements.h"
#include "store/new_file.h"

#include <stdlib.h>
#include <string.h>

/* What follows from the numbers is said first, so that every form of the report has it. */
static adamas_status draw(adamas_report *report, adamas_error *error)
{
    result *r = &report->result;
    char *conclusion = NULL;
    adamas_status status = statements_warn(r, error);
    if (!status)
        status = conclusion_make(&conclusion, r, error);
    if (!status)
        status = table_set_text(&r->facts, "conclusion", 1, &(const char *){conclusion}, error);
    free(conclusion);
    return status;
}

adamas_status report_form(const char **out, const adamas_report *report, int is_page, adamas_error *error)
{
    char **form = is_page ? &report->forms->html : &report->forms->json;
    adamas_status status = ADAMAS_OK;
    if (!*form)
        status = is_page ? report_html(form, &report->result, error) : report_json(form, &report->result, error);
    *out = status ? NULL : *form;
    return status;
}

adamas_status report_make(adamas_report **out, result *r, adamas_error *error)
{
    *out = NULL;
    adamas_report *made = memory_new(1, sizeof *made);
    if (!made) {
        result_clear(r);
        return status_no_memory(error);
    }
    made->result = *r;
    *r = (result){0};
    made->forms = memory_new(1, sizeof *made->forms);
    adamas_status status = made->forms ? draw(made, error) : status_no_memory(error);
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
    result_clear(&report->result);
    if (report->forms) {
        free(report->forms->json);
        free(report->forms->html);
    }
    free(report->forms);
    free(report);
}

/* A parcel that was measured differently makes all else idle. */
static const char measured_warning[] = "warning/measured";

const char *report_warning(const result *r, size_t index)
{
    static const char prefix[] = "warning/";
    const char *measured = reading_fact(r, measured_warning);
    if (reading_is_synthetic(r) && index-- == 0)
        return "synthetic reference spectra: not evidence";
    if (measured && index-- == 0)
        return measured;
    for (size_t i = 0; i < r->facts.n_columns; i++) {
        const adamas_column *fact = r->facts.columns[i];
        if (strncmp(fact->name, prefix, sizeof prefix - 1) == 0 && strcmp(fact->name, measured_warning) != 0 &&
            index-- == 0)
            return fact->text[0];
    }
    return NULL;
}
