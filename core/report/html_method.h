/* The method on the page: its text, the libraries, shots set aside, and what the numbers of a parcel are based on. */
#ifndef REPORT_HTML_METHOD_H
#define REPORT_HTML_METHOD_H

#include "base/text.h"
#include "report/report_result.h"

void html_method(text *page, const report_result *r);

#endif
