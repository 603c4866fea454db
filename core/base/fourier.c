/* Real Fourier transforms by FFTW: its plans, and the lock of its planner. */
#include "base/fourier.h"

#include "base/memory.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdlib.h>

struct fourier {
    fftwf_plan forward;
    fftwf_plan inverse;
};

/* FFTW has one planner for the whole process. FFTW's own lock protects it from a host program that also makes plans;
 * ours protects the freeing of plans, which not every version of FFTW locks. */
static pthread_once_t planner_made_safe = PTHREAD_ONCE_INIT;
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static void lock_planner(void)
{
    pthread_once(&planner_made_safe, fftwf_make_planner_thread_safe);
    pthread_mutex_lock(&planner);
}

static void unlock_planner(void)
{
    pthread_mutex_unlock(&planner);
}

static void destroy(fftwf_plan forward, fftwf_plan inverse)
{
    lock_planner();
    if (forward)
        fftwf_destroy_plan(forward);
    if (inverse)
        fftwf_destroy_plan(inverse);
    unlock_planner();
}

size_t fourier_good_size(size_t n)
{
    for (size_t size = n > 1 ? n : 1;; size++) {
        size_t rest = size;
        for (size_t prime = 2; prime <= 7; prime++)
            while (rest % prime == 0)
                rest /= prime;
        if (rest == 1)
            return size;
    }
}

/* FFTW counts channels in int. */
static adamas_status check_length(size_t n, adamas_error *error)
{
    return n < ((size_t)1 << 30) ? ADAMAS_OK : status_no_memory(error);
}

adamas_status fourier_make(fourier **out, size_t n, adamas_error *error)
{
    *out = NULL;
    adamas_status status = check_length(n, error);
    if (status)
        return status;
    fourier *f = memory_new(1, sizeof *f);
    float *real = memory_raw(n, sizeof *real);
    fftwf_complex *complex = memory_raw(n / 2 + 1, sizeof *complex);
    if (f && real && complex) {
        lock_planner();
        f->forward = fftwf_plan_dft_r2c_1d((int)n, real, complex, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
        f->inverse = fftwf_plan_dft_c2r_1d((int)n, complex, real, FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
        unlock_planner();
    }
    free(real);
    free(complex);
    if (f && f->forward && f->inverse) {
        *out = f;
        return ADAMAS_OK;
    }
    fourier_free(f);
    return status_no_memory(error);
}

void fourier_forward(const fourier *f, const float *in, float *out)
{
    /* FFTW takes a float *, but FFTW_PRESERVE_INPUT keeps the input. */
    fftwf_execute_dft_r2c(f->forward, (float *)(uintptr_t)in, (fftwf_complex *)out);
}

void fourier_inverse(const fourier *f, float *in, float *out)
{
    fftwf_execute_dft_c2r(f->inverse, (fftwf_complex *)in, out);
}

void fourier_free(fourier *f)
{
    if (f)
        destroy(f->forward, f->inverse);
    free(f);
}
