/* Lower bounds for the time of each stage on this machine: the work that no implementation can do without. README.md
 * says what each of them does and leaves out. Each processes n rows of n_channels. */
#ifndef BENCH_FLOORS_H
#define BENCH_FLOORS_H

#include <stddef.h>

typedef struct floor_buffers {
    size_t n, n_channels;
    const float *raw; /* [n, n_channels] */
    float *rows;      /* the same */
    float *scratch;   /* [FLOOR_SCRATCH (n_channels + 16)] */
} floor_buffers;

enum { FLOOR_SCRATCH = 96 };

void floor_snip(const floor_buffers *p);    /* 40 passes in place over a tile in the L1 cache */
void floor_savgol(const floor_buffers *p);  /* 11 taps, antisymmetric */
void floor_copy(const floor_buffers *p);    /* from raw to rows, within the L2 cache */
void floor_project(const floor_buffers *p); /* fused multiply-adds in registers, 50 a channel */
void floor_lags(const floor_buffers *p);    /* products at 17 lags */

/* Returns the mean number of iterations that arPLS (lam 1e6, tol 1e-3) takes on the rows, and prepares p->scratch for
 * floor_arpls, which does one iteration of each row, eight rows at a time: a solve in float64, weights in float32. */
double floor_arpls_iterations(const floor_buffers *p);
void floor_arpls(const floor_buffers *p);

#endif
