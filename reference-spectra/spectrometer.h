/* A spectrometer of four detectors, and what a day's session on it makes of light. */
#ifndef SPECTROMETER_H
#define SPECTROMETER_H

#include "grid.h"
#include "random.h"

enum { N_SEGMENTS = 4, SEGMENT_PIXELS = 2048, N_PIXELS = N_SEGMENTS * SEGMENT_PIXELS };

static const double full_scale = 65535;
static const double read_noise = 14; /* counts */

/* The wavelengths that the spectrometer says its pixels have: centres, nm in air. */
void spectrometer_axis(double nm[N_PIXELS]);

/* Session numbers tell the instrument: odd ones are the first's, even ones the second's. */
const char *spectrometer_name(uint64_t session);

typedef struct session {
    size_t first[N_PIXELS];     /* the first grid point that a pixel sees */
    size_t start[N_PIXELS + 1]; /* where its weights start */
    float *weight;              /* counts of a photon per nm at a point: line shape, pixel, response in one */
    float dark[N_PIXELS];       /* fixed pattern, counts */
    double gas_share;           /* of the early plume's atoms, from the surrounding gas */
    double humidity;            /* hydrogen per atom of the gas */
} session;

/* Returns 0 where memory cannot be had. */
int session_make(session *out, const grid *g, uint64_t seed, uint64_t number);
void session_clear(session *s);

/* What the detectors read, without noise: counts[N_PIXELS]. */
void session_expose(const session *s, const float *photons, float *counts);

/* Adds photon and read noise in place, rounds to counts, and clips at full scale. */
void spectrometer_noise(const session *s, random_stream *r, float *counts);

#endif
