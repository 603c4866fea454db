/* Is a parcel what its papers declare? The test of a declared origin on a parcel that was measured. */
#ifndef CLASSIFICATION_DECLARED_TEST_H
#define CLASSIFICATION_DECLARED_TEST_H

#include "classification/composition.h"

/* The smallest share of foreign specimens from one source that would have been detected with probability 0.95. */
typedef struct detection_limit {
    size_t source; /* a place among the shares: an origin, or none of them */
    double share;  /* NaN: none would */
} detection_limit;

/* LRs are log10; H1: all specimens are of the declared origin; H2: shares ~ Dirichlet(alpha). */
typedef struct declared_test {
    size_t n_limits; /* 0: nothing was tested */
    detection_limit *limits;
    double detection_limit;                            /* whatever the source; NaN: none */
    double log10_lr, log10_lr_error;                   /* as computed, with its Monte Carlo standard error */
    double log10_lr_half_alpha, log10_lr_double_alpha; /* at half and twice the prior weights */
    double log10_lr_low, log10_lr_high;                /* bounds: beyond them no LR is quoted */
    size_t units;                                      /* localities behind the bounds */
    double foreign, foreign_high; /* share of specimens from elsewhere: posterior mean, upper 95 % bound */
    double threshold;             /* that all but 5 % of pseudo-parcels of the declared origin alone stay below */
    size_t pure_parcels;          /* pseudo-parcels behind the threshold */
    int is_inconsistent;          /* foreign > threshold */
    size_t n_foreign;             /* specimens that are named foreign */
    double false_discovery;       /* expected share of them that is not */
    double *foreign_probability;  /* [n_specimens]; NaN, as is_foreign: the composition does not rest on it */
    double *is_foreign;           /* [n_specimens] 1 or 0 */
} declared_test;

/* Tests `origin` with the posterior of composition_find. */
adamas_status declared_test_run(declared_test *out, const parcel_posterior *post, const measured_parcel *p,
                                const parcel_reference *g, size_t origin, size_t n_specimens, work *w,
                                adamas_error *error);
void declared_test_clear(declared_test *t);

#endif
