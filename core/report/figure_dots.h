/* Dots along a strip, stacked if they would hide each other, so that every dot is seen. */
#ifndef REPORT_FIGURE_DOTS_H
#define REPORT_FIGURE_DOTS_H

#include "report/svg.h"

#include <stddef.h>

enum { FIGURE_MAX_COLUMNS = 256 };

typedef struct figure_strip {
    double from, to; /* of the axis */
    double fence;    /* within it: no dot is moved across */
    double height;
    double largest; /* radius; 0 for the usual one */
} figure_strip;

typedef struct figure_stacks {
    double radius; /* of the dots: that at which the highest stack has room, from 2.4 up to the largest, 5 */
    double width;  /* of a column */
    double start;  /* of the first column */
    size_t count[FIGURE_MAX_COLUMNS];
    size_t most; /* dots of a stack that is not squeezed */
} figure_stacks;

/* x[n] are places on the axis, NaN for none. They are moved to the middle of columns as wide as a dot, and y[n] becomes
 * the height of each dot's middle above the strip's floor, in the order given. A stack of more than `most` is squeezed
 * to the strip's height. */
void figure_stack_dots(figure_stacks *out, size_t n, double *x, double *y, const figure_strip *strip);

/* The numbers of dots above the squeezed stacks, whose dots hide each other, as far as they do not overlap. */
void figure_write_squeezed(svg *s, const figure_stacks *stacks, double y);

/* "12 stones": one or many. */
svg_name figure_count(size_t n, const char *one, const char *many);

#endif
