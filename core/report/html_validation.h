/* What a cross-validation found, and a plan, on the page. */
#ifndef REPORT_HTML_VALIDATION_H
#define REPORT_HTML_VALIDATION_H

#include "base/text.h"
#include "report/report_result.h"

void html_validation(text *page, const validation_result *v);
void html_plan(text *page, const plan_result *p);

#endif
