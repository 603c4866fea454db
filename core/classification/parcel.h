/* A parcel's evidence: from the judgement of its stones to its composition, and to whether it is what is declared. */
#ifndef CLASSIFICATION_PARCEL_H
#define CLASSIFICATION_PARCEL_H

#include "evidence/pseudo_parcel.h"
#include "training/cross_fit.h"

/* What the held-out stones say of parcels. A stone's features are the K - 1 orthonormal contrasts between its log
 * densities under the K origins. (How far it is from all of them is not among the features: it tells the measuring
 * session more than the origin. Typicality says it of each stone.) */
typedef struct parcel_reference {
    parcel_library library;
    parcel_model model;
    pseudo_library pseudo;
    double *rows;  /* [n, d]: of the library */
    double *alpha; /* [n_origins + 1]: of the Dirichlet prior of the shares: equal, of sum 1 (Perks 1947) */
    double *plane; /* [2, d]: the axes of the plane of the origins; the second is 0 where there are two origins */
} parcel_reference;

/* h must outlive it. ADAMAS_E_DATA where there are too few stones, or too many origins. */
adamas_status parcel_reference_make(parcel_reference *out, const cross_fit *h, adamas_error *error);
void parcel_reference_clear(parcel_reference *g);

#endif
