/* One shot at a stone: which spot, how deep, and how hot. */
#ifndef SHOT_H
#define SHOT_H

#include "emission.h"
#include "stone.h"

enum { SHOTS_PER_SPOT = 5 };

/* The plume of shot `number` (from 0) at a stone, in a gas, as a session's air was. */
void shot_plume(plume *out, const stone *s, const origins *o, const session *day, int gas, uint64_t number,
                uint64_t seed);

/* The noise of that shot. */
random_stream shot_noise(const stone *s, uint64_t number, uint64_t seed);

#endif
