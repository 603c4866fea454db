/* What a report says in sentences beside its numbers: the same in JSON and on the page. */
#ifndef REPORT_STATEMENTS_H
#define REPORT_STATEMENTS_H

#include "base/text.h"
#include "report/report_result.h"

enum { STATEMENTS_MAX = 24 };

typedef struct statements {
    size_t n;
    text at[STATEMENTS_MAX];
} statements;

/* What whoever reads the report must know first, the gravest first. */
adamas_status statements_warnings(statements *out, const report_result *r, adamas_error *error);

/* What the numbers are based on: what was held out and what follows from it. */
adamas_status statements_basis(statements *out, const report_result *r, adamas_error *error);

/* The propositions that were compared, with their weights. */
adamas_status statements_propositions(statements *out, const report_result *r, adamas_error *error);

/* What the report does not say. */
adamas_status statements_limits(statements *out, const report_result *r, adamas_error *error);

void statements_clear(statements *s);

#endif
