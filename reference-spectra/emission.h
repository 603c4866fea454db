/* Emission of the plume of one shot: an early and a late plasma, each a hot core in a cool shell. */
#ifndef EMISSION_H
#define EMISSION_H

#include "plasma.h"

enum { GAS_AIR, GAS_ARGON };

/* The state of one shot's plume. */
typedef struct plume {
    double temperature; /* K, of the early core */
    double electrons;   /* 1/cm3, of the early core */
    double mass;        /* ablated, relative to that of the average shot: scales size and brightness */
    int gas;
    mixture early, late; /* the late plume has mixed with more of the gas */
} plume;

typedef struct emission_model {
    grid wavelengths;
    band_table bands[N_BAND_MOLECULES];
} emission_model;

/* Arrays of one thread, each of the grid's length. */
typedef struct workspace {
    float *tau1, *tau2, *black1, *black2, *radiance;
} workspace;

/* Return 0 if memory runs out. */
int emission_model_make(emission_model *out);
int workspace_make(workspace *out, const emission_model *e);
void emission_model_clear(emission_model *e);
void workspace_clear(workspace *s);

/* The four zones: early core and shell, late core and shell. */
enum { EARLY_CORE, EARLY_SHELL, LATE_CORE, LATE_SHELL, N_ZONES };
void plume_zones(zone zones[N_ZONES], const plume *p);

/* Photons per nm at the grid's wavelengths, in an arbitrary unit the same for all shots. */
void emission_spectrum(const emission_model *e, const plume *p, workspace *s, float *photons);

#endif
