/* The parcel on the page: what it is, its composition, and the test of what its papers declare. */
#ifndef REPORT_HTML_PARCEL_H
#define REPORT_HTML_PARCEL_H

#include "base/text.h"
#include "report/report_result.h"

/* r is a classification. */
void html_parcel(text *page, const report_result *r);

/* Nothing if no origin is declared. */
void html_declared(text *page, const classification *c);

#endif
