/* Fourier transforms: forward is the sum that defines it, inverse undoes it, and threads plan the same. */
#include "base/fourier.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const size_t lengths[] = {1, 2, 3, 7, 16, 97, 360, 2048};
enum { n_lengths = sizeof lengths / sizeof *lengths };

static void fill(float *row, size_t n)
{
    for (size_t i = 0; i < n; i++)
        row[i] = (float)sin(0.7 * (double)(i * i)) + (i == n / 3 ? 2 : 0);
}

Test(fourier, good_sizes)
{
    cr_assert_eq(fourier_good_size(0), 1);
    cr_assert_eq(fourier_good_size(1), 1);
    cr_assert_eq(fourier_good_size(11), 12);
    cr_assert_eq(fourier_good_size(13), 14);
    cr_assert_eq(fourier_good_size(97), 98);
    cr_assert_eq(fourier_good_size(2049), 2058);
    cr_assert_eq(fourier_good_size(4096), 4096);
    cr_assert_eq(fourier_good_size(24901), 25000);
}

Test(fourier, forward_is_the_sum_that_defines_it_and_inverse_undoes_it)
{
    for (size_t l = 0; l < n_lengths; l++) {
        size_t n = lengths[l];
        float *row = memory_raw(n, sizeof *row), *back = memory_raw(n, sizeof *back);
        float *pairs = memory_raw(2 * (n / 2 + 1), sizeof *pairs);
        fourier *f;
        cr_assert_eq(fourier_make(&f, n, NULL), ADAMAS_OK);
        fill(row, n);
        fourier_forward(f, row, pairs);
        for (size_t k = 0; k <= n / 2; k++) {
            double real = 0, imaginary = 0;
            for (size_t i = 0; i < n; i++) {
                double angle = -2 * M_PI * (double)(i * k % n) / (double)n;
                real += row[i] * cos(angle);
                imaginary += row[i] * sin(angle);
            }
            cr_assert_float_eq(pairs[2 * k], real, 1e-6 * (double)n + 1e-6);
            cr_assert_float_eq(pairs[2 * k + 1], imaginary, 1e-6 * (double)n + 1e-6);
        }
        fourier_inverse(f, pairs, back);
        for (size_t i = 0; i < n; i++)
            cr_assert_float_eq(back[i] / (float)n, row[i], 2e-6);
        fourier_free(f);
        free(row);
        free(back);
        free(pairs);
    }
}

Test(fourier, a_length_beyond_fftw_is_refused)
{
    fourier *f;
    cr_assert_eq(fourier_make(&f, (size_t)1 << 40, NULL), ADAMAS_E_MEMORY);
    cr_assert_null(f);
    fourier_free(f);
}

static void *plan_and_transform(void *out)
{
    enum { n = 360 };
    for (int round = 0; round < 50; round++) {
        fourier *f;
        float *row = memory_raw(n, sizeof *row);
        if (!fourier_make(&f, n, NULL)) {
            fill(row, n);
            fourier_forward(f, row, out);
            fourier_free(f);
        }
        free(row);
    }
    return NULL;
}

Test(fourier, planning_from_several_threads_gives_the_same_bytes)
{
    enum { n = 362, n_threads = 4 };
    pthread_t threads[n_threads];
    float *out[n_threads];
    for (int i = 0; i < n_threads; i++) {
        out[i] = memory_new(n, sizeof *out[i]);
        cr_assert_eq(pthread_create(&threads[i], NULL, plan_and_transform, out[i]), 0);
    }
    for (int i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    cr_assert_neq(out[0][0], 0);
    for (int i = 1; i < n_threads; i++)
        cr_assert_eq(memcmp(out[0], out[i], n * sizeof *out[0]), 0);
    for (int i = 0; i < n_threads; i++)
        free(out[i]);
}
