/* (W + lam D'D) z = W y for eight rows at once, each with its own weights; D takes second differences, ends are free.
 *
 * L D L' is found from both ends of a row towards its middle, where two channels are left: two recurrences, each half
 * as long, instead of one that waits for its divisions. Record k holds channels k and 2 h - 1 - k, so both ends run
 * through the same lanes. A channel whose weight is 0 beyond the end of a row changes nothing before it: it makes an
 * odd number of channels even. */
#ifndef PREPROCESS_PENALISED_SOLVE_H
#define PREPROCESS_PENALISED_SOLVE_H

#include "base/lanes.h"
#include "preprocess/penalised.h"

/* A record as vectors: the first half of them are one end's. */
enum { PENALISED_VECTORS = PENALISED_LANES / LANES_DOUBLES };

/* L and D^-1 of a record. */
typedef struct penalised_factor {
    lanes_doubles first[PENALISED_VECTORS];
    lanes_doubles inverse[PENALISED_VECTORS]; /* with D'D not scaled by lam, the second diagonal is the same */
} penalised_factor;

/* Arrays of h records, h >= 2, of PENALISED_LANES numbers each: one end's eight rows, then the other's. */
typedef struct penalised_system {
    size_t h;
    const float *y;
    const float *w;
    float *z;
    penalised_factor *factors;
} penalised_system;

/* Of each row: how many residuals y - z are below 0, their sum, and their squares' sum. */
typedef struct penalised_below {
    double n[PENALISED_ROWS];
    double sum[PENALISED_ROWS];
    double squares[PENALISED_ROWS];
} penalised_below;

/* What one sweep leaves to the next is kept in z, rounded to float32. That is a relative error of u in C' z = u, where
 * C C' = W + lam D'D: measured by the weights and the second differences, it is never enlarged. */
void penalised_solve(const penalised_system *s, double lam, penalised_below *below);

#endif
