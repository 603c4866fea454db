/* What the plume of one shot shines: an early and a late plasma, each a hot core in a cool shell. */
#ifndef EMISSION_H
#define EMISSION_H

#include "plasma.h"

enum { GAS_AIR, GAS_ARGON };

/* The state of one shot's plume. */
typedef struct plume {
    double temperature; /* K, of the early core */
    double electrons;   /* 1/cm3, of the early core */
    double mass;        /* ablated, relative to the usual: scales size and light */
    int gas;
    mixture early, late; /* the late plume has mixed with more of the gas */
} plume;

typedef struct emitter {
    grid points;
    band_table bands[N_BAND_MOLECULES];
} emitter;

/* Arrays of one thread, each of the grid's length. */
typedef struct scratch {
    float *tau1, *tau2, *black1, *black2, *part;
} scratch;

/* Return 0 where memory cannot be had. */
int emitter_make(emitter *out);
int scratch_make(scratch *out, const emitter *e);
void emitter_clear(emitter *e);
void scratch_clear(scratch *s);

/* The four zones: early core and shell, late core and shell. */
enum { EARLY_CORE, EARLY_SHELL, LATE_CORE, LATE_SHELL, N_ZONES };
void plume_zones(zone zones[N_ZONES], const plume *p);

/* Photons per nm, in an arbitrary unit that is the same for all shots, at the grid's points. */
void emission_of(const emitter *e, const plume *p, scratch *s, float *photons);

#endif
