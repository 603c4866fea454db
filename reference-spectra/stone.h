/* One stone: drawn from its origin, then its locality, then by itself. */
#ifndef STONE_H
#define STONE_H

#include "origins.h"
#include "spectrometer.h"

typedef struct stone {
    const origin_prior *origin;
    place where;
    uint64_t number;
    uint64_t session; /* an index into the sessions that it may be measured in */
    double carats;
    int cleaned;
    int coated;
    int fluid; /* FLUID_..., or -1 where the stone is not rich in fluid */
    double gem[N_ELEMENTS], rich[N_ELEMENTS], coat[N_ELEMENTS], dirt[N_ELEMENTS]; /* ppm */
    double ablation;          /* of its surface, relative to the usual */
    double drift[N_SEGMENTS]; /* of the spectrometer's gain when its turn came */
} stone;

/* What stone `number` of a locality is; it may be measured in any of n_sessions. */
void stone_draw(stone *out, const origins *o, const origin_prior *origin, uint64_t locality, uint64_t number,
                uint64_t n_sessions, uint64_t seed);

/* gem, coated, fluid-rich, or coated fluid-rich: what the simulation made it. */
const char *stone_kind(const stone *s);

#endif
