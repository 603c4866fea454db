/* The composition of a parcel: draws from the posterior of the model of parcel_model.h with shares theta ~ Dirichlet,
 * by Markov chain Monte Carlo. Shares are [n_shares] = [n_origins + 1]; the last is that of none of the origins. */
#ifndef EVIDENCE_PARCEL_SAMPLE_H
#define EVIDENCE_PARCEL_SAMPLE_H

#include "base/work.h"
#include "evidence/chains.h"
#include "evidence/parcel_model.h"

#include <stdint.h>

typedef struct parcel_specimens {
    size_t n;           /* measured */
    size_t n_whole;     /* specimens of the parcel; if more than n, the others were not measured */
    const double *rows; /* [n, d], features as those of the library */
    const double *mass; /* [n], any unit, NaN if not known; NULL: none is known */
} parcel_specimens;

typedef struct parcel_sampling {
    uint64_t seed;
    size_t n_chains;  /* each has a random stream of its own, so its draws do not depend on the other chains */
    size_t burn_in;   /* iterations of each chain that are not kept */
    size_t n_draws;   /* iterations of each chain that are kept, at least 4 */
    double tau_scale; /* factor on the model's tau: to show how the result depends on it */
    work *work;       /* checked for cancellation; NULL: cannot be cancelled */
} parcel_sampling;

extern const parcel_sampling parcel_sampling_default; /* seed 0, 4 chains, 1,000 and 2,000 iterations, tau_scale 1 */

typedef struct parcel_posterior {
    size_t n, d, n_shares;
    size_t n_chains, n_draws;
    size_t n_without_mass; /* measured specimens of unknown mass, which by_mass leaves out */
    /* Draws of shares, [n_chains, n_draws, n_shares]: */
    double *theta;        /* of the source from which the parcel was drawn */
    double *by_number;    /* of the measured specimens */
    double *by_mass;      /* of the mass of the measured specimens; NULL if no mass is known */
    double *whole_parcel; /* of all specimens of the parcel; NULL if all were measured */
    double *shift;        /* [n_chains, n_draws, n_shares, d]: l_k in units of the features; of none: mu_0 less the
                             grand mean; NaN for origins with alpha 0 */
    double *rho, *sigma;  /* [n_chains, n_draws] */
    /* Over all draws: */
    double *probability; /* [n, n_shares]: of a specimen to be of the origin; Rao-Blackwellised */
    chains_summary *by_number_summary, *by_mass_summary, *whole_parcel_summary; /* [n_shares] each; NULL as the draws */
} parcel_posterior;

/* alpha[n_origins + 1] are the parameters of the Dirichlet prior of the shares: 0 leaves an origin, or none of the
 * origins, out. Chain 0 starts at the maximum-likelihood shares without shifts; the others start at a draw from the
 * prior and raise the power of the likelihood to 1 over the first half of the burn-in. ADAMAS_E_ARGUMENT: no specimen,
 * too few chains or draws, or alpha is negative, all 0, or above 0 for an origin that has no specimen in the model;
 * ADAMAS_E_DATA: a feature is not finite or a mass not positive. *out is to be freed. */
adamas_status parcel_sample(parcel_posterior *out, const parcel_model *model, const parcel_specimens *specimens,
                            const double *alpha, const parcel_sampling *sampling, adamas_error *error);

void parcel_posterior_free(parcel_posterior *p);

#endif
