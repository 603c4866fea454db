/* Stones as points: within model/parcel*.c. */
#ifndef MODEL_PARCEL_FEATURES_H
#define MODEL_PARCEL_FEATURES_H

#include "model/parcel.h"

/* row[n_origins] of one stone. */
void parcel_features(size_t n_origins, const double *log_density, const double *nonconformity, double *row);

/* The median; the values are sorted. */
double parcel_median(size_t n, double *values);

/* place[2] of a stone in the plane of the origins. */
void parcel_place(const parcel_ground *g, const double *row, double *place);

#endif
