/* The JSON of a report. Numbers have 15 significant digits: more would show rounding, not results. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/report_result.h"

/* The text, for the caller to free(). */
adamas_status report_json(char **out, const report_result *r, adamas_error *error);

#endif
