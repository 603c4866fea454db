#include "base/linalg.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <omp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* OpenBLAS keeps one thread count for the whole process, so this must be one for the process too. */
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static size_t inside;
static int host_blas_threads;

/* In its OpenMP build openblas_set_num_threads also sets OpenMP's count for the calling thread. */
static void set_blas_threads(int threads)
{
    int omp_threads = omp_get_max_threads();
    openblas_set_num_threads(threads);
    if (openblas_get_parallel() == 2)
        omp_set_num_threads(omp_threads);
}

void linalg_enter(void)
{
    pthread_mutex_lock(&guard);
    if (inside++ == 0) {
        host_blas_threads = openblas_get_num_threads();
        if (host_blas_threads != 1)
            set_blas_threads(1);
    }
    pthread_mutex_unlock(&guard);
}

void linalg_leave(void)
{
    pthread_mutex_lock(&guard);
    if (--inside == 0 && host_blas_threads != 1)
        set_blas_threads(host_blas_threads);
    pthread_mutex_unlock(&guard);
}

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

void linalg_subtract(size_t m, size_t n, size_t k, const double *a, const double *b, double *c)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)m, (int)n, (int)k, -1, a, (int)k, b, (int)n, 1, c,
                (int)n);
}

void linalg_symmetric(size_t m, size_t n, const double *b, const double *a, double *c)
{
    cblas_dsymm(CblasRowMajor, CblasRight, CblasLower, (int)m, (int)n, 1, a, (int)n, b, (int)n, 0, c, (int)n);
}

/* LAPACK counts columns first: the lower triangle of a row-major matrix is its upper one, and what it calls an
 * eigenvector's column is a row of ours, so nothing needs transposing. */
/* All of them are found faster (by relatively robust representations) than a quarter of them (by bisection). */
adamas_status linalg_eigen(size_t n, size_t wanted, double *a, double *value, double *vector, adamas_error *error)
{
    adamas_status status = ADAMAS_OK;
    size_t sought = 4 * wanted >= n ? n : wanted;
    double *rising = memory_new(n, sizeof *rising);
    double *rows = memory_new(sought * n, sizeof *rows);
    lapack_int *support = memory_new(2 * n, sizeof *support);
    lapack_int found = 0, info = 0;
    if (rising && rows && support)
        info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', sought == n ? 'A' : 'I', 'U', (lapack_int)n, a, (lapack_int)n, 0,
                              0, (lapack_int)(n - sought + 1), (lapack_int)n, 0, &found, rising, rows, (lapack_int)n,
                              support);
    if (!rising || !rows || !support || info == LAPACK_WORK_MEMORY_ERROR || info == LAPACK_TRANSPOSE_MEMORY_ERROR)
        status = status_no_memory(error);
    else if (info != 0 || (size_t)found != sought)
        status = status_set(error, ADAMAS_E_DATA, "eigenvalues of a %zu x %zu matrix could not be found", n, n);
    for (size_t i = 0; !status && i < wanted; i++) {
        value[i] = rising[sought - 1 - i];
        memcpy(vector + i * n, rows + (sought - 1 - i) * n, n * sizeof *rows);
    }
    free(rising);
    free(rows);
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
