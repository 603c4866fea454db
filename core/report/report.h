/* Reports: the numbers of a result, the same as JSON, and as a page of HTML. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "model/result.h"

struct adamas_report {
    result result;
    char *json;
    char *html;
};

/* Takes the result over, on failure too. */
adamas_status report_make(adamas_report **out, result *r, adamas_error *error);

/* The page where the path ends in .html, else the JSON. */
adamas_status report_write(const adamas_report *report, const char *path, adamas_error *error);
void report_free(adamas_report *report);

/* That the spectra are synthetic, that the parcel was measured differently, then the other facts warning/...; NULL past
 * the last. */
const char *report_warning(const result *r, size_t index);

#endif
