/* Helpers of the programs that run under the thread sanitizer. */
#ifndef THREADS_TWO_THREADS_H
#define THREADS_TWO_THREADS_H

#include "synthetic_set.h"

/* Calls each function in a thread of its own, started at the same time. Returns 1 if one of them does not return 0. */
int run_in_two_threads(int (*one)(void *), void *first, int (*other)(void *), void *second);

/* 0 and *out, or 1 and a message on stderr. */
int train_or_print(adamas_model **out, const char *method, const synthetic_set *library);
int classify_or_print(adamas_report **out, const adamas_model *model, const synthetic_set *parcel);

#endif
