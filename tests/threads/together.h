/* Two threads at once, for plain programs that a thread sanitizer watches. */
#ifndef THREADS_TOGETHER_H
#define THREADS_TOGETHER_H

#include "sample.h"

/* Runs each on a thread of its own, started together. Ends the program with 1 where one says other than 0. */
int together(int (*one)(void *), void *first, int (*other)(void *), void *second);

/* 0 and *out, or a line on stderr and 1. */
int train_here(adamas_model **out, const char *method, const sample *library);
int classify_here(adamas_report **out, const adamas_model *model, const sample *parcel);

#endif
