/* Metropolis-Hastings moves of a parcel's chain from one mode of the posterior to another, which Gibbs steps would
 * seldom find. Labels are summed out of the acceptance ratio. Each move leaves the state up to date. */
#ifndef EVIDENCE_PARCEL_MOVES_H
#define EVIDENCE_PARCEL_MOVES_H

#include "evidence/parcel_state.h"

/* Proposes the position of a specimen as the mean of none of the origins. Without this move the mean would wait long
 * for a draw of its wide prior that comes near to a specimen. */
void parcel_move_none(parcel_state *s, random_stream *r);

/* Two origins (or one and none) exchange their shares; for each a shift is proposed that puts it in the other's place,
 * or one near 0. So specimens that were assigned to a neighbour with a large shift find the origin that needs a small
 * one. Proposed in one iteration of four. */
void parcel_move_exchange(parcel_state *s, random_stream *r);

#endif
