/* Symmetric positive definite systems with two diagonals on each side of the main one. A recurrence along a row is
 * followed in sixteen stretches of it at once: the row is folded. */
#ifndef PREPROCESS_BANDED_H
#define PREPROCESS_BANDED_H

#include <stddef.h>

/* diagonal[n] and the diagonals first[n] and second[n] beside it (of which n - 1 and n - 2 count) become those of D^-1
 * and L in L D L'. Returns 0 where the matrix is not positive definite (then the arrays are spoilt), else 1. */
int banded_factor(size_t n, double *diagonal, double *first, double *second);

/* What banded_factor made, ready to solve; NULL where memory cannot be had. Freed by free(). */
typedef struct banded banded;
banded *banded_new(size_t n, const double *inverse, const double *first, const double *second);

/* Floats of scratch that banded_solve wants, on a 64-byte boundary. */
size_t banded_scratch(const banded *b);

/* row[n] to out[n], which may be row. The arithmetic is in float64, but what the forward sweep leaves to the backward
 * one is rounded to float32: that is a relative error of the right-hand side of C z = u, A = C C', and if no eigenvalue
 * of A is below 1, C^-1 enlarges nothing. */
void banded_solve(const banded *b, const float *row, float *out, float *scratch);

#endif
