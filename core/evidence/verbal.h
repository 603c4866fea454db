/* Verbal equivalents of likelihood ratios, to be given beside the number and never instead of it. */
#ifndef EVIDENCE_VERBAL_H
#define EVIDENCE_VERBAL_H

/* The words of the ENFSI Guideline for Evaluative Reporting in Forensic Science (version 3.0, 2015) for the size of a
 * log10 LR of either sign; the caller names the proposition that it supports. LR below 2: no support; from 2 weak, 10
 * moderate, 100 moderately strong, 1,000 strong, 10,000 very strong, 1,000,000 extremely strong. A value on the
 * border of two rows belongs to the stronger one. NaN is no support. */
const char *verbal_support(double log10_lr);

#endif
