/* Rows of a simulated spectra set, computed when they are asked for. */
#ifndef GENERATOR_H
#define GENERATOR_H

#include "emission.h"
#include "stone.h"

/* Which stone a specimen is. */
typedef struct specimen {
    const origin_prior *origin;
    uint64_t locality, number;
} specimen;

typedef struct generator {
    const origins *origins;
    uint64_t seed;
    int gas;
    int threads;  /* 1 or more; the rows do not depend on it */
    size_t shots; /* of each specimen */
    size_t n_specimens;
    const specimen *specimens;
    size_t n_sessions;
    const uint64_t *session_numbers;
    emitter light; /* made by generator_start */
    session *sessions;
    scratch *scratches; /* [threads] */
    float **photons;
} generator;

/* Makes what all rows share; the fields above `light` are set by the caller and stay his. */
adamas_status generator_start(generator *g, adamas_error *error);
void generator_stop(generator *g);

/* An adamas_row_reader: shots specimen by specimen, in firing order. */
adamas_status generator_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* The stone that a specimen is. */
stone generator_stone(const generator *g, size_t index);

#endif
