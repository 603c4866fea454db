#include "report/report.h"

#include "base/memory.h"
#include "io/newfile.h"

#include <stdlib.h>
#include <string.h>

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
    adamas_status status = report_json(&made->json, &made->result, error);
    if (status)
        report_free(made);
    else
        *out = made;
    return status;
}

adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error)
{
    newfile *f;
    adamas_status status = newfile_start(&f, path, error);
    if (status)
        return status;
    newfile_write(f, 0, report->json, strlen(report->json));
    return newfile_commit(f, error);
}

void report_free(adamas_report *report)
{
    if (!report)
        return;
    result_clear(&report->result);
    free(report->json);
    free(report);
}

const char *report_warning(const result *r, size_t index)
{
    static const char prefix[] = "warning/";
    if (strcmp(table_text(&r->facts, "synthetic", 0), "yes") == 0 && index-- == 0)
        return "synthetic reference spectra: not evidence";
    for (size_t i = 0; i < r->facts.n_columns; i++) {
        const adamas_column *fact = r->facts.columns[i];
        if (strncmp(fact->name, prefix, sizeof prefix - 1) == 0 && index-- == 0)
            return fact->text[0];
    }
    return NULL;
}
