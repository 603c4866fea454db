#include "reduce/krylov.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* |a v - value v| over value that counts as found: an eigenvector is then off by 1e-8 / (relative gap), an eigenvalue
 * by the square of that. */
static const double tolerance = 1e-8;

/* Narrow blocks reach a higher power of the matrix in a space of the same size, wide ones multiply faster. The space
 * may grow to a third of n, beyond which a full decomposition costs no more, and is kept from taking more memory than
 * that. */
enum { width = 16, share = 3, most_vectors = 1024, check_every = 4, smallest = 512 };

typedef struct krylov {
    size_t n, wanted, most, m; /* m: vectors in the space so far, of `most` */
    const double *a;
    double *q;                 /* [most, n]: orthonormal rows */
    double *aq;                /* the same rows times a */
    double *t;                 /* [m, m]: q a q' */
    double *ritz_value, *ritz; /* [wanted], [wanted, m] */
    double *small;             /* [most, width] */
    double *residual;          /* [wanted, n] */
} krylov;

static void release(krylov *k)
{
    free(k->q);
    free(k->aq);
    free(k->t);
    free(k->ritz_value);
    free(k->ritz);
    free(k->small);
    free(k->residual);
}

static adamas_status reserve(krylov *k, adamas_error *error)
{
    size_t most = k->most;
    k->q = memory_raw(most, k->n * sizeof *k->q);
    k->aq = memory_raw(most, k->n * sizeof *k->aq);
    k->t = memory_raw(most, most * sizeof *k->t);
    k->ritz_value = memory_raw(k->wanted, sizeof *k->ritz_value);
    k->ritz = memory_raw(k->wanted, most * sizeof *k->ritz);
    k->small = memory_raw(most, width * sizeof *k->small);
    k->residual = memory_raw(k->wanted, k->n * sizeof *k->residual);
    return k->q && k->aq && k->t && k->ritz_value && k->ritz && k->small && k->residual ? ADAMAS_OK
                                                                                        : status_no_memory(error);
}

/* Rows become orthonormal: Gram matrix, Cholesky, solve. Returns 0 where they are too nearly dependent for that. */
static int orthonormalise(krylov *k, double *rows)
{
    memset(k->small, 0, width * width * sizeof *k->small);
    linalg_outer(width, width, k->n, rows, k->n, rows, k->n, k->small, width);
    if (linalg_cholesky(width, k->small, NULL))
        return 0;
    linalg_solve_lower(width, k->small, k->n, rows);
    return 1;
}

/* Takes from the new block what lies in the space, twice (once leaves rounding), and makes it orthonormal. */
static int add_block(krylov *k)
{
    double *block = k->q + k->m * k->n;
    for (int pass = 0; pass < 2; pass++) {
        memset(k->small, 0, width * k->m * sizeof *k->small);
        linalg_outer(width, k->m, k->n, block, k->n, k->q, k->n, k->small, k->m);
        linalg_subtract(width, k->n, k->m, k->small, k->q, block);
        if (!orthonormalise(k, block))
            return 0;
    }
    linalg_symmetric(width, k->n, block, k->a, k->aq + k->m * k->n);
    k->m += width;
    return 1;
}

/* Eigenpairs of the matrix within the space (Rayleigh and Ritz), and whether each is one of the whole matrix. */
static adamas_status check(krylov *k, int *converged, adamas_error *error)
{
    size_t m = k->m;
    memset(k->t, 0, m * m * sizeof *k->t);
    linalg_outer(m, m, k->n, k->q, k->n, k->aq, k->n, k->t, m);
    adamas_status status = linalg_eigen(m, k->wanted, k->t, k->ritz_value, k->ritz, error);
    *converged = 0;
    if (status)
        return status;
    memset(k->residual, 0, k->wanted * k->n * sizeof *k->residual);
    linalg_subtract(k->wanted, k->n, m, k->ritz, k->aq, k->residual);
    for (size_t i = 0; i < k->wanted; i++)
        for (size_t j = 0; j < m; j++)
            k->ritz[i * m + j] *= -k->ritz_value[i];
    linalg_subtract(k->wanted, k->n, m, k->ritz, k->q, k->residual);
    for (size_t i = 0; i < k->wanted; i++) {
        double squares = 0;
        for (size_t c = 0; c < k->n; c++)
            squares += k->residual[i * k->n + c] * k->residual[i * k->n + c];
        if (!(sqrt(squares) <= tolerance * k->ritz_value[i]))
            return ADAMAS_OK;
    }
    *converged = 1;
    return ADAMAS_OK;
}

/* The Ritz vectors carry -value as a factor since the check. */
static void take_out(const krylov *k, double *value, double *vector)
{
    memcpy(value, k->ritz_value, k->wanted * sizeof *value);
    memset(vector, 0, k->wanted * k->n * sizeof *vector);
    linalg_subtract(k->wanted, k->n, k->m, k->ritz, k->q, vector);
    for (size_t i = 0; i < k->wanted; i++)
        for (size_t c = 0; c < k->n; c++)
            vector[i * k->n + c] /= value[i];
}

static adamas_status grow(krylov *k, int *converged, adamas_error *error)
{
    random_stream random = {0};
    adamas_status status = ADAMAS_OK;
    for (size_t i = 0; i < width * k->n; i++)
        k->q[i] = (double)(random_bits(&random) >> 11) * 0x1p-53 - 0.5;
    if (!orthonormalise(k, k->q) || !orthonormalise(k, k->q))
        return ADAMAS_OK;
    linalg_symmetric(width, k->n, k->q, k->a, k->aq);
    k->m = width;
    for (size_t blocks = 2; !status && !*converged && k->m + width <= k->most; blocks++) {
        memcpy(k->q + k->m * k->n, k->aq + (k->m - width) * k->n, width * k->n * sizeof *k->q);
        if (!add_block(k))
            return ADAMAS_OK;
        if (blocks % check_every == 0 && k->m >= 2 * k->wanted)
            status = check(k, converged, error);
    }
    return status;
}

adamas_status krylov_largest(size_t n, size_t wanted, const double *a, double *value, double *vector, int *converged,
                             adamas_error *error)
{
    krylov k = {.n = n, .wanted = wanted, .most = n / share < most_vectors ? n / share : (size_t)most_vectors, .a = a};
    *converged = 0;
    if (n < smallest || 4 * wanted > k.most)
        return ADAMAS_OK;
    adamas_status status = reserve(&k, error);
    if (!status)
        status = grow(&k, converged, error);
    if (!status && *converged)
        take_out(&k, value, vector);
    release(&k);
    return status;
}
