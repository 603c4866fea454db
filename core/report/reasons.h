/* Why something is missing from a report, as the end of a sentence: nothing is appended if it is not missing, or if no
 * reason is known. */
#ifndef REPORT_REASONS_H
#define REPORT_REASONS_H

#include "base/text.h"
#include "report/report_result.h"

/* Typicality and likelihood ratios, of a classification or a validation. */
void reason_no_evidence(text *t, const report_result *r);

/* A parcel's composition, though there is evidence. */
void reason_no_composition(text *t, const report_result *r);

#endif
