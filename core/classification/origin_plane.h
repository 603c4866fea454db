/* The plane in which the origins differ most, with the libraries' and the parcel's specimens in it: to be drawn. */
#ifndef CLASSIFICATION_ORIGIN_PLANE_H
#define CLASSIFICATION_ORIGIN_PLANE_H

#include "classification/composition.h"

typedef struct origin_ellipse {
    double mean[2];
    double covariance[3]; /* 11, 12, 22 */
} origin_ellipse;

typedef struct plane_point {
    double at[2];
} plane_point;

/* Two origins differ along one axis: the second coordinate of specimens is then NaN. */
typedef struct origin_plane {
    size_t n_library;         /* held-out specimens of the libraries; 0: there is no plane */
    size_t *library_origin;   /* [n_library] */
    plane_point *library;     /* [n_library] */
    origin_ellipse *ellipses; /* [n_origins]: of the libraries' specimens */
    plane_point *specimens;   /* [n_specimens], NaN: the composition does not rest on it; NULL: it rests on none */
} origin_plane;

adamas_status origin_plane_make(origin_plane *out, const parcel_reference *g, adamas_error *error);

/* Fills in the parcel's specimens. */
adamas_status origin_plane_add_parcel(origin_plane *out, const parcel_reference *g, const measured_parcel *p,
                                      size_t n_specimens, adamas_error *error);
void origin_plane_clear(origin_plane *p);

#endif
