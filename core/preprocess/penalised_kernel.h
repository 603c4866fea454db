/* The kernels of baselines by penalised least squares, by the width of vectors: (W + lam D'D) z = W y for eight rows at
 * once, each with its own weights (D takes second differences, ends are free), and the next weights.
 *
 * L D L' is found from both ends of a row towards its middle, where two channels are left: two recurrences, each half
 * as long, instead of one that waits for its divisions. Record k holds channels k and 2 h - 1 - k, so both ends run
 * through the same lanes. A channel whose weight is 0 beyond the end of a row changes nothing before it: it makes an
 * odd number of channels even. */
#ifndef PREPROCESS_PENALISED_KERNEL_H
#define PREPROCESS_PENALISED_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Rows, and the numbers of a record: one end's eight rows, then the other's. */
enum { PENALISED_ROWS = 8, PENALISED_LANES = 2 * PENALISED_ROWS };

/* L and D^-1 of a record. */
typedef struct penalised_factor {
    double first[PENALISED_LANES];
    double inverse[PENALISED_LANES]; /* with D'D not scaled by lam, the second diagonal is the same */
} penalised_factor;

/* Arrays of h records, h >= 2, on 64-byte boundaries. */
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
SIMD_KERNEL(void, penalised_solve, (const penalised_system *s, double lam, penalised_below *below));

/* Some records of the arrays, and two numbers that the next weights of each lane's row depend on. What is stored is
 * float32, and so is this arithmetic: the solver's is not. */
typedef struct penalised_weights {
    size_t n;
    const float *y;
    const float *z;
    float *w;
    _Alignas(64) float keep[PENALISED_LANES]; /* 0: the weight is 0 */
    _Alignas(64) float a[PENALISED_LANES];
    _Alignas(64) float b[PENALISED_LANES];
} penalised_weights;

/* By how much the weights of each lane changed: sums of squares. */
typedef struct penalised_change {
    float change[PENALISED_LANES];
    float before[PENALISED_LANES];
} penalised_change;

/* w from y and z, and the change: a above z, b below it (asls); 1 / (1 + e^(a (y - z - b))) (arpls). */
SIMD_KERNEL(void, penalised_asls, (const penalised_weights *weights, penalised_change *change));
SIMD_KERNEL(void, penalised_arpls, (const penalised_weights *weights, penalised_change *change));

/* e^(a (y - z)) below z, 0 above it (airpls); the change is not looked at. */
SIMD_KERNEL(void, penalised_airpls, (const penalised_weights *weights, penalised_change *change));

#endif
