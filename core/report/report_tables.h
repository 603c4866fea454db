/* A report's values by their public names, as the accessors lend them. */
#ifndef REPORT_REPORT_TABLES_H
#define REPORT_REPORT_TABLES_H

#include "base/table.h"
#include "report/report_result.h"

enum { REPORT_TABLES = ADAMAS_CASES + 1 };

typedef struct report_tables {
    table tables[REPORT_TABLES]; /* by ADAMAS_SPECIMENS, ... */
    table numbers;               /* one row */
    table facts;                 /* texts, one row */
    text_list warnings;          /* the gravest first */
} report_tables;

adamas_status report_tables_make(report_tables *out, const report_result *r, adamas_error *error);
void report_tables_clear(report_tables *t);

#endif
