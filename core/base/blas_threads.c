/* The number of threads of OpenBLAS, which is one number for the whole process. */
#include "base/blas_threads.h"

#include <cblas.h>
#include <omp.h>
#include <pthread.h>
#include <stddef.h>

/* OpenBLAS has one thread count for the whole process, so this state is one for the process, too. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t n_limits;
static int host_blas_threads;

/* In its OpenMP build openblas_set_num_threads also sets OpenMP's count for the calling thread. */
static void set_blas_threads(int threads)
{
    int omp_threads = omp_get_max_threads();
    openblas_set_num_threads(threads);
    if (openblas_get_parallel() == 2)
        omp_set_num_threads(omp_threads);
}

void blas_threads_limit(void)
{
    pthread_mutex_lock(&lock);
    if (n_limits++ == 0) {
        host_blas_threads = openblas_get_num_threads();
        if (host_blas_threads != 1)
            set_blas_threads(1);
    }
    pthread_mutex_unlock(&lock);
}

void blas_threads_restore(void)
{
    pthread_mutex_lock(&lock);
    if (--n_limits == 0 && host_blas_threads != 1)
        set_blas_threads(host_blas_threads);
    pthread_mutex_unlock(&lock);
}
