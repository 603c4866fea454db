/* Stones as points: within model/parcel*.c. */
#ifndef MODEL_PARCEL_FEATURES_H
#define MODEL_PARCEL_FEATURES_H

#include "model/parcel.h"

/* row[n_origins - 1] of one stone. */
void parcel_features(size_t n_origins, const double *log_density, double *row);

/* place[2] of a stone in the plane of the origins. */
void parcel_place(const parcel_ground *g, const double *row, double *place);

#endif
