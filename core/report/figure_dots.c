#include "report/figure_dots.h"

#include <math.h>
#include <stdio.h>

enum { MOST_COLUMNS = 512 };

static const double largest = 5, smallest = 1.6;

static size_t column_of(double x, double from, double width)
{
    double column = floor((x - from) / width);
    return column < 0 ? 0 : column >= MOST_COLUMNS ? MOST_COLUMNS - 1 : (size_t)column;
}

/* The highest stack when columns are that wide. */
static size_t highest_stack(size_t n, const double *x, double from, double width)
{
    size_t count[MOST_COLUMNS] = {0}, most = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            size_t c = column_of(x[i], from, width);
            most = ++count[c] > most ? count[c] : most;
        }
    return most;
}

double figure_stack_dots(size_t n, double *x, double *y, double from, double to, double room)
{
    double radius = largest, least = fmax(smallest, (to - from) / (2 * MOST_COLUMNS));
    while (radius > least && (double)highest_stack(n, x, from, 2 * radius) * 2 * radius > room)
        radius = fmax(least, radius - 0.2);
    size_t most = highest_stack(n, x, from, 2 * radius), count[MOST_COLUMNS] = {0};
    double step = most > 1 ? fmin(2 * radius, (room - 2 * radius) / (double)(most - 1)) : 0;
    for (size_t i = 0; i < n; i++) {
        y[i] = NAN;
        if (!isfinite(x[i]))
            continue;
        size_t c = column_of(x[i], from, 2 * radius);
        x[i] = from + (2 * (double)c + 1) * radius;
        y[i] = radius + step * (double)count[c]++;
    }
    return radius;
}

svg_name figure_count(size_t n, const char *one, const char *many)
{
    svg_name made;
    snprintf(made.name, sizeof(made.name), "%zu %.64s", n, n == 1 ? one : many);
    return made;
}
