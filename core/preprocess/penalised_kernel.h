/* The solver of baselines by penalised least squares, one kernel for each width of SIMD vectors: (W + lam D'D) z = W y
 * for eight rows at once, each with its own weights (D takes second differences, the ends are free).
 *
 * L D L' is computed from both ends of a row towards its middle, where two channels are left: two independent
 * recurrences of half the length hide the latency of the divisions. Record k holds channels k and 2 h - 1 - k, so that
 * both ends use the same lanes. An odd number of channels is made even by one more channel of weight 0, which does not
 * change the others. */
#ifndef PREPROCESS_PENALISED_KERNEL_H
#define PREPROCESS_PENALISED_KERNEL_H

#include "base/simd.h"

#include <stddef.h>

/* Rows, and the numbers of a record: those of one end of eight rows, then those of the other end. */
enum { PENALISED_ROWS = 8, PENALISED_LANES = 2 * PENALISED_ROWS };

/* L and D^-1 of a record. */
typedef struct penalised_factor {
    double first[PENALISED_LANES];
    double inverse[PENALISED_LANES]; /* the second diagonal is the same, as the system is divided by lam */
} penalised_factor;

/* Arrays of h records, h >= 2, on 64-byte boundaries. */
typedef struct penalised_system {
    size_t h;
    const float *y;
    const float *w;
    float *z;
    penalised_factor *factors;
} penalised_system;

/* Of each row: the number of negative residuals y - z, their sum and their sum of squares. */
typedef struct penalised_negative {
    double n[PENALISED_ROWS];
    double sum[PENALISED_ROWS];
    double squares[PENALISED_ROWS];
} penalised_negative;

/* The intermediate result between the two sweeps is stored in z, rounded to float32. That is a relative error of u in
 * C' z = u, C C' = W + lam D'D: in the norm of the weights and second differences it is not amplified. */
SIMD_KERNEL(void, penalised_solve, (const penalised_system *s, double lam, penalised_negative *negative));

#endif
