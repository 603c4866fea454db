/* Reports: the numbers of a result, the same as JSON, and as a page of HTML. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "training/result.h"

/* Drawn when they are first asked for. */
typedef struct report_forms {
    char *json, *html;
} report_forms;

struct adamas_report {
    result result;
    report_forms *forms;
};

/* Takes the result over, on failure too. */
adamas_status report_make(adamas_report **out, result *r, adamas_error *error);

/* The page, or the JSON, in the report's own memory. */
adamas_status report_form(const char **out, const adamas_report *report, int is_page, adamas_error *error);

/* The page where the path ends in .html, else the JSON. */
adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error);
void report_free(adamas_report *report);

/* That the spectra are synthetic, that the parcel was measured differently, then the other facts warning/...; NULL past
 * the last. */
const char *report_warning(const result *r, size_t index);

#endif
