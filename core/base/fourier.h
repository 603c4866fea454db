/* Fourier transforms of float32 rows. Nothing else calls FFTW.
 *
 * A plan is immutable and may be executed by any number of threads at once. Buffers must be aligned to 64 bytes
 * (base/memory.h), because plans are made for aligned ones; so the same row gives the same bytes everywhere. FFTW
 * aborts the process if its own small allocations fail: these alone cannot be checked. */
#ifndef BASE_FOURIER_H
#define BASE_FOURIER_H

#include "base/status.h"

typedef struct fourier fourier;

/* The smallest 2^a 3^b 5^c 7^d that is not below n: lengths for which FFTW is fast. */
size_t fourier_good_size(size_t n);

/* Real rows of length n (1 or more) and their n / 2 + 1 complex coefficients, as pairs of floats. */
adamas_status fourier_make(fourier **out, size_t n, adamas_error *error);

/* in[n] to out[2 (n / 2 + 1)], which must not overlap; in is kept. */
void fourier_forward(const fourier *f, const float *in, float *out);

/* The inverse, times n; in is overwritten. */
void fourier_inverse(const fourier *f, float *in, float *out);

void fourier_free(fourier *f);

#endif
