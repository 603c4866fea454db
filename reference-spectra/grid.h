/* The wavelengths at which spectra are computed: dense around lines and within bands, coarse elsewhere. */
#ifndef GRID_H
#define GRID_H

#include <stddef.h>

enum { N_KNOTS = 361 };
static const double knot_first = 195.0; /* nm */
static const double knot_step = 2.0;    /* nm */

typedef struct grid {
    size_t n;
    double *nm;               /* [n], rising */
    float *step;              /* [n], nm: the weight of each point in an integral (trapezoids) */
    size_t *centre;           /* [line_count] the point at each line's centre */
    float *fraction;          /* [n] how far a point is from the knot below it to the next, 0 to 1 */
    size_t knot[N_KNOTS + 1]; /* the first point at or above each knot; then n */
} grid;

/* Returns 0 if memory runs out. */
int grid_make(grid *out);
void grid_clear(grid *g);

/* The first point at or above a wavelength. */
size_t grid_find(const grid *g, double nm);

/* Linear interpolation of a smooth function from its values at the knots, knot_first + i * knot_step (nm): out[g->n].
 */
void grid_interpolate(const grid *g, const double knots[N_KNOTS], float *out);

#endif
