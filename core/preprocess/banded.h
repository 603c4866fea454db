/* Symmetric positive definite systems with two diagonals on each side of the main one. The recurrences along a row are
 * computed in sixteen parts of it at once: the row is folded (preprocess/folded.h). */
#ifndef PREPROCESS_BANDED_H
#define PREPROCESS_BANDED_H

#include <stddef.h>

/* Replaces diagonal[n] and the diagonals first[n] and second[n] beside it (n - 1 and n - 2 of which are used) by those
 * of D^-1 and L in L D L'. Returns 0 if the matrix is not positive definite (the arrays are then overwritten), else
 * 1. */
int banded_factor(size_t n, double *diagonal, double *first, double *second);

/* A solver from the result of banded_factor; NULL if memory is exhausted. Freed by free(). */
typedef struct banded banded;
banded *banded_new(size_t n, const double *inverse, const double *first, const double *second);

/* Floats of scratch for banded_solve, on a 64-byte boundary. */
size_t banded_scratch(const banded *b);

/* Solves A out = row, both [n]; out may be row. The arithmetic is float64, but the result of the forward sweep is
 * rounded to float32: that is a relative error of the right-hand side of C' z = u, A = C C', which C'^-1 does not
 * amplify if no eigenvalue of A is below 1. */
void banded_solve(const banded *b, const float *row, float *out, float *scratch);

#endif
