/* What a compiled_method learns from training specimens: how to judge others, and what its judgement is worth. */
#ifndef TRAINING_FITTED_METHOD_H
#define TRAINING_FITTED_METHOD_H

#include "training/components.h"
#include "training/specimen_lr.h"

typedef struct fitted_method {
    classifier classifier; /* a fit alone, where the compiled_method has no matching step */
    components_choice choice;
    cross_fit cross_fit;
    specimen_lr specimen_lr;
    int has_evidence;
    char *no_evidence_reason; /* why there is no evidence; NULL where there is, or where no matching step asks for it */
} fitted_method;

/* How specimens are held out and grouped within the training specimens. */
typedef struct inner_groups {
    const size_t *group; /* as in folds_inner; NULL: each specimen by itself */
    int by_locality;
} inner_groups;

/* Learns from the specimens with training[] not 0. */
adamas_status fitted_method_make(fitted_method *out, const compiled_method *r, const axis *library, dataset *c,
                                 const unsigned char *training, const inner_groups *g, work *w, adamas_error *error);
void fitted_method_clear(fitted_method *t);

/* Everything that follows from what was held out: stone evidence and `why` there is none. */
adamas_status fitted_method_calibrate(fitted_method *t, adamas_error *error);

#endif
