/* A clock, medians, and what a program prints: one JSON object a line. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

double measure_now(void); /* seconds */

/* The middle one; sorts them. */
double measure_median(size_t n, double *values);

/* The most memory that the process has had, in MB. */
double measure_peak_mb(void);

/* One line: {"what": what, "name": name, key: value, ...}; pairs of const char *, double, ended by NULL. */
void measure_say(const char *what, const char *name, ...);

/* Ends the program with a line on stderr where there is a message. */
void measure_check(int failed, const char *message);

#endif
