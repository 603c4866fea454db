/* Small synthetic spectra sets in memory, the same on every machine. */
#ifndef FUNCTIONAL_SYNTHETIC_SET_H
#define FUNCTIONAL_SYNTHETIC_SET_H

#include "adamas/adamas.h"

typedef struct synthetic_shape {
    size_t n_origins, n_specimens, n_shots, n_channels; /* specimens per origin, shots per specimen */
    double first_nm, step_nm;
    uint64_t seed;
    const char *prefix; /* of the specimens' ids */
    int is_parcel;      /* without origins */
} synthetic_shape;

typedef struct synthetic_set {
    size_t n_specimens, n_shots, n_channels;
    float *intensity;
    double *wavelength;
    char (*ids)[32];
    char (*paths)[32];
    const char **specimen; /* [n_shots] */
    const char **origin;   /* [n_specimens] "alpha/east", "beta/west", ... */
    adamas_spectra *spectra;
} synthetic_set;

/* 3 origins, 6 specimens of each, 4 shots, 300 channels from 300 to 330 nm. */
extern const synthetic_shape synthetic_library;
/* A parcel on the same axis: 2 specimens of each origin, without origins. */
extern const synthetic_shape synthetic_parcel;

/* The arrays, and a set that lends them, with specimens, sessions, shot numbers, origins and parcels. A failure ends
 * the program. */
synthetic_set synthetic_make(synthetic_shape shape);

/* Another set that lends the same arrays, with the same tables; if is_bare, with the column `specimen` alone. */
adamas_spectra *synthetic_lend(const synthetic_set *s, int is_bare);

void synthetic_free(synthetic_set *s);

#endif
