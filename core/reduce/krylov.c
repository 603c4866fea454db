#include "reduce/krylov.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Narrow blocks reach a higher power of the matrix in a space of the same size, wide ones multiply faster. The space
 * may grow to a third of n, beyond which a full decomposition costs no more, and is kept from taking more memory than
 * that. */
enum { width = KRYLOV_WIDTH, share = 3, most_vectors = 1024, smallest = 512, spare = 16 };

typedef struct krylov {
    size_t n, wanted, pairs; /* pairs: wanted + spare, which say where the rest of the spectrum ends */
    size_t most, m;          /* m: vectors in the space so far, of `most` */
    krylov_apply apply;
    void *context;
    krylov_goal goal;
    work *w;
    double *q;                 /* [most, n]: orthonormal rows */
    double *aq;                /* the same rows times a */
    double *t;                 /* [most, most]: lower triangle of q a q' */
    double *ritz_value, *ritz; /* [pairs], [pairs, m] */
    double *small;             /* [most, most] */
    double *residual;          /* [pairs, n] */
    double *off;               /* [pairs]: the lengths of these */
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
    free(k->off);
}

static adamas_status reserve(krylov *k, adamas_error *error)
{
    size_t most = k->most, pairs = k->pairs;
    k->q = memory_raw(most, k->n * sizeof *k->q);
    k->aq = memory_raw(most, k->n * sizeof *k->aq);
    k->t = memory_raw(most, most * sizeof *k->t);
    k->ritz_value = memory_raw(pairs, sizeof *k->ritz_value);
    k->ritz = memory_raw(pairs, most * sizeof *k->ritz);
    k->small = memory_raw(most, most * sizeof *k->small);
    k->residual = memory_raw(pairs, k->n * sizeof *k->residual);
    k->off = memory_raw(pairs, sizeof *k->off);
    return k->q && k->aq && k->t && k->ritz_value && k->ritz && k->small && k->residual && k->off
               ? ADAMAS_OK
               : status_no_memory(error);
}

/* A product with vectors of the space, a part an item: parts are the same for any number of threads. */
typedef struct task {
    const krylov *k;
    size_t m; /* rows of the other factor */
    const double *a, *b;
    double *c;
    size_t apart;
} task;

enum { columns = 1024, rows_at_a_time = 32 };

static adamas_status subtract_columns(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    (void)error;
    const task *t = context;
    size_t first = item * columns, left = t->k->n - first, n = t->k->n;
    linalg_subtract(t->m, left < columns ? left : (size_t)columns, t->k->m, t->a, t->b + first, t->c + first, n);
    return ADAMAS_OK;
}

/* c[m, n] -= a[m, k->m] space[k->m, n] */
static adamas_status subtract(krylov *k, size_t m, const double *a, const double *space, double *c, adamas_error *error)
{
    task t = {.k = k, .m = m, .a = a, .b = space, .c = c};
    return work_each(k->w, (k->n + columns - 1) / columns, subtract_columns, &t, error);
}

static adamas_status multiply_rows(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    (void)error;
    const task *t = context;
    size_t first = item * rows_at_a_time, left = t->k->m - first, n = t->k->n;
    linalg_outer(t->m, left < rows_at_a_time ? left : (size_t)rows_at_a_time, n, t->a, n, t->b + first * n, n,
                 t->c + first, t->apart);
    return ADAMAS_OK;
}

/* c[width, k->m] = block[width, n] q', rows of c `apart`. */
static adamas_status multiply_space(krylov *k, const double *block, double *c, size_t apart, adamas_error *error)
{
    task t = {.k = k, .m = width, .a = block, .b = k->q, .c = c, .apart = apart};
    for (size_t i = 0; i < width; i++)
        memset(c + i * apart, 0, k->m * sizeof *c);
    return work_each(k->w, (k->m + rows_at_a_time - 1) / rows_at_a_time, multiply_rows, &t, error);
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

/* Multiplies the newest block, and fills its rows of t. */
static adamas_status apply_newest(krylov *k, adamas_error *error)
{
    double *block = k->q + k->m * k->n, *product = k->aq + k->m * k->n;
    adamas_status status = k->apply(k->context, block, product, error);
    if (status)
        return status;
    double *rows = k->t + k->m * k->most;
    k->m += width;
    return multiply_space(k, product, rows, k->most, error);
}

/* Takes from the new block what lies in the space, twice (once leaves rounding), and makes it orthonormal. What lies
 * there at first is known: the newest rows of t. */
static adamas_status make_block(krylov *k, int *made, adamas_error *error)
{
    double *block = k->q + k->m * k->n;
    adamas_status status = ADAMAS_OK;
    memcpy(block, k->aq + (k->m - width) * k->n, width * k->n * sizeof *block);
    for (size_t i = 0; i < width; i++)
        memcpy(k->small + i * k->m, k->t + (k->m - width + i) * k->most, k->m * sizeof *k->small);
    *made = 1;
    for (int pass = 0; !status && *made && pass < 2; pass++) {
        if (pass > 0)
            status = multiply_space(k, block, k->small, k->m, error);
        if (!status)
            status = subtract(k, width, k->small, k->q, block, error);
        *made = !status && orthonormalise(k, block);
    }
    return status;
}

/* How far the sum of the wanted values may fall short of that of the largest eigenvalues, no eigenvector being missed
 * (a random start holds part of each). A value is short by no more than its residual r, and, the spectrum beyond the
 * Ritz values that lie between ending at a distance g below it, by no more than r^2/g (Temple 1928, Kato 1949). */
static double shortfall(const krylov *k)
{
    double least = INFINITY;
    for (size_t end = k->wanted; end < k->pairs; end++) {
        double rest = k->ritz_value[end] + k->off[end], sum = 0;
        for (size_t i = 0; i < k->wanted; i++) {
            double r = k->off[i], gap = k->ritz_value[i] - rest;
            sum += gap > r ? r * r / gap : r;
        }
        least = fmin(least, sum);
    }
    return least;
}

static int good_enough(const krylov *k)
{
    int each = 1;
    for (size_t i = 0; i < k->wanted; i++)
        each = each && k->off[i] <= k->goal.residual * k->ritz_value[i];
    return each || shortfall(k) <= k->goal.shortfall;
}

/* Eigenpairs of the matrix within the space (Rayleigh and Ritz), and whether they are those of the whole matrix. */
static adamas_status check(krylov *k, int *converged, adamas_error *error)
{
    size_t m = k->m, pairs = k->pairs;
    for (size_t i = 0; i < m; i++)
        memcpy(k->small + i * m, k->t + i * k->most, m * sizeof *k->t);
    adamas_status status = linalg_eigen(m, pairs, k->small, k->ritz_value, k->ritz, NULL, error);
    *converged = 0;
    if (status)
        return status;
    memset(k->residual, 0, pairs * k->n * sizeof *k->residual);
    status = subtract(k, pairs, k->ritz, k->aq, k->residual, error);
    for (size_t i = 0; i < pairs; i++)
        for (size_t j = 0; j < m; j++)
            k->ritz[i * m + j] *= -k->ritz_value[i];
    if (!status)
        status = subtract(k, pairs, k->ritz, k->q, k->residual, error);
    for (size_t i = 0; i < pairs; i++) {
        double squares = 0;
        for (size_t c = 0; c < k->n; c++)
            squares += k->residual[i * k->n + c] * k->residual[i * k->n + c];
        k->off[i] = sqrt(squares);
    }
    *converged = !status && good_enough(k);
    return status;
}

/* The Ritz vectors carry -value as a factor since the check. */
static adamas_status take_out(krylov *k, double *value, double *vector, adamas_error *error)
{
    memcpy(value, k->ritz_value, k->wanted * sizeof *value);
    memset(vector, 0, k->wanted * k->n * sizeof *vector);
    adamas_status status = subtract(k, k->wanted, k->ritz, k->q, vector, error);
    for (size_t i = 0; i < k->wanted; i++)
        for (size_t c = 0; c < k->n; c++)
            vector[i * k->n + c] /= value[i];
    return status;
}

static adamas_status grow(krylov *k, int *converged, adamas_error *error)
{
    random_stream random = {0};
    for (size_t i = 0; i < width * k->n; i++)
        k->q[i] = (double)(random_bits(&random) >> 11) * 0x1p-53 - 0.5;
    if (!orthonormalise(k, k->q) || !orthonormalise(k, k->q))
        return ADAMAS_OK;
    adamas_status status = apply_newest(k, error);
    for (size_t blocks = 2; !status && !*converged && k->m + width <= k->most; blocks++) {
        int made;
        status = make_block(k, &made, error);
        if (status || !made)
            return status;
        status = apply_newest(k, error);
        if (!status && blocks % k->goal.check_every == 0 && k->m >= 2 * k->wanted && k->m >= k->pairs)
            status = check(k, converged, error);
    }
    return status;
}

adamas_status krylov_find(size_t n, size_t wanted, krylov_apply apply, void *context, const krylov_goal *goal,
                          double *value, double *vector, int *converged, work *w, adamas_error *error)
{
    krylov k = {.n = n,
                .wanted = wanted,
                .pairs = wanted + spare,
                .most = n / share < most_vectors ? n / share : (size_t)most_vectors,
                .apply = apply,
                .context = context,
                .goal = *goal,
                .w = w};
    *converged = 0;
    if (n < smallest || 4 * wanted > k.most)
        return ADAMAS_OK;
    adamas_status status = reserve(&k, error);
    if (!status)
        status = grow(&k, converged, error);
    if (!status && *converged)
        status = take_out(&k, value, vector, error);
    release(&k);
    return status;
}

typedef struct matrix {
    size_t n;
    const double *a;
} matrix;

static adamas_status multiply(void *context, const double *in, double *out, adamas_error *error)
{
    const matrix *m = context;
    (void)error;
    linalg_symmetric(width, m->n, in, m->a, out);
    return ADAMAS_OK;
}

adamas_status krylov_largest(size_t n, size_t wanted, const double *a, double *value, double *vector, int *converged,
                             work *w, adamas_error *error)
{
    /* An eigenvector is then off by 1e-8 / (relative gap), an eigenvalue by the square of that. */
    const krylov_goal goal = {.residual = 1e-8, .check_every = 4};
    matrix m = {n, a};
    return krylov_find(n, wanted, multiply, &m, &goal, value, vector, converged, w, error);
}
