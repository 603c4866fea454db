/* Likelihood ratios in sentences: of a declared origin, and of one specimen. */
#ifndef REPORT_LR_WORDS_H
#define REPORT_LR_WORDS_H

#include "base/text.h"
#include "classification/declared_test.h"

/* "likelihood ratio 35, moderate support for the declaration"; past a bound only the bound is quoted. */
void lr_words_declared(text *t, const declared_test *d);

/* "+2.13 (LR 130: moderately strong support for the declaration); Monte Carlo error 0.04", with the same bounds. */
void lr_words_declared_log10(text *t, const declared_test *d);

/* " (likelihood ratio against the libraries' other origins 35, moderate support for this origin)"; nothing for NaN. */
void lr_words_specimen(text *t, double log10_lr);

/* Beside a number: "moderate support for it", "weak support for the others", "no support either way". */
void lr_words_support(text *t, double log10_lr);

/* An LR between 1/2 and 2 supports neither proposition. */
int lr_supports(double log10_lr);

#endif
