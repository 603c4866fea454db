/* Figures of a parcel: its composition, and the likelihood ratios of its specimens. Each function appends one SVG, 720
 * wide, to `out`; out->failed is set if memory runs out. `prefix` starts the ids of the drawing and is unique within a
 * page (svg.h). Numbers that are not finite are left out, or drawn at the end of the axis if they are infinite, and the
 * figure says how many. Arrays are row-major and only borrowed. The k-th origin is drawn alike in every figure:
 * svg_style_of(k). */
#ifndef REPORT_FIGURE_PARCEL_H
#define REPORT_FIGURE_PARCEL_H

#include "base/text.h"

typedef struct figure_share {
    double mean, low, high; /* 0 to 1, with the 95 % interval */
} figure_share;

typedef struct figure_composition {
    size_t n_origins;
    const char *const *origin;     /* [n_origins] */
    const figure_share *by_number; /* [n_origins + 1]: the last is that of "none of these" */
    const figure_share *by_mass;   /* [n_origins + 1]; NULL if no masses are known */
    size_t declared;               /* the origin that the papers declare; n_origins if it is none of these */
} figure_composition;

void figure_draw_composition(text *out, const char *prefix, const figure_composition *f);

/* Words for likelihood ratios from log10 low to high. */
typedef struct figure_zone {
    double low, high; /* may be infinite */
    const char *words;
} figure_zone;

typedef struct figure_strips {
    size_t n_specimens, n_origins;
    const char *const *origin; /* [n_origins] */
    const double *log10_lr;    /* [n_specimens, n_origins]; NaN: none is quoted */
    double bound_low;          /* log10 of the bounds that validation supports; infinite or NaN for none */
    double bound_high;
    size_t n_zones;
    const figure_zone *zones; /* [n_zones] */
} figure_strips;

void figure_draw_strips(text *out, const char *prefix, const figure_strips *f);

#endif
