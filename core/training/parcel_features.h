/* Stones as points: within model/parcel*.c. */
#ifndef TRAINING_PARCEL_FEATURES_H
#define TRAINING_PARCEL_FEATURES_H

#include "classification/parcel.h"

/* row[n_origins - 1] of one stone. */
void parcel_features(size_t n_origins, const double *log_density, double *row);

/* place[2] of a stone in the plane of the origins. */
void parcel_plane_coordinates(const parcel_reference *g, const double *row, double *place);

#endif
