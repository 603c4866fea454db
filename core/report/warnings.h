/* What whoever reads a report must know first. Each function appends its sentence, or nothing if it does not apply. */
#ifndef REPORT_WARNINGS_H
#define REPORT_WARNINGS_H

#include "base/text.h"
#include "report/report_result.h"

void warning_synthetic(text *t, const report_result *r);
void warning_measured(text *t, const report_result *r); /* the parcel may have been measured differently */
void warning_control(text *t, const report_result *r);  /* a control could not be checked */
void warning_declared(text *t, const report_result *r); /* the declared origin is in no library */
void warning_library(text *t, const report_result *r);  /* the parcel is one of the reference libraries */
void warning_medium(text *t, const report_result *r);   /* air or vacuum is not known */
void warning_sampling(text *t, const report_result *r); /* the simulation has not converged */
void warning_open_set(text *t, const report_result *r);
void warning_confound(text *t, const report_result *r);
void warning_session(text *t, const report_result *r);

/* All of them, the gravest first; NULL ends the list. */
extern void (*const warnings_all[])(text *t, const report_result *r);

/* That the parcel may have been measured differently, as part of a sentence: "95 % of the stones ...". */
void warning_differs(text *t, const classification *c);

#endif
