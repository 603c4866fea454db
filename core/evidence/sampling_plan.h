/* Sample size by the hypergeometric distribution: sampling without replacement, with a method that recognises each
 * foreign specimen with a known probability (UNODC and ENFSI 2009, "Guidelines on Representative
 * Drug Sampling"). */
#ifndef EVIDENCE_SAMPLING_PLAN_H
#define EVIDENCE_SAMPLING_PLAN_H

#include <stddef.h>

/* The smallest number of specimens to measure, of a parcel of `whole` of which `foreign` <= whole are foreign, so that
 * at least one foreign specimen is recognised with probability `confidence`, if each that is measured is recognised
 * with probability `sensitivity`; 0 if all of them do not suffice. */
size_t sampling_plan_min_size(size_t whole, size_t foreign, double sensitivity, double confidence);

#endif
