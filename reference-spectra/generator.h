/* Rows of a simulated spectra set, computed when they are read. */
#ifndef GENERATOR_H
#define GENERATOR_H

#include "emission.h"
#include "specimen.h"

/* What a specimen is drawn from: together with the seed it decides all of its properties. */
typedef struct specimen_key {
    const origin_prior *origin;
    uint64_t locality, number;
} specimen_key;

typedef struct generator {
    const origins *origins;
    uint64_t seed;
    int gas;
    int threads;  /* 1 or more; the rows do not depend on it */
    size_t shots; /* of each specimen */
    size_t n_specimens;
    const specimen_key *specimens;
    size_t n_sessions;
    const uint64_t *session_numbers;
    emission_model model; /* made by generator_start */
    session *sessions;
    workspace *workspaces; /* [threads] */
    float **photons;
} generator;

/* Makes what all rows share. The caller sets the fields above `model`, and keeps what they point to. */
adamas_status generator_start(generator *g, adamas_error *error);
void generator_stop(generator *g);

/* An adamas_row_reader: shots specimen by specimen, in firing order. */
adamas_status generator_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error);

/* Draws a specimen again: its properties are not stored. */
specimen generator_specimen(const generator *g, size_t index);

#endif
