/* Linear algebra: eigenvectors, Cholesky factors and products against their definitions; the threads of BLAS are
 * restored. */
#include "base/blas_threads.h"
#include "base/linalg.h"

#include "base/memory.h"

#include <cblas.h>
#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0 - 0.5;
}

/* [2 1; 1 2]: 3 along (1, 1), 1 along (1, -1). The upper triangle is not read. */
Test(linalg, eigen_exactly)
{
    double a[] = {2, 99, 1, 2}, value[2], vector[4];
    cr_assert_eq(linalg_eigen(2, 2, a, value, vector, NULL, NULL), ADAMAS_OK);
    cr_assert_float_eq(value[0], 3, 1e-15);
    cr_assert_float_eq(value[1], 1, 1e-15);
    cr_assert_float_eq(vector[0] * vector[1], 0.5, 1e-15);
    cr_assert_float_eq(vector[2] * vector[3], -0.5, 1e-15);
    double one[] = {-4}, of_one, unit;
    cr_assert_eq(linalg_eigen(1, 1, one, &of_one, &unit, NULL, NULL), ADAMAS_OK);
    cr_assert(of_one == -4 && fabs(unit) == 1);
}

enum { n = 37 };

static void symmetric(double *a, uint64_t seed)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            a[i * n + j] = a[j * n + i] = uniform(&seed);
}

static void check_pairs(const double *a, size_t wanted, const double *value, const double *vector)
{
    for (size_t k = 0; k < wanted; k++) {
        const double *v = vector + k * n;
        cr_assert(k == 0 || value[k] <= value[k - 1], "rising at %zu", k);
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += a[i * n + j] * v[j];
            cr_assert_float_eq(sum, value[k] * v[i], 1e-13);
        }
        for (size_t l = 0; l <= k; l++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++)
                dot += v[i] * vector[l * n + i];
            cr_assert_float_eq(dot, k == l, 1e-13);
        }
    }
}

Test(linalg, eigen_residual_and_order)
{
    double a[n * n], destroyed[n * n], value[n], vector[n * n], few[5], few_vectors[5 * n];
    symmetric(a, 1);
    memcpy(destroyed, a, sizeof a);
    cr_assert_eq(linalg_eigen(n, n, destroyed, value, vector, NULL, NULL), ADAMAS_OK);
    check_pairs(a, n, value, vector);
    memcpy(destroyed, a, sizeof a);
    cr_assert_eq(linalg_eigen(n, 5, destroyed, few, few_vectors, NULL, NULL), ADAMAS_OK);
    check_pairs(a, 5, few, few_vectors);
    for (size_t k = 0; k < 5; k++)
        cr_assert_float_eq(few[k], value[k], 1e-13);
}

/* Larger than what is left to LAPACK: two panels and a part of one. The eigenvalues of second differences with fixed
 * ends are 2 - 2 cos(k pi / (size + 1)); a reflection 1 - 2 u u' keeps them, and makes all elements of the matrix
 * nonzero. */
Test(linalg, eigen_of_a_large_matrix)
{
    enum { size = 330, few = 7 };
    static double a[size * size], copy[size * size], u[size], value[few], vector[few * size];
    double bend[size];
    for (size_t i = 0; i < size; i++)
        u[i] = (i % 2 ? -1 : 1) / sqrt(size);
    for (size_t i = 0; i < size; i++)
        bend[i] = 2 * u[i] - (i ? u[i - 1] : 0) - (i + 1 < size ? u[i + 1] : 0);
    double along = 0;
    for (size_t i = 0; i < size; i++)
        along += u[i] * bend[i];
    for (size_t i = 0; i < size; i++)
        for (size_t j = 0; j < size; j++)
            a[i * size + j] = (i == j                     ? 2
                               : i == j + 1 || j == i + 1 ? -1
                                                          : 0) -
                              2 * u[i] * bend[j] - 2 * bend[i] * u[j] + 4 * along * u[i] * u[j];
    memcpy(copy, a, sizeof a);
    cr_assert_eq(linalg_eigen(size, few, copy, value, vector, NULL, NULL), ADAMAS_OK);
    for (size_t k = 0; k < few; k++) {
        const double *v = vector + k * size;
        double length = 0;
        cr_assert_float_eq(value[k], 2 - 2 * cos((double)(size - k) * M_PI / (size + 1)), 1e-12);
        for (size_t i = 0; i < size; i++) {
            double image = 0;
            length += v[i] * v[i];
            for (size_t j = 0; j < size; j++)
                image += a[i * size + j] * v[j];
            cr_assert_float_eq(image, value[k] * v[i], 1e-12, "vector %zu, row %zu", k, i);
        }
        cr_assert_float_eq(length, 1, 1e-12);
    }
}

Test(linalg, cholesky)
{
    double a[] = {4, 99, 99, 2, 5, 99, 2, 3, 6};
    const double expected[] = {2, 0, 0, 1, 2, 0, 1, 1, 2};
    cr_assert_eq(linalg_cholesky(3, a, NULL), ADAMAS_OK);
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j <= i; j++)
            cr_assert_float_eq(a[i * 3 + j], expected[i * 3 + j], 1e-15);
    double b[] = {2, 4, 3, 0, 6, 1}; /* two columns; the upper triangle of `a` is not read */
    linalg_solve_lower(3, a, 2, b);
    const double solved[] = {1, 2, 1, -1, 2, 0};
    for (size_t i = 0; i < 6; i++)
        cr_assert_float_eq(b[i], solved[i], 1e-15);
}

Test(linalg, cholesky_refuses)
{
    double indefinite[] = {1, 0, 2, 1}, none[] = {0};
    adamas_error error = {0};
    cr_assert_eq(linalg_cholesky(2, indefinite, &error), ADAMAS_E_DATA);
    cr_assert_str_eq(error.message, "a covariance matrix of 2 components is not positive definite");
    cr_assert_eq(linalg_cholesky(1, none, NULL), ADAMAS_E_DATA);
}

/* Against plain loops, on parts of wider matrices, whose other elements stay. */
Test(linalg, products)
{
    enum { m = 5, k = 7, cols = 3, wide = 11 };
    double a[m * wide], b[cols * wide], at[k * wide], bt[k * wide], outer[m * wide], inner[m * wide];
    uint64_t state = 2;
    for (size_t i = 0; i < m * wide; i++)
        a[i] = uniform(&state), outer[i] = inner[i] = (double)i;
    for (size_t i = 0; i < cols * wide; i++)
        b[i] = uniform(&state);
    for (size_t l = 0; l < k; l++) {
        for (size_t i = 0; i < m; i++)
            at[l * wide + i] = a[i * wide + l];
        for (size_t j = 0; j < cols; j++)
            bt[l * wide + j] = b[j * wide + l];
    }
    linalg_outer(m, cols, k, a, wide, b, wide, outer, wide);
    linalg_inner(m, cols, k, at, wide, bt, wide, inner, wide);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < wide; j++) {
            double sum = (double)(i * wide + j);
            for (size_t l = 0; j < cols && l < k; l++)
                sum += a[i * wide + l] * b[j * wide + l];
            cr_assert_float_eq(outer[i * wide + j], sum, 1e-13);
            cr_assert_float_eq(inner[i * wide + j], sum, 1e-13);
        }
    const float x[] = {1, 4, 9, 2, 5, 9, 3, 6, 9}, y[] = {1, 0, 2, -1, 1, 1}; /* [3, 2 of 3] and [3, 2] */
    float z[4] = {9, 9, 9, 9};
    linalg_inner_floats(2, 2, 3, x, 3, y, 2, z);
    cr_assert(z[0] == 8 && z[1] == 1 && z[2] == 20 && z[3] == 1);
}

Test(linalg, subtract_and_symmetric)
{
    const double x[] = {1, 2, 3, 4, 5, 6}, y[] = {1, 0, 2, -1, 1, 1}; /* [2, 3] and [3, 2] */
    double z[] = {10, 20, 30, 40};
    linalg_subtract(2, 2, 3, x, y, z, 2);
    cr_assert(z[0] == 2 && z[1] == 19 && z[2] == 10 && z[3] == 39);
    const double apart[] = {1, 0, 99, 2, -1, 99, 1, 1, 99};
    double among[] = {10, 20, 99, 30, 40, 99};
    linalg_subtract(2, 2, 3, x, apart, among, 3);
    cr_assert(among[0] == 2 && among[1] == 19 && among[2] == 99 && among[3] == 10 && among[4] == 39 && among[5] == 99);
    const double a[] = {1, 99, 99, 2, 5, 99, 3, 4, 6}; /* the upper triangle is not read */
    double product[6];
    linalg_symmetric(2, 3, x, a, product);
    const double expected[] = {14, 24, 29, 32, 57, 68};
    for (size_t i = 0; i < 6; i++)
        cr_assert_eq(product[i], expected[i]);
}

Test(linalg, blas_threads_are_put_back)
{
    for (int host = 1; host <= 2; host++) {
        openblas_set_num_threads(host);
        cr_assert_eq(openblas_get_num_threads(), host);
        blas_threads_limit();
        cr_assert_eq(openblas_get_num_threads(), 1);
        blas_threads_limit();
        blas_threads_restore();
        cr_assert_eq(openblas_get_num_threads(), 1);
        blas_threads_restore();
        cr_assert_eq(openblas_get_num_threads(), host);
    }
}

static void *enter_and_leave(void *data)
{
    pthread_barrier_t *all = data;
    for (int round = 0; round < 1000; round++) {
        blas_threads_limit();
        if (openblas_get_num_threads() != 1)
            return data;
        blas_threads_restore();
    }
    blas_threads_limit();
    pthread_barrier_wait(all);
    void *wrong = openblas_get_num_threads() == 1 ? NULL : data;
    blas_threads_restore();
    return wrong;
}

Test(linalg, blas_threads_are_put_back_by_the_last_of_several)
{
    openblas_set_num_threads(2);
    pthread_barrier_t all;
    pthread_barrier_init(&all, NULL, 2);
    pthread_t other;
    cr_assert_eq(pthread_create(&other, NULL, enter_and_leave, &all), 0);
    void *mine = enter_and_leave(&all), *its = NULL;
    pthread_join(other, &its);
    cr_assert(!mine && !its);
    cr_assert_eq(openblas_get_num_threads(), 2);
    pthread_barrier_destroy(&all);
}
