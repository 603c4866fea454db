/* The parcel among the libraries, in the plane of the origins, or on a line if they have one coordinate. */
#include "report/figure_plane.h"

#include "base/memory.h"
#include "report/figure_dots.h"
#include "report/svg_axis.h"
#include "report/svg_style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double page = 720, left = 78, right = 708, height = 500, strip_row = 74;

/* 95 % of a normal distribution is within this distance: the square root of the quantile of chi squared with 2 degrees
 * of freedom, and with 1. */
static const double radius_95 = 2.447746830680816, half_width_95 = 1.959963984540054;

enum { MAX_LIBRARY_MARKERS = 800 };

typedef struct plane {
    const figure_plane *f;
    svg_axis axis[2];
    double top;
    size_t stride;  /* of the specimens of each library that are drawn */
    double *at[2];  /* room for the markers of a kind */
    size_t beyond;  /* specimens that are drawn at the edge */
    size_t unknown; /* specimens with no coordinates */
} plane;

typedef struct range {
    double low, high;
} range;

static void stretch(range *r, double value)
{
    if (isfinite(value)) {
        r->low = fmin(r->low, value);
        r->high = fmax(r->high, value);
    }
}

/* Of the libraries and the ellipses, and of the specimens that are not further out than half that length. */
static range range_of(const figure_plane *f, size_t axis)
{
    range r = {INFINITY, -INFINITY};
    size_t d = f->n_axes;
    for (size_t i = 0; i < f->n_library; i++)
        stretch(&r, f->library[i * d + axis]);
    for (size_t o = 0; o < f->n_origins; o++) {
        double reach = radius_95 * sqrt(f->covariance[(o * d + axis) * d + axis]);
        stretch(&r, f->centre[o * d + axis] - reach);
        stretch(&r, f->centre[o * d + axis] + reach);
    }
    range first = r;
    for (size_t i = 0; i < f->n_specimens; i++) {
        double v = f->specimens[i * d + axis], reach = (first.high - first.low) / 2;
        if (!(reach > 0) || (v >= first.low - reach && v <= first.high + reach))
            stretch(&r, v);
    }
    return r;
}

static svg_look library_look(size_t origin)
{
    svg_style style = svg_style_of(origin);
    return (svg_look){
        .fill = style.hollow ? "#fff" : style.colour, .stroke = style.colour, .width = 0.8, .opacity = 0.45};
}

static void draw_library(svg *s, plane *d, size_t origin)
{
    const figure_plane *f = d->f;
    svg_look look = library_look(origin);
    size_t n = 0, met = 0;
    for (size_t i = 0; i < f->n_library; i++)
        if (f->library_origin[i] == origin && met++ % d->stride == 0) {
            d->at[0][n] = svg_axis_place_beyond(&d->axis[0], f->library[2 * i]);
            d->at[1][n++] = svg_axis_place_beyond(&d->axis[1], f->library[2 * i + 1]);
        }
    svg_markers(s, svg_style_of(origin).marker, n, d->at[0], d->at[1], 3, &look);
}

static void draw_ellipse(svg *s, const plane *d, size_t origin)
{
    const figure_plane *f = d->f;
    const double *c = &f->covariance[4 * origin];
    double unit[2], x = svg_axis_place_beyond(&d->axis[0], f->centre[2 * origin]);
    double y = svg_axis_place_beyond(&d->axis[1], f->centre[2 * origin + 1]);
    for (size_t k = 0; k < 2; k++)
        unit[k] = (d->axis[k].to - d->axis[k].from) / (d->axis[k].high - d->axis[k].low);
    double drawn[] = {c[0] * unit[0] * unit[0], c[1] * unit[0] * unit[1], c[3] * unit[1] * unit[1]};
    svg_style style = svg_style_of(origin);
    svg_ellipse(s, x, y, drawn, radius_95, &(svg_look){.stroke = style.colour, .width = 2.2, .dash = style.dash});
    if (isfinite(x) && isfinite(y))
        svg_marker_of(s, origin, x, y, 7);
}

static int is_rejected(const figure_plane *f, size_t i)
{
    return f->rejected && f->rejected[i];
}

static const svg_look specimen_look = {.fill = "#111", .stroke = "#fff", .width = 1.4};
static const svg_look rejected_look = {.stroke = "#c00000", .width = 2.4};

static void draw_number_share(svg *s, plane *d, int rejected)
{
    const figure_plane *f = d->f;
    size_t n = 0;
    for (size_t i = 0; i < f->n_specimens; i++)
        if (is_rejected(f, i) == rejected) {
            d->at[0][n] = svg_axis_place(&d->axis[0], f->specimens[2 * i]);
            d->at[1][n++] = svg_axis_place(&d->axis[1], f->specimens[2 * i + 1]);
        }
    svg_markers(s, rejected ? SVG_CROSS : SVG_CIRCLE, n, d->at[0], d->at[1], 5,
                rejected ? &rejected_look : &specimen_look);
}

static void count_specimens(plane *d)
{
    const figure_plane *f = d->f;
    for (size_t i = 0; i < f->n_specimens; i++) {
        int unknown = 0, beyond = 0;
        for (size_t k = 0; k < f->n_axes; k++) {
            double v = f->specimens[i * f->n_axes + k];
            unknown |= isnan(v);
            beyond |= v < d->axis[k].low || v > d->axis[k].high;
        }
        d->unknown += (size_t)unknown;
        d->beyond += (size_t)(beyond && !unknown);
    }
}

/* Two lines: of the libraries, and of the specimens. */
static void draw_notes(svg *s, const plane *d, double y)
{
    const svg_font font = {.size = 14, .colour = "#555"};
    svg_name beyond = figure_count(d->beyond, "stone is beyond the edge, and drawn at it",
                                   "stones are beyond the edge, and drawn at it");
    svg_name unknown = figure_count(d->unknown, "stone has no coordinates", "stones have no coordinates");
    svg_name said;
    snprintf(said.name, sizeof(said.name), "Of each library one specimen in %zu is drawn.", d->stride);
    if (d->stride > 1)
        svg_text(s, 8, y, &font, said.name);
    y += d->stride > 1 ? 20 : 0;
    if (d->f->n_specimens == 0)
        svg_text(s, 8, y, &font, "There are no stones.");
    if (d->beyond)
        svg_text(s, 8, y, &font, beyond.name);
    if (d->unknown)
        svg_text(s, d->beyond ? 370 : 8, y, &font, unknown.name);
}

/* s NULL: how high it will be. */
static double draw_legend(text *out, svg *s, const figure_plane *f)
{
    svg_legend_entry own[] = {{"parcel's stone", SVG_LEGEND_MARKER, 0, SVG_CIRCLE, specimen_look},
                              {"stone that no origin fits", SVG_LEGEND_MARKER, 0, SVG_CROSS, rejected_look},
                              {f->n_axes == 2 ? "ellipse: 95 % of an origin" : "bar: 95 % of an origin",
                               SVG_LEGEND_LINE,
                               0,
                               0,
                               {.stroke = "#555", .width = 2.2}}};
    svg_legend_entry *origins = memory_new(f->n_origins, sizeof(*origins));
    if (!origins) {
        out->failed = 1;
        return 0;
    }
    for (size_t o = 0; o < f->n_origins; o++)
        origins[o] = (svg_legend_entry){.name = f->origin[o], .kind = SVG_LEGEND_CURVE, .k = o};
    double used = svg_legend(s, 8, 4, page - 16, 3, own);
    used += svg_legend(s, 8, 4 + used, page - 16, f->n_origins, origins);
    free(origins);
    return used + 14;
}

static void draw_two_axes(svg *s, plane *d)
{
    double bottom = d->top + height;
    range r[2] = {range_of(d->f, 0), range_of(d->f, 1)};
    d->axis[0] = svg_axis_around(r[0].low, r[0].high, left, right);
    d->axis[1] = svg_axis_around(r[1].low, r[1].high, bottom, d->top);
    count_specimens(d);
    svg_axis_below(s, &d->axis[0], d->top, bottom, d->f->axis_label[0]);
    svg_axis_left(s, &d->axis[1], left, right, d->f->axis_label[1]);
    svg_clip(s, left, d->top, right - left, height);
    for (size_t o = 0; o < d->f->n_origins; o++)
        draw_library(s, d, o);
    for (size_t o = 0; o < d->f->n_origins; o++)
        draw_ellipse(s, d, o);
    svg_clip_end(s);
    for (int rejected = 0; rejected < 2; rejected++)
        draw_number_share(s, d, rejected);
    draw_notes(s, d, bottom + 66);
}

static void draw_library_row(svg *s, plane *d, size_t origin, double floor)
{
    const figure_plane *f = d->f;
    figure_stacks stacks;
    double reach = half_width_95 * sqrt(f->covariance[origin]);
    size_t n = 0, met = 0;
    for (size_t i = 0; i < f->n_library; i++)
        if (f->library_origin[i] == origin && met++ % d->stride == 0)
            d->at[0][n++] = svg_axis_place(&d->axis[0], f->library[i]);
    figure_stack_dots(&stacks, n, d->at[0], d->at[1],
                      &(figure_strip){d->axis[0].from, d->axis[0].to, d->axis[0].from, strip_row - 30, 0});
    for (size_t i = 0; i < n; i++)
        d->at[1][i] = floor - 12 - d->at[1][i];
    svg_dots(s, n, d->at[0], d->at[1], stacks.radius, svg_style_of(origin).colour);
    figure_write_squeezed(s, &stacks, floor - strip_row + 14);
    svg_whisker(s, svg_axis_place(&d->axis[0], f->centre[origin] - reach), floor - 6,
                svg_axis_place(&d->axis[0], f->centre[origin] + reach), floor - 6, 4,
                &(svg_look){.stroke = svg_style_of(origin).colour, .width = 2.4});
    svg_marker_of(s, origin, 12, floor - strip_row / 2, 5);
    svg_text_within(s, 26, floor - strip_row / 2 + 5, d->axis[0].from - 34, &(svg_font){.size = 15}, f->origin[origin]);
}

/* Rejected specimens are stacked with the others, so that none hides another. */
static void draw_parcel_row(svg *s, plane *d, double floor)
{
    const figure_plane *f = d->f;
    for (size_t i = 0; i < f->n_specimens; i++)
        d->at[0][i] = svg_axis_place(&d->axis[0], f->specimens[i]);
    figure_stacks stacks;
    figure_stack_dots(&stacks, f->n_specimens, d->at[0], d->at[1],
                      &(figure_strip){d->axis[0].from, d->axis[0].to, d->axis[0].from, strip_row - 22, 0});
    for (size_t i = 0; i < f->n_specimens; i++) {
        double y = floor - 4 - d->at[1][i];
        svg_look look = is_rejected(f, i) ? rejected_look : specimen_look;
        look.width = fmin(look.width, stacks.radius / 2);
        svg_markers(s, is_rejected(f, i) ? SVG_CROSS : SVG_CIRCLE, 1, &d->at[0][i], &y, stacks.radius, &look);
    }
    svg_text(s, 26, floor - strip_row / 2 + 5, &(svg_font){.size = 15, .bold = 1}, "the parcel");
    figure_write_squeezed(s, &stacks, floor - strip_row + 14);
}

static void draw_one_axis(svg *s, plane *d)
{
    const figure_plane *f = d->f;
    range r = range_of(f, 0);
    double bottom = d->top + strip_row * (double)(f->n_origins + 1);
    d->axis[0] = svg_axis_around(r.low, r.high, 190, right);
    count_specimens(d);
    svg_axis_below(s, &d->axis[0], d->top, bottom, f->axis_label[0]);
    for (size_t o = 0; o <= f->n_origins; o++) {
        double floor = d->top + strip_row * (double)(o + 1);
        if (o < f->n_origins)
            draw_library_row(s, d, o, floor);
        else
            draw_parcel_row(s, d, floor);
        svg_line(s, 0, floor, right, floor, &(svg_look){.stroke = "#999", .width = 1});
    }
    draw_notes(s, d, bottom + 66);
}

void figure_draw_plane(text *out, const char *prefix, const figure_plane *f)
{
    svg s = {.out = out, .prefix = prefix};
    plane d = {.f = f, .stride = f->n_library / MAX_LIBRARY_MARKERS + 1};
    size_t room = f->n_library > f->n_specimens ? f->n_library : f->n_specimens;
    d.top = 8 + draw_legend(out, NULL, f);
    d.at[0] = memory_raw(room, sizeof(double));
    d.at[1] = memory_raw(room, sizeof(double));
    if (d.at[0] && d.at[1]) {
        double tall = f->n_axes == 2 ? height : strip_row * (double)(f->n_origins + 1);
        svg_open(&s, page, d.top + tall + 96, "The parcel among the libraries",
                 "The stones of the parcel and the specimens of the reference libraries, in the coordinates that part "
                 "the origins best. A stone outside all the regions of 95 % resembles none of the origins.");
        draw_legend(out, &s, f);
        if (f->n_axes == 2)
            draw_two_axes(&s, &d);
        else
            draw_one_axis(&s, &d);
        svg_close(&s);
    } else {
        out->failed = 1;
    }
    free(d.at[0]);
    free(d.at[1]);
}
