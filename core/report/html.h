/* The page of a report: one file of HTML with no script and no link, for the screen, a telephone and A4 paper. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report_result.h"

/* The text, for the caller to free(). */
adamas_status report_html(char **out, const report_result *r, adamas_error *error);

#endif
