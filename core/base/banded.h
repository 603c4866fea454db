/* Symmetric positive definite systems with two diagonals on each side of the main one, in float64. */
#ifndef BASE_BANDED_H
#define BASE_BANDED_H

#include <stddef.h>

/* diagonal[n] and the diagonals first[n - 1] and second[n - 2] beside it become those of D and L in L D Lᵀ. Returns 0
 * where the matrix is not positive definite (then the arrays are spoilt), else 1. */
int banded_factor(size_t n, double *diagonal, double *first, double *second);

/* Solves in place for x[n], with what banded_factor made. */
void banded_solve(size_t n, const double *diagonal, const double *first, const double *second, double *x);

#endif
