/* Linear algebra on row-major matrices. Nothing else calls BLAS or LAPACK. */
#ifndef BASE_LINALG_H
#define BASE_LINALG_H

#include "base/work.h"

/* c += a bᵀ of a[m,k] and b[n,k] (row strides lda, ldb), float64; c[m,n] has row stride ldc. */
void linalg_outer(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c,
                  size_t ldc);

/* c += aᵀ b of a[k,m] and b[k,n] (row strides lda, ldb), float64; c[m,n] has row stride ldc. */
void linalg_inner(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c,
                  size_t ldc);

/* c[m,n] = aᵀ b of a[k,m] and b[k,n] (row strides lda, ldb), float32. */
void linalg_inner_floats(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb,
                         float *c);

/* c[m,n] -= a[m,k] b[k,n], float64; b and c have row stride ld. */
void linalg_subtract(size_t m, size_t n, size_t k, const double *a, const double *b, double *c, size_t ld);

/* c[m,n] = b[m,n] a of the symmetric a[n,n] (lower triangle read), float64. */
void linalg_symmetric(size_t m, size_t n, const double *b, const double *a, double *c);

/* The `wanted` largest eigenvalues of the symmetric a[n,n] (lower triangle read, a is overwritten), in falling order:
 * value[wanted], and their unit eigenvectors as the rows of vector[wanted,n]. Can be cancelled through w. ADAMAS_E_DATA
 * if LAPACK does not find them. */
adamas_status linalg_eigen(size_t n, size_t wanted, double *a, double *value, double *vector, work *w,
                           adamas_error *error);

/* Cholesky: the lower triangle of a[n,n] becomes L, a = L Lᵀ. ADAMAS_E_DATA if a is not positive definite. */
adamas_status linalg_cholesky(size_t n, double *a, adamas_error *error);

/* b[n, columns] becomes L^-1 b for the L of linalg_cholesky. */
void linalg_solve_lower(size_t n, const double *lower, size_t columns, double *b);

#endif
