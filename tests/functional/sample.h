/* Small spectra sets made in memory, the same on every machine: lines by origin and specimen, a background, noise. */
#ifndef FUNCTIONAL_SAMPLE_H
#define FUNCTIONAL_SAMPLE_H

#include "adamas/adamas.h"

typedef struct sample_shape {
    size_t n_origins, n_specimens, n_shots, n_channels; /* specimens of an origin, shots of a specimen */
    double first_nm, step_nm;
    uint64_t seed;
    const char *prefix; /* of the specimens' names */
    int is_parcel;      /* no origins are told */
} sample_shape;

typedef struct sample {
    size_t n_specimens, n_shots, n_channels;
    float *intensity;
    double *wavelength;
    char (*ids)[32];
    char (*paths)[32];
    const char **specimen; /* [n_shots] */
    const char **origin;   /* [n_specimens] "alpha/east", "beta/west", ... */
    adamas_spectra *spectra;
} sample;

/* 3 origins, 6 specimens of each, 4 shots, 300 channels from 300 to 330 nm. */
extern const sample_shape sample_library;
/* The same, fewer, without origins. */
extern const sample_shape sample_parcel;

/* The arrays, and a set over them (lent): specimens, sessions, shot numbers, origins, parcels. Ends the program where
 * memory ends. */
sample sample_make(sample_shape shape);

/* The same tables on a new set that lends the sample's arrays; only the column `specimen` where bare. */
adamas_spectra *sample_lend(const sample *s, int bare);

void sample_free(sample *s);

#endif
