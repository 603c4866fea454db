/* Why something is missing from a report. What lower layers say of it passes through. */
#include "report/reasons.h"

void reason_no_evidence(text *t, const report_result *r)
{
    const char *found = r->kind == REPORT_VALIDATION ? r->validation.no_evidence : NULL;
    if (r->kind == REPORT_CLASSIFICATION)
        found = r->classification.no_evidence == MISSING_NOT_ASKED ? "densities alone were asked for"
                                                                   : r->classification.no_evidence_text;
    if (found)
        text_append(t, "%s", found);
}

void reason_no_composition(text *t, const report_result *r)
{
    const char *found = NULL;
    if (r->kind == REPORT_CLASSIFICATION)
        found = r->classification.no_composition == MISSING_NOT_ASKED ? "it was not asked for"
                                                                      : r->classification.no_composition_text;
    if (found)
        text_append(t, "%s", found);
}
