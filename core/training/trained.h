/* What a compiled_method learns from training specimens: how to judge others, and what its judgement is worth. */
#ifndef TRAINING_TRAINED_H
#define TRAINING_TRAINED_H

#include "training/components.h"
#include "training/specimen_lr.h"

typedef struct trained {
    classifier classifier; /* a fit alone, where the compiled_method has no matching step */
    components_choice choice;
    cross_fit cross_fit;
    specimen_lr specimen_lr;
    int has_evidence;
    char *why; /* why there is no evidence; NULL where there is, or where no matching step asks for it */
} trained;

/* How specimens are held out and grouped within the training specimens. */
typedef struct grouping {
    const size_t *group; /* as in folds_inner; NULL: each specimen by itself */
    int by_locality;
} grouping;

/* Learns from the specimens with training[] not 0. */
adamas_status trained_make(trained *out, const compiled_method *r, const axis *library, dataset *c,
                           const unsigned char *training, const grouping *g, work *w, adamas_error *error);
void trained_clear(trained *t);

/* Everything that follows from what was held out: stone evidence and `why` there is none. */
adamas_status trained_calibrate(trained *t, adamas_error *error);

#endif
