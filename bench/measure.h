/* The clock, medians, peak memory, and the output of the programs: one JSON object a line. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

double measure_now(void); /* seconds of a monotonic clock */

/* Returns the median of values[n], which are sorted in place. */
double measure_median(size_t n, double *values);

/* Peak resident memory of the process, in MB. */
double measure_peak_mb(void);

/* Prints {"what": what, "name": name, key: value, ...}. The pairs are of const char * and double, ended by NULL. */
void measure_print(const char *what, const char *name, ...);

/* If failed is not 0, prints the message to stderr and ends the program. */
void measure_check(int failed, const char *message);

#endif
