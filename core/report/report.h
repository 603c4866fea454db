/* A report: a result, its values by their public names, and its two forms, JSON and a page of HTML. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/report_tables.h"

/* Drawn when they are first asked for. */
typedef struct report_forms {
    char *json, *html;
} report_forms;

struct adamas_report {
    report_result result;
    report_tables tables;
    report_forms *forms;
};

/* Takes the result over, on failure too. */
adamas_status report_make(adamas_report **out, report_result *r, adamas_error *error);

/* The page, or the JSON, in the report's own memory. */
adamas_status report_form(const char **out, const adamas_report *report, int is_page, adamas_error *error);

/* The page if the path ends in .html, else the JSON. */
adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error);
void report_free(adamas_report *report);

#endif
