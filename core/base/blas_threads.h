/* BLAS on one thread while ours run: each of our threads calls BLAS for itself. */
#ifndef BASE_BLAS_THREADS_H
#define BASE_BLAS_THREADS_H

/* Sets OpenBLAS to one thread from the first call of blas_threads_limit to the last call of blas_threads_restore, which
 * sets it back to what the host program had. Calls nest and may come from several threads. (work_begin and work_end
 * call them.) */
void blas_threads_limit(void);
void blas_threads_restore(void);

#endif
