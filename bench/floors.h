/* What the machine can do at best, for the work that a stage cannot do without; README.md says of each what it is and
 * what it leaves out. Each does n rows of n_channels. */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include <stddef.h>

typedef struct floor_place {
    size_t n, n_channels;
    const float *raw; /* [n, n_channels] */
    float *rows;      /* the same */
    float *scratch;   /* [FLOOR_SCRATCH (n_channels + 16)] */
} floor_place;

enum { FLOOR_SCRATCH = 96 };

void floor_snip(const floor_place *p);    /* 40 passes in place over a tile in L1 */
void floor_savgol(const floor_place *p);  /* 11 taps, antisymmetric */
void floor_copy(const floor_place *p);    /* raw to rows, within L2 */
void floor_project(const floor_place *p); /* fused multiply-adds in registers, 50 a channel */
void floor_lags(const floor_place *p);    /* products at 17 lags */

/* Iterations that arPLS (lam 1e6, tol 1e-3) takes on the rows, on average. Then floor_arpls may follow: one
 * iteration a row, eight rows side by side: a solve in float64, weights in float32. */
double floor_arpls_iterations(const floor_place *p);
void floor_arpls(const floor_place *p);

#endif
