/* How many specimens of a parcel to measure, by a model's pseudo-parcels. */
#ifndef CLASSIFICATION_PLAN_H
#define CLASSIFICATION_PLAN_H

#include "evidence/declared_plan.h"
#include "training/model.h"
#include "training/model_description.h"

typedef struct plan_result {
    model_description model;
    char *declared;     /* the origin that will be declared */
    size_t n_parcel;    /* specimens of the parcel */
    size_t n_foreign;   /* of which foreign: the share, rounded up */
    double share;       /* of foreign specimens that is to be detected */
    double confidence;  /* with this probability */
    size_t n_perfect;   /* specimens that a method without errors would need */
    declared_plan plan; /* plan.specimens: to measure; 0: no number suffices */
} plan_result;

adamas_status model_plan(plan_result *out, const adamas_model *m, const adamas_plan *asked, work *w,
                         adamas_error *error);
void plan_result_clear(plan_result *p);

#endif
