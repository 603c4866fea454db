/* How each origin is drawn, the same in every figure, and legends that explain it. */
#ifndef REPORT_SVG_STYLE_H
#define REPORT_SVG_STYLE_H

#include "report/svg.h"

/* How the k-th origin is drawn in every figure: colours that the colour-blind tell apart and of unlike lightness, and
 * beside them a marker, a dash and a hatch of its own, for printers without colour. Over 8 origins colours, dashes and
 * hatches repeat, with hollow markers; over 16 with other markers. */
typedef struct svg_style {
    const char *colour;
    svg_marker marker;
    int hollow;
    const char *dash; /* NULL for a solid line */
    int hatch;        /* 0 to 7 */
} svg_style;

svg_style svg_style_of(size_t k);

/* Defines the hatch of the k-th origin; its name is a fill. */
svg_name svg_hatch(svg *s, size_t k);

/* One marker in the style of an origin. */
void svg_marker_of(svg *s, size_t k, double x, double y, double radius);

typedef struct svg_legend_entry {
    const char *name;
    enum { SVG_LEGEND_ORIGIN, SVG_LEGEND_CURVE, SVG_LEGEND_MARKER, SVG_LEGEND_LINE } kind;
    size_t k;          /* the origin, for its marker (ORIGIN) or its line and marker (CURVE) */
    svg_marker marker; /* MARKER */
    svg_look look;     /* MARKER, LINE */
} svg_legend_entry;

/* In rows within `width` from x; the top of the first is y. Returns the height; s NULL only measures. */
double svg_legend(svg *s, double x, double y, double width, size_t n, const svg_legend_entry *entries);

#endif
