/* Sample size: how many specimens of a parcel must be measured to find it inconsistent with its declared origin. */
#ifndef EVIDENCE_DECLARED_PLAN_H
#define EVIDENCE_DECLARED_PLAN_H

#include "evidence/simulation.h"

typedef struct planned_parcel {
    size_t specimens; /* of the parcel */
    size_t foreign;   /* of these */
    double confidence;
} planned_parcel;

enum { DECLARED_PLAN_MAX_SIZES = 16 };

typedef struct declared_plan {
    size_t specimens;                                /* smallest sample size that suffices; 0: none does */
    size_t n_sizes;                                  /* sample sizes that were simulated */
    double sample_size[DECLARED_PLAN_MAX_SIZES];     /* rising */
    double detection_power[DECLARED_PLAN_MAX_SIZES]; /* of each size, for the source of foreign specimens that is
                                                        detected least often */
    double false_alarm;                              /* probability, for a pure parcel */
} declared_plan;

/* By pseudo-parcels whose foreign specimens have one source, that of the least detection power. The power is taken to
 * rise with the sample size: bisection over the sizes from 1 to all. alpha[n_origins + 1] as in parcel_sample.
 * ADAMAS_E_CANCELLED, ADAMAS_E_MEMORY and those of parcel_sample and parcel_model_fit. */
adamas_status declared_plan_find(declared_plan *out, const pseudo_library *pseudo, const double *alpha, size_t origin,
                                 const planned_parcel *parcel, uint64_t seed, work *w, adamas_error *error);

#endif
