/* Moves of a parcel's chain from one mode of the posterior to another, which steps of one number at a time would not
 * find: Metropolis-Hastings with the labels summed out. */
#ifndef EVIDENCE_PARCEL_MOVES_H
#define EVIDENCE_PARCEL_MOVES_H

#include "evidence/parcel_gibbs.h"

/* The mean of none goes to where a stone lies; alone it would wait long for a draw of its wide prior to come near. */
void parcel_move_none(parcel_gibbs *g, random_stream *r);

/* Two origins (or one and none) exchange their shares, and each goes where the other was, or home: stones taken for
 * those of a neighbour with a great shift find the origin that needs a small one. Tried one time in four. */
void parcel_move_exchange(parcel_gibbs *g, random_stream *r);

#endif
