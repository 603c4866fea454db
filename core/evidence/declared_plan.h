/* How many stones of a parcel must be measured to find it inconsistent with what is declared. */
#ifndef EVIDENCE_DECLARED_PLAN_H
#define EVIDENCE_DECLARED_PLAN_H

#include "evidence/simulation.h"

typedef struct planned_parcel {
    size_t stones;  /* of it */
    size_t foreign; /* of them */
    double confidence;
} planned_parcel;

enum { DECLARED_PLAN_TRIED = 16 };

typedef struct declared_plan {
    size_t stones; /* to measure, that suffice; 0: no number does */
    size_t n_tried;
    double tried[DECLARED_PLAN_TRIED];  /* numbers of stones, rising */
    double chance[DECLARED_PLAN_TRIED]; /* to find the parcel inconsistent, whichever source the foreign stones have */
    double false_alarm;                 /* of a pure parcel */
} declared_plan;

/* By pseudo-parcels whose foreign stones are of one source, the one for which the chance is least. More stones are
 * never worse: bisection over the numbers from 1 to all. alpha[n_origins + 1], as in parcel_sample. */
adamas_status declared_plan_find(declared_plan *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                                 const planned_parcel *parcel, uint64_t seed, work *w, adamas_error *error);

#endif
