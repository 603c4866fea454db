/* The composition of a parcel: the share of each origin among its specimens. */
#ifndef CLASSIFICATION_COMPOSITION_H
#define CLASSIFICATION_COMPOSITION_H

#include "classification/controls.h"
#include "evidence/parcel_sample.h"
#include "training/parcel_reference.h"
#include "training/specimen_results.h"

/* The specimens of a parcel that its composition rests on: those with a shot of use that are no controls. */
typedef struct measured_parcel {
    size_t n, d;
    size_t *specimen; /* [n] */
    double *rows;     /* [n, d]: features, as in parcel_reference */
    double *mass;     /* [n] carats, NaN: not known */
    parcel_specimens measured;
} measured_parcel;

/* n_whole: specimens of the whole parcel; 0: those measured. */
adamas_status measured_parcel_make(measured_parcel *out, const specimen_results *v, const controls *s, size_t n_whole,
                                   adamas_error *error);
void measured_parcel_clear(measured_parcel *p);

typedef struct composition_share {
    double alpha;                /* weight in the Dirichlet prior */
    chains_summary by_number;    /* share of the specimens measured */
    chains_summary by_mass;      /* of their mass, if has_carats */
    chains_summary whole_parcel; /* of the whole parcel, if has_whole */
    double tau_third;            /* posterior mean of `by_number` at tau / 3 */
    double tau_triple;           /* and at 3 tau */
} composition_share;

typedef struct composition {
    size_t n_shares;           /* n_origins + 1, "none of these" last; 0: not estimated */
    composition_share *shares; /* [n_shares] */
    int has_carats, has_whole;
    double *posterior; /* [n_specimens, n_shares]: of a specimen to be of the origin, given the whole parcel; NaN: it is
                          not among those that the composition rests on */
    size_t n_measured; /* specimens that it rests on */
    size_t n_whole;    /* of the whole parcel */
    size_t n_without_mass;
    size_t n_chains, n_draws; /* of each chain */
    double rho, sigma;        /* variance between localities, between sessions; NaN: not known */
    double tau;               /* variance of the means of unknown origins */
    double likelihood_power;
} composition;

/* post becomes the posterior behind it, for the caller to free, on success alone. */
adamas_status composition_find(composition *out, parcel_posterior *post, const measured_parcel *p,
                               const parcel_reference *g, size_t n_specimens, work *w, adamas_error *error);
void composition_clear(composition *c);

#endif
