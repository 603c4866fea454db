/* A compiled method fitted to training specimens: a classifier, and the calibration of its likelihood ratios. */
#ifndef TRAINING_FITTED_METHOD_H
#define TRAINING_FITTED_METHOD_H

#include "training/components.h"
#include "training/specimen_lr.h"

typedef struct fitted_method {
    classifier classifier; /* only its fit, if the method has no matching step */
    components_choice choice;
    cross_fit cross_fit;
    specimen_lr specimen_lr;
    int has_evidence;
    char *no_evidence_reason; /* why there is no evidence; NULL if there is, or if the method has no matching step */
} fitted_method;

/* The groups that inner folds of the training specimens do not split. */
typedef struct inner_groups {
    const size_t *group; /* as in folds_inner; NULL: each specimen by itself */
    int by_locality;
} inner_groups;

/* Fits to the specimens with training[] not 0. */
adamas_status fitted_method_make(fitted_method *out, const compiled_method *compiled, const axis *library, dataset *c,
                                 const unsigned char *training, const inner_groups *g, work *w, adamas_error *error);
void fitted_method_clear(fitted_method *fitted);

/* Calibrates from cross_fit: fills specimen_lr and has_evidence, or no_evidence_reason. */
adamas_status fitted_method_calibrate(fitted_method *fitted, adamas_error *error);

#endif
