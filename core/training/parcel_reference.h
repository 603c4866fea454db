/* The reference that a parcel is compared with: the features of held-out specimens. */
#ifndef TRAINING_PARCEL_REFERENCE_H
#define TRAINING_PARCEL_REFERENCE_H

#include "evidence/pseudo_parcel.h"
#include "training/cross_fit.h"

/* A specimen's features are the K - 1 orthonormal contrasts between its log densities under the K origins. (Its
 * distance from all origins is not among the features: it depends on the session more than on the origin. Typicality
 * covers it, specimen by specimen.) */
typedef struct parcel_reference {
    parcel_library library;
    parcel_model model;
    pseudo_library pseudo;
    double *rows;  /* [n, d]: features of the library's specimens */
    double *alpha; /* [n_origins + 1]: of the Dirichlet prior of the shares: equal, of sum 1 (Perks 1947) */
    double *plane; /* [2, d]: the axes of the plane of the origins; the second is 0 if there are two origins */
} parcel_reference;

/* h must outlive it. ADAMAS_E_DATA if there are too few specimens or too many origins. */
adamas_status parcel_reference_make(parcel_reference *out, const cross_fit *cf, adamas_error *error);
void parcel_reference_clear(parcel_reference *ref);

/* The features of a specimen from its log_density[n_origins]: row[n_origins - 1]. */
void parcel_features(size_t n_origins, const double *log_density, double *row);

/* The coordinates[2] of a specimen's features row[d] in the plane of the origins. */
void parcel_plane_coordinates(const parcel_reference *ref, const double *row, double *coordinates);

#endif
