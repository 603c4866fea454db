/* What a report is drawn from: one of the three results, and what follows from it. */
#ifndef REPORT_REPORT_RESULT_H
#define REPORT_REPORT_RESULT_H

#include "classification/classification.h"
#include "classification/plan.h"
#include "validation/validation_result.h"

/* Bits, so that a name can say in which reports it is. */
typedef enum report_kind { REPORT_CLASSIFICATION = 1, REPORT_VALIDATION = 2, REPORT_PLAN = 4 } report_kind;

typedef struct report_result {
    report_kind kind;
    union {
        classification classification;
        validation_result validation;
        plan_result plan;
    };
} report_result;

void report_result_clear(report_result *r);

/* What all three have; and what a classification and a validation have, NULL for a plan. */
const model_description *report_model(const report_result *r);
const specimen_results *report_specimens(const report_result *r);
const text_list *report_origins(const report_result *r);

/* What was held out behind the evidence: localities, else specimens; sessions with them? */
int report_holds_out_localities(const report_result *r);
int report_holds_out_sessions(const report_result *r);

/* What is new in the specimens of a validation's case. */
const char *report_case_name(size_t which);

/* The name of a place among the shares of a composition: an origin, or the last, "none of these". */
const char *report_share_name(const classification *c, size_t share);

/* Is the whole parcel larger than the specimens that were measured? By how many; 0 if there is no composition. */
size_t report_not_measured(const classification *c);

/* Is it not known how much the localities of one origin differ? Then a composition is of the libraries' own alone. */
int report_is_of_own_localities(const classification *c);

/* So many of the parcel's specimens are unlike every library that the way it was measured is in question. */
int report_differs(const classification *c);

/* How many controls are unlike their own origins? */
size_t report_controls_failing(const classification *c);

/* Controls could be checked, and none of them fails. */
int report_controls_hold(const classification *c);

#endif
