/* Reports: the numbers of a result, and the same as JSON. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "model/result.h"

struct adamas_report {
    result result;
    char *json;
};

/* Takes the result over, on failure too. */
adamas_status report_make(adamas_report **out, result *r, adamas_error *error);
adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error);
void report_free(adamas_report *report);

/* That the spectra are synthetic, then the facts warning/...; NULL past the last. */
const char *report_warning(const result *r, size_t index);

/* json.c: the text, for the caller to free(). */
adamas_status report_json(char **out, const result *r, adamas_error *error);

#endif
