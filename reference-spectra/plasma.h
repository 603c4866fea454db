/* A uniform plasma in local thermodynamic equilibrium: Saha and Boltzmann, three stages, four molecules. */
#ifndef PLASMA_H
#define PLASMA_H

#include "elements.h"
#include "molecules.h"

/* Atoms of each element per atom of all; they sum to 1. */
typedef struct mixture {
    double atoms[N_ELEMENTS];
} mixture;

typedef struct zone {
    double temperature;                   /* K */
    double electrons;                     /* 1/cm3 */
    double length;                        /* cm, along the line of sight; set by the caller */
    double density[N_ELEMENTS][N_STAGES]; /* 1/cm3 */
    double u[N_ELEMENTS][N_STAGES];       /* partition functions at the temperature */
    double molecules[N_MOLECULES];        /* 1/cm3 */
} zone;

/* U of a stage (0: neutral) at a temperature; outside 3,000 to 20,000 K that of the nearer limit. */
double plasma_partition(int element, int stage, double temperature);

/* Density of stage + 1 over that of stage, with the lowering of the ionisation energy by the plasma. */
double plasma_saha(int element, int stage, double temperature, double electrons);

/* The zone of a mixture at a temperature and an electron density; the density of atoms follows from neutrality. */
void plasma_at_electron_density(zone *z, const mixture *m, double temperature, double electrons);

/* The zone of a mixture at a temperature and a pressure (atm): electrons from neutrality, atoms and molecules from
 * mass action. */
void plasma_at_pressure(zone *z, const mixture *m, double temperature, double pressure);

#endif
