/* The figure of a parcel among the libraries, in the plane of the origins. Each function appends one SVG, 720 wide, to
 * `out`; out->failed is set if memory runs out. `prefix` starts the ids of the drawing and is unique within a page
 * (svg.h). Numbers that are not finite are left out, or drawn at the end of the axis if they are infinite, and the
 * figure says how many. Arrays are row-major and only borrowed. The k-th origin is drawn alike in every figure:
 * svg_style_of(k). */
#ifndef REPORT_FIGURE_PLANE_H
#define REPORT_FIGURE_PLANE_H

#include "base/text.h"

typedef struct figure_plane {
    size_t n_origins;
    const char *const *origin; /* [n_origins] */
    size_t n_axes;             /* coordinates of a specimen: 1 or 2 */
    const char *axis_label[2]; /* [n_axes] */
    size_t n_library;
    const double *library;        /* [n_library, n_axes] */
    const size_t *library_origin; /* [n_library] */
    size_t n_specimens;
    const double *specimens;       /* [n_specimens, n_axes] */
    const unsigned char *rejected; /* [n_specimens] 1: every origin is rejected; NULL: none is */
    const double *centre;          /* [n_origins, n_axes] */
    const double *covariance;      /* [n_origins, n_axes, n_axes], that of a specimen about the centre */
} figure_plane;

void figure_draw_plane(text *out, const char *prefix, const figure_plane *f);

#endif
