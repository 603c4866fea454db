/* Numbers as a reader without mathematics meets them. They are appended to a text, in UTF-8 and not escaped, and do not
 * depend on the locale. */
#ifndef REPORT_PHRASE_H
#define REPORT_PHRASE_H

#include "base/text.h"

/* "23 %", "under 1 %", "over 99 %"; "unknown" for NaN. */
void phrase_share(text *t, double share);

/* The same, rounded up to a whole percentage: for a bound, that must not claim less than it is. */
void phrase_share_up(text *t, double share);

/* "12 to 35 %" */
void phrase_shares(text *t, double low, double high);

/* "23 % (95 % interval 12 to 35 %)"; a short one is "23 % (12 to 35 %)". */
void phrase_estimate(text *t, double mean, double low, double high, int is_short);

/* A likelihood ratio of two digits: "130", "1/2,400", "1/1.3 million"; from 10^9 on "10^12". */
void phrase_lr(text *t, double log10_lr);

/* "+2.13", "−0.40" */
void phrase_log10(text *t, double log10_lr);

/* "1,234" */
void phrase_count(text *t, double n);

/* Before "cases": "19 of 20" for 0.95, "97.0 % of" if it is no such fraction. */
void phrase_chance(text *t, double chance);

/* A p-value: three decimals, four below 0.001; "under 0.0001". */
void phrase_p(text *t, double p);

/* Appends what stands before the i-th of n listed: "", ", " or " and ". */
void phrase_between(text *t, size_t i, size_t n);

#endif
