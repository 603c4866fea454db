/* Dots along a strip, stacked so that none hides another. */
#include "report/figure_dots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double largest = 5, smallest = 2.4, between = 0.4;

static size_t column_of(const figure_stacks *s, double x)
{
    double column = floor((x - s->start) / s->width);
    return column < 0 ? 0 : column >= FIGURE_MAX_COLUMNS ? FIGURE_MAX_COLUMNS - 1 : (size_t)column;
}

/* Counts for dots of a radius; a column ends at the fence. Returns the highest stack. */
static size_t count_columns(figure_stacks *out, size_t n, const double *x, const figure_strip *strip, double radius)
{
    size_t most = 0;
    *out = (figure_stacks){.radius = radius, .width = 2 * radius + between};
    out->start = strip->fence - out->width * ceil((strip->fence - strip->from) / out->width);
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            size_t c = column_of(out, x[i]);
            most = ++out->count[c] > most ? out->count[c] : most;
        }
    return most;
}

void figure_stack_dots(figure_stacks *out, size_t n, double *x, double *y, const figure_strip *strip)
{
    size_t placed[FIGURE_MAX_COLUMNS] = {0};
    double least = fmax(smallest, (strip->to - strip->from) / (2 * FIGURE_MAX_COLUMNS - 4));
    double radius = strip->largest > 0 ? strip->largest : largest;
    while ((double)count_columns(out, n, x, strip, radius) * out->width > strip->height && radius > least)
        radius = fmax(least, radius - 0.2);
    out->most = (size_t)(strip->height / out->width);
    for (size_t i = 0; i < n; i++) {
        y[i] = NAN;
        if (!isfinite(x[i]))
            continue;
        size_t c = column_of(out, x[i]);
        double squeezed = (strip->height - out->width) / (double)(out->count[c] - 1);
        x[i] = out->start + ((double)c + 0.5) * out->width;
        y[i] = out->width / 2 + (out->count[c] > out->most ? squeezed : out->width) * (double)placed[c]++;
    }
}

void figure_write_squeezed(svg *s, const figure_stacks *stacks, double y)
{
    double free_from = -INFINITY;
    for (size_t c = 0; c < FIGURE_MAX_COLUMNS; c++) {
        svg_name number = svg_decimal((double)stacks->count[c], 0);
        double x = stacks->start + ((double)c + 0.5) * stacks->width, half = svg_text_width(number.name, 13) / 2 + 2;
        if (stacks->count[c] <= stacks->most || x - half < free_from)
            continue;
        svg_text(s, x, y, &(svg_font){.size = 13, .anchor = SVG_MIDDLE, .halo = 1}, number.name);
        free_from = x + half;
    }
}

svg_name figure_count(size_t n, const char *one, const char *many)
{
    svg_name made;
    snprintf(made.name, sizeof(made.name), "%zu %.70s", n, n == 1 ? one : many);
    return made;
}
