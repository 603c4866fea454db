/* The figures of a validation. They can run out of memory. */
#ifndef REPORT_HTML_VALIDATION_FIGURES_H
#define REPORT_HTML_VALIDATION_FIGURES_H

#include "base/text.h"
#include "validation/validation_result.h"

adamas_status html_validation_figures(text *page, const validation_result *v, adamas_error *error);

#endif
