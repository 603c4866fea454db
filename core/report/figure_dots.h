/* Dots along a strip, stacked where they would hide each other: as many dots are seen as there are. */
#ifndef REPORT_FIGURE_DOTS_H
#define REPORT_FIGURE_DOTS_H

#include "report/svg.h"

#include <stddef.h>

/* x[n] are places from `from` to `to`, NaN for none. They are moved to the middle of columns as wide as a dot, and y[n]
 * becomes the height of each dot's middle above the strip's floor, in the order given. Returns the radius, at most 5:
 * that at which the highest stack stands within `room`; stacks too high for the smallest dots are squeezed. */
double figure_stack_dots(size_t n, double *x, double *y, double from, double to, double room);

/* "12 stones": one or many. */
svg_name figure_count(size_t n, const char *one, const char *many);

#endif
