/* A simulated specimen, one diamond: drawn from what its origin, its locality and it alone have. */
#ifndef SPECIMEN_H
#define SPECIMEN_H

#include "origins.h"
#include "spectrometer.h"

typedef struct specimen {
    const origin_prior *origin;
    locality locality;
    uint64_t number;
    uint64_t session; /* an index into the sessions that it may be measured in */
    double carats;
    int cleaned;
    int coated;
    int fluid_kind; /* FLUID_..., or -1 if the specimen is not rich in fluid */
    double gem[N_ELEMENTS], fluid_ppm[N_ELEMENTS], coat[N_ELEMENTS], dirt[N_ELEMENTS]; /* ppm */
    double ablation;          /* of its surface, relative to the average */
    double drift[N_SEGMENTS]; /* of the spectrometer's gain when it was measured */
} specimen;

/* Draws specimen `number` of a locality; it is measured in one of n_sessions. */
void specimen_draw(specimen *out, const origins *o, const origin_prior *origin, uint64_t locality, uint64_t number,
                   uint64_t n_sessions, uint64_t seed);

/* Its simulated kind: gem, coated, fluid-rich or coated fluid-rich. */
const char *specimen_kind(const specimen *s);

#endif
