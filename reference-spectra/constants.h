/* Constants of physics: CODATA 2018. Lengths in cm, temperatures in K, energies in eV, unless a name says otherwise. */
#ifndef CONSTANTS_H
#define CONSTANTS_H

static const double boltzmann_ev = 8.617333262e-5;      /* eV / K */
static const double boltzmann_atm = 1.3626e-22;         /* atm cm3 / K: p = n k T */
static const double hc_ev_nm = 1239.841984;             /* eV nm */
static const double hc_over_k_cm = 1.438776877;         /* K cm: of a wavenumber in 1/cm */
static const double planck_si = 6.62607015e-34;         /* J s */
static const double speed_of_light_si = 2.99792458e8;   /* m / s */
static const double speed_of_light_cm = 2.99792458e10;  /* cm / s */
static const double pi_electron_radius_cm = 8.8526e-13; /* cm: pi e2 / (m c2), the integrated cross-section of f = 1 */
static const double saha_constant = 4.8293e15;          /* 1/(cm3 K^1.5): 2 (2 pi m k / h2)^1.5 */
static const double mass_action = 1.87932e20; /* 1/(cm3 K^1.5): (2 pi u k / h2)^1.5 for u of one atomic mass unit */
static const double pi = 3.14159265358979324;

#endif
