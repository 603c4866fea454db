/* How many stones to measure: sampling without replacement, with a method that reveals a foreign stone with a known
 * probability. */
#ifndef EVIDENCE_SAMPLING_PLAN_H
#define EVIDENCE_SAMPLING_PLAN_H

#include <stddef.h>

/* Probability that at least one of `foreign` <= whole foreign stones among `whole` is revealed when `measured` <= whole
 * stones, drawn at random, are measured and each foreign one is revealed with probability `sensitivity`:
 * 1 - sum_i Hyp(i; whole, foreign, measured) (1 - sensitivity)^i. */
double sampling_plan_detection_probability(size_t whole, size_t foreign, size_t measured, double sensitivity);

/* The least number of stones to measure so that sampling_plan_detection_probability reaches `confidence`; 0 where all
 * of them do not. */
size_t sampling_plan_min_size(size_t whole, size_t foreign, double sensitivity, double confidence);

#endif
