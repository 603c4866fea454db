/* Draws of one Markov chain over what is not known of a parcel (parcel_state.h): Gibbs steps, followed by
 * Metropolis-Hastings moves (parcel_moves.h). Each variance is drawn twice in an iteration, with eta fixed (which mixes
 * well if the shifts are uncertain) and with the shifts fixed (which mixes well if many specimens determine them): the
 * ancillarity-sufficiency interweaving strategy of Yu and Meng (2011). */
#ifndef EVIDENCE_PARCEL_GIBBS_H
#define EVIDENCE_PARCEL_GIBBS_H

#include "base/random.h"
#include "base/work.h"
#include "evidence/parcel_state.h"

/* Starts: a draw from the prior; or no shifts, the most probable variances and the maximum-likelihood shares
 * (ADAMAS_E_CANCELLED, ADAMAS_E_MEMORY). parcel_state_update is due after either. */
void parcel_gibbs_start_prior(parcel_state *s, random_stream *r);
adamas_status parcel_gibbs_start_maximum_likelihood(parcel_state *s, work *w, adamas_error *error);

/* One iteration at the state's beta. Afterwards responsibility / total are the probabilities of the components for each
 * specimen, given shares, shifts and variances. */
void parcel_gibbs_step(parcel_state *s, random_stream *r);

#endif
