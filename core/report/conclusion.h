/* The sentence at the top of a report: it claims no more than the numbers below it. */
#ifndef REPORT_CONCLUSION_H
#define REPORT_CONCLUSION_H

#include "base/text.h"
#include "report/report_result.h"

void conclusion_write(text *out, const report_result *r);

#endif
