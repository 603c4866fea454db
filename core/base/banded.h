/* Symmetric positive definite systems with two diagonals on each side of the main one, for many right-hand sides. */
#ifndef BASE_BANDED_H
#define BASE_BANDED_H

#include <stddef.h>

enum { BANDED_ROWS = 16 };

/* diagonal[n] and the diagonals first[n] and second[n] beside it (of which n - 1 and n - 2 count) become those of D^-1
 * and L in L D L'. Returns 0 where the matrix is not positive definite (then the arrays are spoilt), else 1. */
int banded_factor(size_t n, double *diagonal, double *first, double *second);

/* Solves in place for n_rows rows, 1 ... BANDED_ROWS of them, `stride` floats apart, of n channels (1 or more) each,
 * with what banded_factor made. The arithmetic is in float64, but what the forward sweep leaves to the backward one is
 * rounded to float32 in work[BANDED_ROWS n], on a 64-byte boundary: that is a relative error of the right-hand side of
 * C z = u, A = C C', and if no eigenvalue of A is below 1, C^-1 enlarges nothing. A row's bytes do not depend on its
 * company. */
void banded_solve(size_t n, const double *inverse, const double *first, const double *second, size_t n_rows,
                  float *rows, size_t stride, float *work);

#endif
