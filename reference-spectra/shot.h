/* One shot on a specimen: its spot, its depth and its temperature. */
#ifndef SHOT_H
#define SHOT_H

#include "emission.h"
#include "specimen.h"

enum { SHOTS_PER_SPOT = 5 };

/* The plume of shot `number` (from 0) on a specimen, in a gas and under the conditions of a session. */
void shot_plume(plume *out, const specimen *s, const origins *o, const session *day, int gas, uint64_t number,
                uint64_t seed);

/* The random numbers for the noise of that shot. */
random_stream shot_noise(const specimen *s, uint64_t number, uint64_t seed);

#endif
