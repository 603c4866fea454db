/* The one sentence that a report opens with: it claims no more than the numbers below it. */
#ifndef REPORT_CONCLUSION_H
#define REPORT_CONCLUSION_H

#include "report/reading.h"

/* For the caller to free(). */
adamas_status conclusion_make(char **out, const result *r, adamas_error *error);

#endif
