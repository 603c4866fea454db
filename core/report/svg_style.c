/* How each origin is drawn, and legends that explain it. */
#include "report/svg_style.h"

#include <math.h>
#include <stdio.h>

/* Colours are Paul Tol's "muted" scheme (SRON/EPS/TN/09-002), in an order in which the first ones are far apart in
 * lightness. */
static const struct {
    const char *colour;
    svg_marker marker;
    const char *dash;
} looks[] = {
    {"#332288", SVG_CIRCLE, NULL},        {"#CC6677", SVG_SQUARE, "9 3"},        {"#117733", SVG_TRIANGLE, "3 3"},
    {"#88CCEE", SVG_DIAMOND, "12 3 3 3"}, {"#882255", SVG_TRIANGLE_DOWN, "6 2"}, {"#44AA99", SVG_PLUS, "2 2"},
    {"#AA4499", SVG_STAR, "9 3 2 3 2 3"}, {"#DDCC77", SVG_HOURGLASS, "14 4"},
};

enum { N_LOOKS = sizeof(looks) / sizeof(*looks) };

svg_style svg_style_of(size_t k)
{
    size_t look = k % N_LOOKS, turn = k / N_LOOKS;
    return (svg_style){.colour = looks[look].colour,
                       .marker = looks[(k + turn / 2) % N_LOOKS].marker,
                       .hollow = turn % 2 == 1,
                       .dash = looks[look].dash,
                       .hatch = (int)look};
}

/* The strokes of each hatch, in a tile of 8 by 8. */
static const char *const strokes[N_LOOKS] = {
    "M-2 2l4-4M0 8l8-8M6 10l4-4",
    "M-2 6l4 4M0 0l8 8M6-2l4 4",
    "M0 2h8M0 6h8",
    "M2 0v8M6 0v8",
    "M0 4h8M4 0v8",
    "M0 0l8 8M0 8l8-8",
    "M1 2h3M5 6h3",
    "M2 2h1M6 6h1",
};

void svg_marker_of(svg *s, size_t k, double x, double y, double radius)
{
    svg_style style = svg_style_of(k);
    svg_markers(s, style.marker, 1, &x, &y, radius,
                &(svg_look){.fill = style.hollow ? "#fff" : style.colour, .stroke = style.colour, .width = 1.6});
}

svg_name svg_hatch(svg *s, size_t k)
{
    svg_style style = svg_style_of(k);
    svg_name fill;
    text_append(s->out,
                "<pattern id=\"%s-hatch-%zu\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path "
                "d=\"M0 0h8v8h-8z\" fill=\"%s\" opacity=\"0.25\"/><path d=\"%s\" fill=\"none\" stroke=\"%s\" "
                "stroke-width=\"1.6\"/></pattern>\n",
                s->prefix, k, style.colour, strokes[style.hatch], style.colour);
    snprintf(fill.name, sizeof(fill.name), "url(#%.60s-hatch-%zu)", s->prefix, k);
    return fill;
}

static const double legend_size = 14, legend_row = 22, legend_mark = 34, legend_gap = 18;

static void draw_entry(svg *s, double x, double y, const svg_legend_entry *e, double width)
{
    svg_style style = svg_style_of(e->k);
    double middle = x + legend_mark / 2 - 4, height = y + legend_row / 2;
    if (e->kind == SVG_LEGEND_LINE)
        svg_line(s, x, height, x + legend_mark - 8, height, &e->look);
    if (e->kind == SVG_LEGEND_MARKER)
        svg_markers(s, e->marker, 1, &middle, &height, 5, &e->look);
    if (e->kind == SVG_LEGEND_CURVE)
        svg_line(s, x, height, x + legend_mark - 8, height,
                 &(svg_look){.stroke = style.colour, .width = 2, .dash = style.dash});
    if (e->kind == SVG_LEGEND_CURVE || e->kind == SVG_LEGEND_ORIGIN)
        svg_marker_of(s, e->k, middle, height, 5);
    svg_text_within(s, x + legend_mark, height + 5, width - legend_mark, &(svg_font){.size = legend_size}, e->name);
}

double svg_legend(svg *s, double x, double y, double width, size_t n, const svg_legend_entry *entries)
{
    double at = x, row = y;
    for (size_t i = 0; i < n; i++) {
        double wide = fmin(width, legend_mark + svg_text_width(entries[i].name, legend_size) + 2);
        if (at > x && at + wide > x + width) {
            at = x;
            row += legend_row;
        }
        if (s)
            draw_entry(s, at, row, &entries[i], wide);
        at += wide + legend_gap;
    }
    return n ? row + legend_row - y : 0;
}
