/* The controls of a parcel file: specimens of known origin, measured with the parcel to see that its session is in
 * order. They are none of the parcel's own specimens. */
#ifndef CLASSIFICATION_CONTROLS_H
#define CLASSIFICATION_CONTROLS_H

#include "base/text_list.h"
#include "training/model.h"
#include "training/specimen_results.h"

/* All zero: there are none. */
typedef struct controls {
    text_list known; /* [n_specimens] the origin that a control is known to have; "": no control */
    size_t *origin;  /* [n_specimens] its place among the origins; n_origins: no control, or it is in no library */
    double *p;       /* [n_specimens] p-value of that origin; NaN: no control, or it cannot be checked */
    double *limit;   /* [n_specimens] the control fails if p is at most this; NaN as p is */
    size_t n;        /* with a shot of use */
    double min_p;    /* the least p; NaN: none can be checked */
} controls;

/* Finds the controls of a parcel; nothing is checked yet. */
adamas_status controls_find(controls *out, const adamas_model *m, const dataset *c, adamas_error *error);

/* Checks those that can be: fills in p, limit, n and min_p. One of too few held-out specimens to fail cannot be
 * checked. */
adamas_status controls_check(controls *s, const adamas_model *m, const specimen_results *v, adamas_error *error);

int controls_has(const controls *s, size_t specimen);

/* Is the control unlike its own origin? */
int controls_fails(const controls *s, size_t specimen);
void controls_clear(controls *s);

#endif
