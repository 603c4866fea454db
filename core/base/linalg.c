/* Matrix products, eigenvalues and Cholesky factors by BLAS and LAPACK. */
#include "base/linalg.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

void linalg_outer(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c,
                  size_t ldc)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, 1, c,
                (int)ldc);
}

void linalg_inner(size_t m, size_t n, size_t k, const double *a, size_t lda, const double *b, size_t ldb, double *c,
                  size_t ldc)
{
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, 1, c,
                (int)ldc);
}

void linalg_inner_floats(size_t m, size_t n, size_t k, const float *a, size_t lda, const float *b, size_t ldb, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)m, (int)n, (int)k, 1, a, (int)lda, b, (int)ldb, 0, c,
                (int)n);
}

void linalg_subtract(size_t m, size_t n, size_t k, const double *a, const double *b, double *c, size_t ld)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, -1, a, (int)k, b, (int)ld, 1, c,
                (int)ld);
}

void linalg_symmetric(size_t m, size_t n, const double *b, const double *a, double *c)
{
    cblas_dsymm(CblasRowMajor, CblasRight, CblasLower, (int)m, (int)n, 1, a, (int)n, b, (int)n, 0, c, (int)n);
}

/* A symmetric matrix that is being reduced to tridiagonal form, from the last row upwards (Dongarra, Sorensen &
 * Hammarling 1989). This is LAPACK's dsytrd, except that it can be cancelled; 'U' because a row-major lower triangle is
 * a column-major upper one. The last rows and the tridiagonal matrix are left to LAPACK itself, whose columns of
 * eigenvectors are our rows. */
typedef struct reduction {
    size_t n;
    double *a;                       /* [n, n]: rows that are done hold their reflectors */
    double *diagonal, *beside, *tau; /* [n] each: of the tridiagonal matrix, and of the reflectors */
    double *update;                  /* [panel, n] */
    double *rising, *rows;           /* [n], [wanted, n] */
    lapack_int *support;             /* [2 n] */
} reduction;

enum { panel = 32, left_to_lapack = 256 };

/* Reduces row k of a panel, of which the last `below` rows are reduced: applies their updates to the row, then computes
 * its reflector x and its row of `update`. */
static void reduce_row(const reduction *r, size_t k, size_t below, double *update)
{
    int n = (int)r->n, done = (int)below, length = (int)k;
    double *x = r->a + k * r->n, other[panel];
    const double *reflectors = x + r->n, *updates = update + r->n;
    if (done) {
        cblas_dgemv(CblasRowMajor, CblasTrans, done, length + 1, -1, reflectors, n, updates + k, n, 1, x, 1);
        cblas_dgemv(CblasRowMajor, CblasTrans, done, length + 1, -1, updates, n, reflectors + k, n, 1, x, 1);
    }
    r->diagonal[k] = x[k];
    LAPACKE_dlarfg(length, &x[k - 1], x, 1, &r->tau[k - 1]);
    r->beside[k - 1] = x[k - 1];
    x[k - 1] = 1;
    cblas_dsymv(CblasRowMajor, CblasLower, length, 1, r->a, n, x, 1, 0, update, 1);
    if (done) {
        cblas_dgemv(CblasRowMajor, CblasNoTrans, done, length, 1, updates, n, x, 1, 0, other, 1);
        cblas_dgemv(CblasRowMajor, CblasTrans, done, length, -1, reflectors, n, other, 1, 1, update, 1);
        cblas_dgemv(CblasRowMajor, CblasNoTrans, done, length, 1, reflectors, n, x, 1, 0, other, 1);
        cblas_dgemv(CblasRowMajor, CblasTrans, done, length, -1, updates, n, other, 1, 1, update, 1);
    }
    cblas_dscal(length, r->tau[k - 1], update, 1);
    cblas_daxpy(length, -r->tau[k - 1] / 2 * cblas_ddot(length, update, 1, x, 1), x, 1, update, 1);
}

/* *info is LAPACK's: 0 on success. */
static adamas_status reduce(const reduction *r, lapack_int *info, work *w, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    size_t left = r->n;
    for (; !status && left > left_to_lapack; left -= panel) {
        size_t first = left - panel;
        for (size_t k = left; !status && k-- > first;) {
            reduce_row(r, k, left - 1 - k, r->update + (k - first) * r->n);
            status = work_check_cancelled(w, error);
        }
        cblas_dsyr2k(CblasRowMajor, CblasLower, CblasTrans, (int)first, panel, -1, r->a + first * r->n, (int)r->n,
                     r->update, (int)r->n, 1, r->a, (int)r->n);
    }
    if (!status)
        *info = LAPACKE_dsytrd(LAPACK_COL_MAJOR, 'U', (lapack_int)left, r->a, (lapack_int)r->n, r->diagonal, r->beside,
                               r->tau);
    return status;
}

static lapack_int solve_reduced(const reduction *r, size_t wanted)
{
    lapack_int n = (lapack_int)r->n, found = 0, accurate = 1;
    lapack_int info = LAPACKE_dstemr(LAPACK_COL_MAJOR, 'V', wanted == r->n ? 'A' : 'I', n, r->diagonal, r->beside, 0, 0,
                                     (lapack_int)(r->n - wanted + 1), n, &found, r->rising, r->rows, n,
                                     (lapack_int)wanted, r->support, &accurate);
    if (info == 0 && (size_t)found != wanted)
        info = 1;
    if (info)
        return info;
    return LAPACKE_dormtr_work(LAPACK_COL_MAJOR, 'L', 'U', 'N', n, (lapack_int)wanted, r->a, n, r->tau, r->rows, n,
                               r->update, panel * n);
}

/* LAPACK's results are in rising order, ours in falling order. */
static adamas_status take_eigen(const reduction *r, size_t wanted, lapack_int info, double *value, double *vector,
                                adamas_error *error)
{
    if (info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
        return status_no_memory(error);
    if (info)
        return status_set(error, ADAMAS_E_DATA, "eigenvalues of a %zu x %zu matrix could not be found", r->n, r->n);
    for (size_t i = 0; i < wanted; i++) {
        value[i] = r->rising[wanted - 1 - i];
        memcpy(vector + i * r->n, r->rows + (wanted - 1 - i) * r->n, r->n * sizeof *vector);
    }
    return ADAMAS_OK;
}

adamas_status linalg_eigen(size_t n, size_t wanted, double *a, double *value, double *vector, work *w,
                           adamas_error *error)
{
    double *workspace = memory_new(n, (4 + panel + wanted) * sizeof *workspace);
    lapack_int *support = memory_new(2 * n, sizeof *support), info = 0;
    reduction r = {.n = n,
                   .a = a,
                   .diagonal = workspace,
                   .beside = workspace + n,
                   .tau = workspace + 2 * n,
                   .update = workspace + 4 * n,
                   .rising = workspace + 3 * n,
                   .rows = workspace + (4 + panel) * n,
                   .support = support};
    adamas_status status = workspace && support ? reduce(&r, &info, w, error) : status_no_memory(error);
    if (!status && info == 0)
        info = solve_reduced(&r, wanted);
    if (!status)
        status = take_eigen(&r, wanted, info, value, vector, error);
    free(workspace);
    free(support);
    return status;
}

adamas_status linalg_cholesky(size_t n, double *a, adamas_error *error)
{
    lapack_int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', (lapack_int)n, a, (lapack_int)n);
    if (info == 0)
        return ADAMAS_OK;
    return status_set(error, ADAMAS_E_DATA, "a covariance matrix of %zu components is not positive definite", n);
}

void linalg_solve_lower(size_t n, const double *lower, size_t columns, double *b)
{
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, (int)n, (int)columns, 1, lower,
                (int)n, b, (int)columns);
}
