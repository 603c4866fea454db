/* SVG drawings: shapes, markers, texts. */
#include "report/svg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Far beyond any page; keeps whole numbers of tenths small. */
static const double farthest = 1e5;

static const char *const fonts = "Helvetica, Arial, &apos;Liberation Sans&apos;, &apos;DejaVu Sans&apos;, sans-serif";

static long tenths(double value)
{
    return lround(10 * fmax(-farthest, fmin(farthest, value)));
}

/* Shortest: "12", "-.5", after a blank if it would else run into the number before. */
static void put_tenths(text *out, long value, int apart)
{
    long size = value < 0 ? -value : value;
    const char *sign = value < 0 ? "-" : apart ? " " : "";
    if (size % 10 == 0)
        text_append(out, "%s%ld", sign, size / 10);
    else if (size < 10)
        text_append(out, "%s.%ld", sign, size);
    else
        text_append(out, "%s%ld.%ld", sign, size / 10, size % 10);
}

static void put_attribute(text *out, const char *name, double value)
{
    text_append(out, " %s=\"", name);
    put_tenths(out, tenths(value), 0);
    text_append(out, "\"");
}

svg_name svg_decimal(double value, int decimals)
{
    svg_name made;
    double power = pow(10, decimals), scaled = round(fabs(value) * power);
    if (!isfinite(value)) {
        strcpy(made.name, isnan(value) ? "–" : value > 0 ? "∞" : "−∞");
        return made;
    }
    const char *sign = value < 0 && scaled > 0 ? "−" : "";
    if (scaled >= 1e15) {
        strcpy(made.name, sign);
        text_of_number(made.name + strlen(sign), fabs(value));
        return made;
    }
    long long whole = (long long)(scaled / power);
    long long rest = (long long)(scaled - (double)whole * power);
    if (decimals > 0)
        snprintf(made.name, sizeof(made.name), "%s%lld.%0*lld", sign, whole, decimals, rest);
    else
        snprintf(made.name, sizeof(made.name), "%s%lld", sign, whole);
    return made;
}

/* The bytes at c that must not come through: controls (C0, DEL, C1), the marks that turn the direction of writing
 * (U+202A to U+202E, U+2066 to U+2069), and U+FFFE and U+FFFF, which XML has not. */
static size_t unwanted(const unsigned char *c)
{
    if (*c < 0x20 || *c == 0x7F)
        return 1;
    if (*c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0)
        return 2;
    int turns = *c == 0xE2 &&
                ((c[1] == 0x80 && c[2] >= 0xAA && c[2] <= 0xAE) || (c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9));
    int not_xml = *c == 0xEF && c[1] == 0xBF && c[2] >= 0xBE;
    return turns || not_xml ? 3 : 0;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

/* The first `length` bytes of the text. Of one that is not UTF-8 all beyond ASCII become question marks. */
static void put_escaped(text *out, const char *from, size_t length)
{
    int utf8 = text_is_utf8(from);
    const char *end = from + length;
    while (from < end) {
        size_t skipped = utf8 || (unsigned char)*from < 0x80 ? unwanted((const unsigned char *)from) : 0;
        const char *escape = escape_of(*from);
        if (escape)
            text_append(out, "%s", escape);
        else if (!skipped)
            text_append(out, "%c", utf8 || (unsigned char)*from < 0x80 ? *from : '?');
        from += skipped ? skipped : 1;
    }
}

void svg_escape(text *out, const char *raw)
{
    put_escaped(out, raw, strlen(raw));
}

static void put_element(text *out, const char *tag, const char *prefix, const char *content)
{
    text_append(out, "<%s id=\"%s-%s\">", tag, prefix, tag);
    put_escaped(out, content, strlen(content));
    text_append(out, "</%s>\n", tag);
}

void svg_open(svg *s, double width, double height, const char *title, const char *description)
{
    text_append(s->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0");
    put_tenths(s->out, tenths(width), 1);
    put_tenths(s->out, tenths(height), 1);
    text_append(s->out, "\" role=\"img\" aria-labelledby=\"%s-title %s-desc\" font-family=\"%s\">\n", s->prefix,
                s->prefix, fonts);
    put_element(s->out, "title", s->prefix, title);
    put_element(s->out, "desc", s->prefix, description);
    svg_rectangle(s, 0, 0, width, height, &(svg_look){.fill = "#fff"});
}

void svg_close(svg *s)
{
    text_append(s->out, "</svg>\n");
}

static void put_look(text *out, const svg_look *look)
{
    text_append(out, " fill=\"%s\"", look->fill ? look->fill : "none");
    if (look->stroke) {
        text_append(out, " stroke=\"%s\"", look->stroke);
        put_attribute(out, "stroke-width", look->width);
    }
    if (look->stroke && look->dash)
        text_append(out, " stroke-dasharray=\"%s\"", look->dash);
    if (look->opacity > 0 && look->opacity < 1)
        text_append(out, " opacity=\"%s\"", svg_decimal(look->opacity, 2).name);
}

void svg_clip(svg *s, double x, double y, double width, double height)
{
    text_append(s->out, "<clipPath id=\"%s-clip\">", s->prefix);
    svg_rectangle(s, x, y, width, height, &(svg_look){.fill = "#000"});
    text_append(s->out, "</clipPath>\n<g clip-path=\"url(#%s-clip)\">\n", s->prefix);
}

void svg_clip_end(svg *s)
{
    text_append(s->out, "</g>\n");
}

void svg_line(svg *s, double x1, double y1, double x2, double y2, const svg_look *look)
{
    svg_polyline(s, 2, (double[]){x1, x2}, (double[]){y1, y2}, look);
}

void svg_rectangle(svg *s, double x, double y, double width, double height, const svg_look *look)
{
    if (!isfinite(x) || !isfinite(y) || !(width >= 0) || !(height >= 0))
        return;
    text_append(s->out, "<rect");
    put_attribute(s->out, "x", x);
    put_attribute(s->out, "y", y);
    put_attribute(s->out, "width", width);
    put_attribute(s->out, "height", height);
    put_look(s->out, look);
    text_append(s->out, "/>\n");
}

/* A pen that writes relative moves, the shortest way, free of accumulated rounding. */
typedef struct pen {
    text *out;
    long x, y; /* where it is */
    char last; /* the command that goes on unsaid */
} pen;

static void pen_move(pen *p, double x, double y)
{
    p->x = tenths(x);
    p->y = tenths(y);
    text_append(p->out, "M");
    put_tenths(p->out, p->x, 0);
    put_tenths(p->out, p->y, 1);
    p->last = 'M';
}

static void pen_line(pen *p, double x, double y)
{
    long to_x = tenths(x), to_y = tenths(y);
    if (p->last != 'l')
        text_append(p->out, "l");
    put_tenths(p->out, to_x - p->x, p->last == 'l');
    put_tenths(p->out, to_y - p->y, 1);
    p->x = to_x;
    p->y = to_y;
    p->last = 'l';
}

static void pen_close(pen *p)
{
    text_append(p->out, "z");
    p->last = 'z';
}

static pen path_begin(svg *s)
{
    text_append(s->out, "<path d=\"");
    return (pen){.out = s->out};
}

static void path_end(svg *s, const svg_look *look)
{
    text_append(s->out, "\"");
    put_look(s->out, look);
    text_append(s->out, " stroke-linejoin=\"round\"/>\n");
}

void svg_polyline(svg *s, size_t n, const double *x, const double *y, const svg_look *look)
{
    pen p = path_begin(s);
    int down = 0;
    for (size_t i = 0; i < n; i++) {
        int finite = isfinite(x[i]) && isfinite(y[i]);
        if (finite && down)
            pen_line(&p, x[i], y[i]);
        else if (finite)
            pen_move(&p, x[i], y[i]);
        down = finite;
    }
    path_end(s, look);
}

void svg_bars(svg *s, size_t n, const double *x, const double *y, double base, double width, const svg_look *look)
{
    pen p = path_begin(s);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]) || tenths(y[i]) == tenths(base))
            continue;
        pen_move(&p, x[i] - width / 2, base);
        text_append(s->out, "v");
        put_tenths(s->out, tenths(y[i]) - p.y, 0);
        text_append(s->out, "h");
        put_tenths(s->out, tenths(width), 0);
        text_append(s->out, "V");
        put_tenths(s->out, p.y, 0);
        pen_close(&p);
    }
    path_end(s, look);
}

/* A line of no length with round ends: an eighth of a circle's text. */
void svg_dots(svg *s, size_t n, const double *x, const double *y, double radius, const char *colour)
{
    pen p = path_begin(s);
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) {
            pen_move(&p, x[i], y[i]);
            text_append(s->out, "h0");
        }
    text_append(s->out, "\" stroke-linecap=\"round");
    path_end(s, &(svg_look){.stroke = colour, .width = 2 * radius});
}

/* The corners of the markers, for radius 1. */
static const struct {
    size_t n;
    double at[12][2];
} corners[] = {
    [SVG_SQUARE] = {4, {{-.89, -.89}, {.89, -.89}, {.89, .89}, {-.89, .89}}},
    [SVG_TRIANGLE] = {3, {{0, -1.45}, {1.25, .85}, {-1.25, .85}}},
    [SVG_DIAMOND] = {4, {{0, -1.35}, {1.2, 0}, {0, 1.35}, {-1.2, 0}}},
    [SVG_TRIANGLE_DOWN] = {3, {{0, 1.45}, {1.25, -.85}, {-1.25, -.85}}},
    [SVG_PLUS] = {12,
                  {{-.4, -1.3},
                   {.4, -1.3},
                   {.4, -.4},
                   {1.3, -.4},
                   {1.3, .4},
                   {.4, .4},
                   {.4, 1.3},
                   {-.4, 1.3},
                   {-.4, .4},
                   {-1.3, .4},
                   {-1.3, -.4},
                   {-.4, -.4}}},
    [SVG_STAR] = {10,
                  {{0, -1.5},
                   {.38, -.52},
                   {1.43, -.46},
                   {.61, .2},
                   {.88, 1.21},
                   {0, .64},
                   {-.88, 1.21},
                   {-.61, .2},
                   {-1.43, -.46},
                   {-.38, -.52}}},
    [SVG_HOURGLASS] = {4, {{-1.25, -1.25}, {1.25, -1.25}, {-1.25, 1.25}, {1.25, 1.25}}},
};

static void draw_circle(pen *p, double x, double y, double r)
{
    pen_move(p, x - r, y);
    for (int half = 1; half >= -1; half -= 2) {
        text_append(p->out, "a");
        put_tenths(p->out, tenths(r), 0);
        put_tenths(p->out, tenths(r), 1);
        text_append(p->out, " 0 1 0");
        put_tenths(p->out, half * tenths(2 * r), 1);
        text_append(p->out, " 0");
    }
    pen_close(p);
}

static void draw_marker(pen *p, svg_marker marker, double x, double y, double r)
{
    if (marker == SVG_CIRCLE) {
        draw_circle(p, x, y, r);
    } else if (marker == SVG_CROSS) {
        pen_move(p, x - r, y - r);
        pen_line(p, x + r, y + r);
        pen_move(p, x - r, y + r);
        pen_line(p, x + r, y - r);
    } else {
        pen_move(p, x + r * corners[marker].at[0][0], y + r * corners[marker].at[0][1]);
        for (size_t i = 1; i < corners[marker].n; i++)
            pen_line(p, x + r * corners[marker].at[i][0], y + r * corners[marker].at[i][1]);
        pen_close(p);
    }
}

void svg_markers(svg *s, svg_marker marker, size_t n, const double *x, const double *y, double radius,
                 const svg_look *look)
{
    pen p = path_begin(s);
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i]))
            draw_marker(&p, marker, x[i], y[i], radius);
    path_end(s, look);
}

void svg_whisker(svg *s, double x1, double y1, double x2, double y2, double cap, const svg_look *look)
{
    double length = hypot(x2 - x1, y2 - y1);
    double across_x = length > 0 ? cap * (y2 - y1) / length : 0, across_y = length > 0 ? cap * (x2 - x1) / length : cap;
    double x[] = {x1, x2, NAN, x1 - across_x, x1 + across_x, NAN, x2 - across_x, x2 + across_x};
    double y[] = {y1, y2, NAN, y1 - across_y, y1 + across_y, NAN, y2 - across_y, y2 + across_y};
    if (isfinite(length))
        svg_polyline(s, 8, x, y, look);
}

void svg_ellipse(svg *s, double x, double y, const double covariance[3], double radius, const svg_look *look)
{
    double mean = (covariance[0] + covariance[2]) / 2;
    double split = hypot((covariance[0] - covariance[2]) / 2, covariance[1]);
    double turn = 0.5 * atan2(2 * covariance[1], covariance[0] - covariance[2]) * 180 / acos(-1);
    if (!isfinite(x) || !isfinite(y) || !isfinite(split) || !(mean > 0))
        return;
    text_append(s->out, "<ellipse");
    put_attribute(s->out, "rx", radius * sqrt(mean + split));
    put_attribute(s->out, "ry", radius * sqrt(fmax(0, mean - split)));
    text_append(s->out, " transform=\"translate(");
    put_tenths(s->out, tenths(x), 0);
    put_tenths(s->out, tenths(y), 1);
    text_append(s->out, ") rotate(");
    put_tenths(s->out, tenths(turn), 0);
    text_append(s->out, ")\"");
    put_look(s->out, look);
    text_append(s->out, "/>\n");
}

/* Bytes of the first `most` characters. */
static size_t bytes_of(const char *c, size_t most)
{
    size_t n = 0;
    for (; c[n] && (most > 0 || ((unsigned char)c[n] & 0xC0) == 0x80); n++)
        most -= ((unsigned char)c[n] & 0xC0) != 0x80;
    return n;
}

static size_t characters(const char *c)
{
    size_t n = 0;
    for (; *c; c++)
        n += ((unsigned char)*c & 0xC0) != 0x80;
    return n;
}

static const double wide_character = 0.53; /* of the font's size, a mean over Latin text */

double svg_text_width(const char *c, double size)
{
    return wide_character * size * (double)characters(c);
}

static void put_text(svg *s, double x, double y, const svg_font *font, const char *c, size_t shown)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    size_t length = bytes_of(c, shown);
    if (!isfinite(x) || !isfinite(y))
        return;
    text_append(s->out, "<text");
    put_attribute(s->out, "x", x);
    put_attribute(s->out, "y", y);
    put_attribute(s->out, "font-size", font->size);
    text_append(s->out, " fill=\"%s\"", font->colour ? font->colour : "#222");
    if (font->anchor != SVG_START)
        text_append(s->out, " text-anchor=\"%s\"", anchors[font->anchor]);
    if (font->bold)
        text_append(s->out, " font-weight=\"bold\"");
    if (font->halo)
        text_append(s->out, " stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"");
    if (font->turned) {
        text_append(s->out, " transform=\"rotate(-90");
        put_tenths(s->out, tenths(x), 1);
        put_tenths(s->out, tenths(y), 1);
        text_append(s->out, ")\"");
    }
    text_append(s->out, ">");
    put_escaped(s->out, c, length);
    if (c[length]) {
        text_append(s->out, "…<title>");
        put_escaped(s->out, c, strlen(c));
        text_append(s->out, "</title>");
    }
    text_append(s->out, "</text>\n");
}

void svg_text(svg *s, double x, double y, const svg_font *font, const char *c)
{
    put_text(s, x, y, font, c, characters(c));
}

void svg_text_within(svg *s, double x, double y, double width, const svg_font *font, const char *c)
{
    size_t room = (size_t)fmax(1, width / (wide_character * font->size));
    put_text(s, x, y, font, c, characters(c) <= room ? characters(c) : room - (room > 1));
}
