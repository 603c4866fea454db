/* Axes with round ticks, linear or of powers of ten. */
#ifndef REPORT_SVG_AXIS_H
#define REPORT_SVG_AXIS_H

#include "report/svg.h"

typedef struct svg_axis {
    double low, high; /* finite, low < high */
    double from, to;  /* where those are drawn */
    int powers;       /* values are log10 of what is meant: ticks at whole powers, named below as 1/10, 1, 10 */
} svg_axis;

/* From round number to round number around low..high; 0..1 if they are not finite, and of some length if they are
 * equal. */
svg_axis svg_axis_around(double low, double high, double from, double to);

/* The same with whole powers at its ends. */
svg_axis svg_axis_of_powers(double low, double high, double from, double to);

/* The place of a value: NaN if it is not known, the end of the axis if it is beyond. */
double svg_axis_place(const svg_axis *a, double value);

/* The same, without the ends. */
double svg_axis_place_beyond(const svg_axis *a, double value);

/* A grid line up to `top`, ticks, numbers and the label below y. The label's last line ends 50 below y; 66 for powers.
 */
void svg_axis_below(svg *s, const svg_axis *a, double top, double y, const char *label);

/* The same left of x, with a grid to `right`; the label is turned and 50 left of x. */
void svg_axis_left(svg *s, const svg_axis *a, double x, double right, const char *label);

#endif
