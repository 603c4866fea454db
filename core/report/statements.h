/* What a report says in sentences beside its numbers: the same in JSON and on the page. */
#ifndef REPORT_STATEMENTS_H
#define REPORT_STATEMENTS_H

#include "base/text.h"
#include "report/reading.h"

enum { STATEMENTS_MOST = 24 };

typedef struct statements {
    size_t n;
    text at[STATEMENTS_MOST];
} statements;

/* On what ground the numbers stand: what was held out and what follows from it. */
adamas_status statements_ground(statements *out, const result *r, adamas_error *error);

/* The propositions that were compared, with their weights. */
adamas_status statements_propositions(statements *out, const result *r, adamas_error *error);

/* What the report does not say. */
adamas_status statements_limits(statements *out, const result *r, adamas_error *error);

void statements_clear(statements *s);

/* That the parcel may have been measured differently, as part of a sentence: "95 % of the stones ...". */
void statements_differs(text *t, const result *r);

/* Sets the facts warning/... that follow from the numbers. */
adamas_status statements_warn(result *r, adamas_error *error);

#endif
