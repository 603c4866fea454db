/* What a recipe learns from training specimens: how to judge others, and what its judgement is worth. */
#ifndef MODEL_TRAINED_H
#define MODEL_TRAINED_H

#include "model/components.h"
#include "model/stone_evidence.h"

typedef struct trained {
    judge judge; /* a fit alone, where the recipe has no matching step */
    components_choice choice;
    held_out held_out;
    stone_evidence stone;
    int has_evidence;
    char *why; /* why there is no evidence; NULL where there is, or where no matching step asks for it */
} trained;

/* How specimens are held out and grouped within the training specimens. */
typedef struct grouping {
    const size_t *group; /* as in folds_inner; NULL: each specimen by itself */
    int by_locality;
} grouping;

/* Learns from the specimens with training[] not 0. */
adamas_status trained_make(trained *out, const recipe *r, const axis *library, collection *c,
                           const unsigned char *training, const grouping *g, work *w, adamas_error *error);
void trained_clear(trained *t);

/* Everything that follows from what was held out: stone evidence and `why` there is none. */
adamas_status trained_weigh(trained *t, adamas_error *error);

#endif
