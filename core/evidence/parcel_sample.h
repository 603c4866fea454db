/* The composition of a parcel: draws from the posterior of the model of parcel_model.h with shares theta ~ Dirichlet,
 * by Gibbs sampling. Shares are [n_shares] = [n_origins + 1], that of none of the origins last. */
#ifndef EVIDENCE_PARCEL_SAMPLE_H
#define EVIDENCE_PARCEL_SAMPLE_H

#include "base/work.h"
#include "evidence/chains.h"
#include "evidence/parcel_model.h"

#include <stdint.h>

typedef struct parcel_specimens {
    size_t n;           /* measured */
    size_t n_whole;     /* stones of the parcel; where more than n, the rest was not measured */
    const double *rows; /* [n, d], as those of the library */
    const double *mass; /* [n], any unit, NaN where not known; NULL: none is known */
} parcel_specimens;

typedef struct parcel_sampling {
    uint64_t seed;
    size_t n_chains;  /* each is a random stream of its own: the same draws whatever runs beside it */
    size_t burn_in;   /* iterations of each chain that are not kept */
    size_t n_draws;   /* kept of each chain, at least 4 */
    double tau_scale; /* the model's tau is multiplied by this: to show the answer at tau/3 and 3 tau */
    work *work;       /* asked meanwhile; NULL: nobody is */
} parcel_sampling;

extern const parcel_sampling parcel_sampling_default; /* seed 0, 4 chains, 1,000 and 2,000 iterations, 1 */

typedef struct parcel_posterior {
    size_t n, d, n_shares;
    size_t n_chains, n_draws;
    size_t n_without_mass; /* measured stones that the shares by carats leave out */
    /* Draws, [n_chains, n_draws, n_shares]: */
    double *theta;       /* shares of the source that the parcel was drawn from */
    double *stones;      /* shares of the measured stones, by number */
    double *carats;      /* the same by mass; NULL where no mass is known */
    double *whole;       /* shares of the whole parcel, by number; NULL where all of it was measured */
    double *shift;       /* [n_chains, n_draws, n_shares, d]: l_k in units of the features; of none: mu_0 less the grand
                            mean; NaN for origins with alpha 0 */
    double *rho, *sigma; /* [n_chains, n_draws] */
    /* Over all draws: */
    double *probability; /* [n, n_shares]: of a stone to be of the origin, Rao-Blackwellised */
    chains_summary *by_number_summary, *by_mass_summary,
        *whole_parcel_summary; /* [n_shares] each, NULL where the draws are */
} parcel_posterior;

/* alpha[n_origins + 1] of the Dirichlet prior of the shares: 0 leaves an origin, or none, out. Chain 0 starts at the
 * maximum-likelihood shares without shifts, the others at a draw
 * from the prior, with a likelihood that is raised to 1 over the first half of the burn-in. ADAMAS_E_ARGUMENT: alpha is
 * negative, all 0, or above 0 for an origin of which the model has no stone. */
adamas_status parcel_sample(parcel_posterior *out, const parcel_model *model, const parcel_specimens *stones,
                            const double *alpha, const parcel_sampling *sampling, adamas_error *error);

void parcel_posterior_free(parcel_posterior *p);

#endif
