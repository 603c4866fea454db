/* The elements of a diamond plume, and the atomic data of each. */
#ifndef ELEMENTS_H
#define ELEMENTS_H

enum {
    EL_H,
    EL_LI,
    EL_C,
    EL_N,
    EL_O,
    EL_NA,
    EL_MG,
    EL_AL,
    EL_SI,
    EL_AR,
    EL_K,
    EL_CA,
    EL_TI,
    EL_V,
    EL_CR,
    EL_MN,
    EL_FE,
    EL_CO,
    EL_NI,
    EL_CU,
    EL_ZN,
    EL_RB,
    EL_SR,
    EL_ZR,
    EL_NB,
    EL_BA,
    EL_LA,
    EL_CE,
    EL_PB,
    N_ELEMENTS
};

enum { N_STAGES = 3 }; /* neutral, singly and doubly charged */

typedef struct element {
    char symbol[3];
    double mass;              /* u */
    double ionisation[2];     /* eV, from stage 1 and from stage 2; 0 if there is no further stage */
    double ln_u[N_STAGES][5]; /* ln U = sum of a_k x^k, x = ln(T / 10,000 K) */
} element;

extern const element element_table[N_ELEMENTS];

/* The index of the element with a symbol such as "Ca", or -1. */
int element_find(const char *symbol);

#endif
