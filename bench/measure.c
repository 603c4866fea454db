/* Measuring and printing, for all programs of the benchmark. */
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

double measure_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double measure_median(size_t n, double *values)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double measure_peak_mb(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

void measure_print(const char *what, const char *name, ...)
{
    printf("{\"what\": \"%s\", \"name\": \"%s\"", what, name);
    va_list list;
    va_start(list, name);
    for (const char *key; (key = va_arg(list, const char *));)
        printf(", \"%s\": %.7g", key, va_arg(list, double));
    va_end(list);
    puts("}");
    fflush(stdout);
}

void measure_check(int failed, const char *message)
{
    if (!failed)
        return;
    fprintf(stderr, "%s\n", message);
    exit(1);
}
