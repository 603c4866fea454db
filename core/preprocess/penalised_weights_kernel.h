/* The next weights of baselines by penalised least squares, one kernel for each rule and width of SIMD vectors. */
#ifndef PREPROCESS_PENALISED_WEIGHTS_KERNEL_H
#define PREPROCESS_PENALISED_WEIGHTS_KERNEL_H

#include "preprocess/penalised_kernel.h"

/* Some records of the arrays, and the two parameters of the weights of each row. As the arrays are float32, so is this
 * arithmetic; the solver's is float64. */
typedef struct penalised_weights {
    size_t n;
    const float *y;
    const float *z;
    float *w;
    _Alignas(64) float keep[PENALISED_LANES]; /* 1, or 0: the weight is 0 */
    _Alignas(64) float a[PENALISED_LANES];
    _Alignas(64) float b[PENALISED_LANES];
} penalised_weights;

/* Sums of squares in each lane: of the change of the weights, and of the weights before. */
typedef struct penalised_change {
    float change[PENALISED_LANES];
    float before[PENALISED_LANES];
} penalised_change;

/* w from y and z, and the change. asls: a above z, b below it. arpls: 1 / (1 + e^(a (y - z - b))). */
SIMD_KERNEL(void, penalised_asls, (const penalised_weights *weights, penalised_change *change));
SIMD_KERNEL(void, penalised_arpls, (const penalised_weights *weights, penalised_change *change));

/* airpls: e^(a (y - z)) below z, 0 above it; the change is not used. */
SIMD_KERNEL(void, penalised_airpls, (const penalised_weights *weights, penalised_change *change));

#endif
