/* Dots along a strip, stacked where they would hide each other: as many dots are seen as there are. */
#ifndef REPORT_FIGURE_DOTS_H
#define REPORT_FIGURE_DOTS_H

#include "report/svg.h"

#include <stddef.h>

enum { FIGURE_MOST_COLUMNS = 256 };

typedef struct figure_stacks {
    double radius; /* of the dots: that at which the highest stack has room, within 2.4 to 5 */
    double width;  /* of a column */
    size_t count[FIGURE_MOST_COLUMNS];
    size_t most; /* dots of a stack that is not squeezed */
} figure_stacks;

/* x[n] are places from `from` to `to`, NaN for none. They are moved to the middle of columns as wide as a dot, and y[n]
 * becomes the height of each dot's middle above the strip's floor, in the order given. A stack of more than `most` is
 * squeezed to `room`. */
void figure_stack_dots(figure_stacks *out, size_t n, double *x, double *y, double from, double to, double room);

/* The numbers of dots above the squeezed stacks, whose dots hide each other, as far as they do not overlap. */
void figure_write_squeezed(svg *s, const figure_stacks *stacks, double from, double y);

/* "12 stones": one or many. */
svg_name figure_count(size_t n, const char *one, const char *many);

#endif
