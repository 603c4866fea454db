/* Diatomic molecules: CN and C2, whose bands are in the spectra, and N2 and CO, which only bind nitrogen and oxygen. */
#ifndef MOLECULES_H
#define MOLECULES_H

#include "grid.h"

enum {
    MOL_CN,
    MOL_C2,
    MOL_N2,
    MOL_CO,
    N_MOLECULES,
    N_BAND_MOLECULES = 2,
    N_FC_UPPER = 8,
    N_FC_LOWER = 11,
    MAX_STATES = 5
};

/* An electronic state: energies in 1/cm. */
typedef struct state {
    double te, we, wexe, weye, be, alpha, de;
    double weight; /* 2S + 1, twice that if the state is doubly degenerate */
    double gamma;  /* B_v = Be - alpha (v + 1/2) + gamma (v + 1/2)^2 */
} state;

/* A system of bands from one state to another. */
typedef struct band_system {
    int upper, lower;         /* of the molecule's states */
    double first_nm, last_nm; /* the range of its bands */
    double lifetime;          /* s, of the upper state's v = 0 */
    double fc[N_FC_UPPER][N_FC_LOWER];
} band_system;

typedef struct molecule {
    int atom[2];
    double dissociation; /* eV, from the ground state's v = 0 */
    int n_states;
    state states[MAX_STATES]; /* the ground state first */
    const band_system *bands; /* NULL if the spectra show none */
} molecule;

extern const molecule molecule_table[N_MOLECULES];

/* Energy (1/cm) of a vibrational and rotational level above the minimum of the ground state: Te + G(v) + F(N). */
double molecule_level(const state *s, int v, int n);

/* Sum over states from the ground state's v = 0; homonuclear molecules have only every second rotational level. */
double molecule_partition(int which, double temperature);

/* Equilibrium constant: the density of the molecule over the product of the densities of its neutral atoms, cm3. */
double molecule_equilibrium(int which, double temperature);

/* Absorption cross-sections of a band system at the wavelengths of a grid and at equidistant temperatures. */
typedef struct band_table {
    size_t first, n; /* grid points */
    float *area;     /* [temperatures][n], cm2 per molecule, without stimulated emission */
} band_table;

/* Returns 0 if memory runs out. */
int band_table_make(band_table *out, int which, const grid *g);
void band_table_clear(band_table *t);

/* Adds column (molecules per cm2) times cross-section at a temperature to tau[grid]. */
void band_table_add(const band_table *t, double temperature, double column, float *tau);

/* The wavelength in standard air (nm) of a wavenumber in vacuum (1/cm). */
double air_of_wavenumber(double wavenumber);

#endif
