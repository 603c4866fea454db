/* A spectrometer of four detectors, and a session on it. */
#ifndef SPECTROMETER_H
#define SPECTROMETER_H

#include "grid.h"
#include "random.h"

enum { N_SEGMENTS = 4, SEGMENT_PIXELS = 2048, N_PIXELS = N_SEGMENTS * SEGMENT_PIXELS };

static const double full_scale = 65535;
static const double read_noise = 14; /* counts */

/* The nominal wavelengths of the pixels' centres, nm in air. */
void spectrometer_axis(double nm[N_PIXELS]);

/* The instrument of a session: the first one if the session's number is odd, otherwise the second one. */
const char *spectrometer_name(uint64_t session);

typedef struct session {
    size_t first[N_PIXELS];     /* the first grid point that contributes to a pixel */
    size_t start[N_PIXELS + 1]; /* the index of its first weight */
    float *weight;              /* counts per photon per nm at a point: line shape, pixel width and response */
    float dark[N_PIXELS];       /* fixed pattern, counts */
    double gas_share;           /* share of the early plume's atoms that comes from the gas */
    double humidity;            /* hydrogen per atom of the gas */
} session;

/* Returns 0 if memory runs out. */
int session_make(session *out, const grid *g, uint64_t seed, uint64_t number);
void session_clear(session *s);

/* The detectors' signal without noise: counts[N_PIXELS]. */
void session_expose(const session *s, const float *photons, float *counts);

/* Adds photon and read noise in place, rounds to counts, and clips at full scale. */
void spectrometer_noise(const session *s, random_stream *r, float *counts);

#endif
