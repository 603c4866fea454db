/* SVG drawings that stand alone: no script, no link, no font file, no class. Several of them may be within one HTML
 * file.
 *
 * Coordinates and sizes are units of the viewBox, y downwards, written to a tenth whatever the locale. What has a
 * coordinate that is not finite is not drawn. Texts are UTF-8 of any content: they are escaped here. */
#ifndef REPORT_SVG_H
#define REPORT_SVG_H

#include "base/text.h"

typedef struct svg {
    text *out;          /* memory that ran out is told by out->failed */
    const char *prefix; /* starts every id: letters, digits, '-' and '_', at most 40; unique within a page */
} svg;

typedef struct svg_look {
    const char *fill;   /* a colour or svg_hatch().name; NULL for none */
    const char *stroke; /* NULL for none */
    double width;       /* of the stroke */
    const char *dash;   /* "6 3"; NULL for a solid one */
    double opacity;     /* 0 counts as 1 */
} svg_look;

typedef enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END } svg_anchor;

typedef enum svg_marker {
    SVG_CIRCLE,
    SVG_SQUARE,
    SVG_TRIANGLE,
    SVG_DIAMOND,
    SVG_TRIANGLE_DOWN,
    SVG_PLUS,
    SVG_STAR,
    SVG_HOURGLASS,
    SVG_CROSS /* two strokes: the only marker that cannot be filled */
} svg_marker;

typedef struct svg_name {
    char name[96];
} svg_name;

/* A number with that many decimals (to 9), with a true minus sign; an en dash if it is not finite. */
svg_name svg_decimal(double value, int decimals);

/* A text as it stands in SVG or HTML: escaped, without control characters and marks that turn the direction of writing;
 * of one that is not UTF-8 all beyond ASCII become question marks. */
void svg_escape(text *out, const char *raw);

void svg_open(svg *s, double width, double height, const char *title, const char *description);
void svg_close(svg *s);

/* All until svg_clip_end is cut at the rectangle: one a figure. */
void svg_clip(svg *s, double x, double y, double width, double height);
void svg_clip_end(svg *s);

void svg_line(svg *s, double x1, double y1, double x2, double y2, const svg_look *look);
void svg_rectangle(svg *s, double x, double y, double width, double height, const svg_look *look);

/* A line through x[n], y[n], broken at a point that is not finite; filled if the look has a fill. */
void svg_polyline(svg *s, size_t n, const double *x, const double *y, const svg_look *look);

/* Vertical bars from `base` to y[n] as one shape; bars that would be lower than 0.1 are left out. */
void svg_bars(svg *s, size_t n, const double *x, const double *y, double base, double width, const svg_look *look);

/* One shape of all the markers; `radius` is that of the circle of equal area. */
void svg_markers(svg *s, svg_marker marker, size_t n, const double *x, const double *y, double radius,
                 const svg_look *look);

/* Round ones without outline: short to write, for when there are many. */
void svg_dots(svg *s, size_t n, const double *x, const double *y, double radius, const char *colour);

/* An interval with end caps. */
void svg_whisker(svg *s, double x1, double y1, double x2, double y2, double cap, const svg_look *look);

/* All points at Mahalanobis distance `radius` of a centre, the covariance being xx, xy, yy in units of the viewBox. */
void svg_ellipse(svg *s, double x, double y, const double covariance[3], double radius, const svg_look *look);

typedef struct svg_font {
    double size;
    const char *colour;
    svg_anchor anchor;
    int bold;
    int turned; /* reads upwards */
    int halo;   /* a white rim, for over lines */
} svg_font;

void svg_text(svg *s, double x, double y, const svg_font *font, const char *text);

/* Cut with an ellipsis if it would be wider than `width`; the whole is then the text's tooltip. */
void svg_text_within(svg *s, double x, double y, double width, const svg_font *font, const char *text);

/* The width of a text in a usual sans-serif font, rather too wide than too narrow. */
double svg_text_width(const char *text, double size);

#endif
