/* How many stones of a parcel must be measured to find it inconsistent with what is declared. */
#ifndef EVIDENCE_DECLARED_PLAN_H
#define EVIDENCE_DECLARED_PLAN_H

#include "evidence/simulation.h"

typedef struct planned_parcel {
    size_t specimens; /* of it */
    size_t foreign;   /* of them */
    double confidence;
} planned_parcel;

enum { DECLARED_PLAN_MAX_SIZES = 16 };

typedef struct declared_plan {
    size_t specimens; /* to measure, that suffice; 0: no number does */
    size_t n_sizes;
    double sample_size[DECLARED_PLAN_MAX_SIZES];     /* numbers of stones, rising */
    double detection_power[DECLARED_PLAN_MAX_SIZES]; /* to find the parcel inconsistent, whichever source the foreign
                                                        stones have */
    double false_alarm;                              /* of a pure parcel */
} declared_plan;

/* By pseudo-parcels whose foreign stones are of one source, the one for which the chance is least. More stones are
 * never worse: bisection over the numbers from 1 to all. alpha[n_origins + 1], as in parcel_sample. */
adamas_status declared_plan_find(declared_plan *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                                 const planned_parcel *parcel, uint64_t seed, work *w, adamas_error *error);

#endif
