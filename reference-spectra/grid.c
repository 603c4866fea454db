/* The wavelengths at which spectra are computed, and interpolation to them. */
#include "grid.h"

#include "lines.h"
#include "molecules.h"

#include <math.h>
#include <stdlib.h>

static const double first_nm = 196.0, last_nm = 904.0;
static const double coarse_step = 0.025, fine_step = 0.01; /* nm: base step outside and within the bands */

/* Distances from a line's centre in Doppler widths at 8,000 K: close enough at the core for the cool zone's narrow
 * absorption, far enough for the Stark wings to meet the base step. */
static const double offsets[] = {0.2, 0.4, 0.6, 0.8, 1.05, 1.4, 1.9, 2.6, 3.6, 5.0, 7.0};
enum { N_OFFSETS = sizeof offsets / sizeof offsets[0], POINTS_PER_LINE = 2 * N_OFFSETS + 1 };

static int in_bands(double nm)
{
    for (int m = 0; m < N_BAND_MOLECULES; m++)
        if (nm >= molecule_table[m].bands->first_nm && nm < molecule_table[m].bands->last_nm)
            return 1;
    return 0;
}

static size_t base_points(double *nm)
{
    size_t n = 0;
    for (double at = first_nm; at < last_nm; at += in_bands(at) ? fine_step : coarse_step)
        nm[n++] = at;
    return n;
}

static size_t line_points(double *nm)
{
    size_t n = 0;
    for (size_t i = 0; i < line_count; i++) {
        double width = line_doppler(&line_table[i], 8000.0);
        nm[n++] = line_table[i].nm;
        for (int k = 0; k < N_OFFSETS; k++) {
            nm[n++] = line_table[i].nm - offsets[k] * width;
            nm[n++] = line_table[i].nm + offsets[k] * width;
        }
    }
    return n;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t sort_and_merge(double *nm, size_t n)
{
    qsort(nm, n, sizeof *nm, by_value);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || nm[i] > nm[kept - 1])
            nm[kept++] = nm[i];
    return kept;
}

size_t grid_find(const grid *g, double nm)
{
    size_t low = 0, high = g->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (g->nm[middle] < nm)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void place_knots(grid *g)
{
    for (int k = 0; k < N_KNOTS; k++)
        g->knot[k] = grid_find(g, knot_first + k * knot_step);
    g->knot[N_KNOTS] = g->n;
    for (int k = 0; k < N_KNOTS; k++)
        for (size_t i = g->knot[k]; i < g->knot[k + 1]; i++)
            g->fraction[i] = (float)((g->nm[i] - knot_first - k * knot_step) / knot_step);
}

int grid_make(grid *out)
{
    size_t capacity = (size_t)((last_nm - first_nm) / fine_step) + line_count * POINTS_PER_LINE + 16;
    grid g = {.nm = malloc(capacity * sizeof *g.nm),
              .step = malloc(capacity * sizeof *g.step),
              .centre = malloc(line_count * sizeof *g.centre),
              .fraction = malloc(capacity * sizeof *g.fraction)};
    if (!g.nm || !g.step || !g.centre || !g.fraction) {
        grid_clear(&g);
        return 0;
    }
    size_t n = base_points(g.nm);
    g.n = sort_and_merge(g.nm, n + line_points(g.nm + n));
    for (size_t i = 0; i < g.n; i++) {
        double left = i > 0 ? g.nm[i - 1] : g.nm[i], right = i + 1 < g.n ? g.nm[i + 1] : g.nm[i];
        g.step[i] = (float)((right - left) / 2);
    }
    for (size_t i = 0; i < line_count; i++)
        g.centre[i] = grid_find(&g, line_table[i].nm);
    place_knots(&g);
    *out = g;
    return 1;
}

void grid_clear(grid *g)
{
    free(g->nm);
    free(g->step);
    free(g->centre);
    free(g->fraction);
    *g = (grid){0};
}

void grid_interpolate(const grid *g, const double knots[N_KNOTS], float *out)
{
    for (int k = 0; k + 1 < N_KNOTS; k++) {
        float start = (float)knots[k], rise = (float)(knots[k + 1] - knots[k]);
#pragma omp simd
        for (size_t i = g->knot[k]; i < g->knot[k + 1]; i++)
            out[i] = start + rise * g->fraction[i];
    }
}
