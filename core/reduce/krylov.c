/* Block Lanczos: the space grows by a block of vectors at a time until its Ritz pairs meet the goal. */
#include "reduce/krylov.h"

#include "base/linalg.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Narrow blocks reach a higher power of the matrix in a space of the same size, wide ones multiply faster. The space
 * may grow to a third of n, beyond which a full decomposition costs no more, and to max_vectors, which limits its
 * memory. */
enum { width = KRYLOV_WIDTH, max_share = 3, max_vectors = 1024, min_n = 512, extra_pairs = 16 };

typedef struct krylov {
    size_t n, wanted, pairs; /* pairs: wanted + extra_pairs; the extra ones bound the rest of the spectrum */
    size_t capacity, m;      /* m: vectors in the space so far */
    krylov_apply apply;
    void *context;
    krylov_goal goal;
    work *w;
    double *q;                 /* [capacity, n]: orthonormal rows */
    double *aq;                /* [capacity, n]: these rows times a */
    double *t;                 /* [capacity, capacity]: lower triangle of q a q' */
    double *ritz_value, *ritz; /* [pairs], [pairs, m] */
    double *small;             /* [capacity, capacity]: scratch */
    double *residual;          /* [pairs, n] */
    double *residual_norm;     /* [pairs] */
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
    free(k->residual_norm);
}

static adamas_status reserve(krylov *k, adamas_error *error)
{
    size_t capacity = k->capacity, pairs = k->pairs;
    k->q = memory_raw(capacity, k->n * sizeof *k->q);
    k->aq = memory_raw(capacity, k->n * sizeof *k->aq);
    k->t = memory_raw(capacity, capacity * sizeof *k->t);
    k->ritz_value = memory_raw(pairs, sizeof *k->ritz_value);
    k->ritz = memory_raw(pairs, capacity * sizeof *k->ritz);
    k->small = memory_raw(capacity, capacity * sizeof *k->small);
    k->residual = memory_raw(pairs, k->n * sizeof *k->residual);
    k->residual_norm = memory_raw(pairs, sizeof *k->residual_norm);
    return k->q && k->aq && k->t && k->ritz_value && k->ritz && k->small && k->residual && k->residual_norm
               ? ADAMAS_OK
               : status_no_memory(error);
}

/* A product with the vectors of the space, split into work items that do not depend on the number of threads. */
typedef struct task {
    const krylov *k;
    size_t m; /* rows of the other factor */
    const double *a, *b;
    double *c;
    size_t stride; /* of rows of c */
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
                 t->c + first, t->stride);
    return ADAMAS_OK;
}

/* c[width, k->m] = block[width, n] q', rows of c `stride` apart. */
static adamas_status multiply_space(krylov *k, const double *block, double *c, size_t stride, adamas_error *error)
{
    task t = {.k = k, .m = width, .a = block, .b = k->q, .c = c, .stride = stride};
    for (size_t i = 0; i < width; i++)
        memset(c + i * stride, 0, k->m * sizeof *c);
    return work_each(k->w, (k->m + rows_at_a_time - 1) / rows_at_a_time, multiply_rows, &t, error);
}

/* Makes rows orthonormal by a Cholesky QR decomposition. Returns 0 if they are nearly linearly dependent. */
static int orthonormalise(krylov *k, double *rows)
{
    memset(k->small, 0, width * width * sizeof *k->small);
    linalg_outer(width, width, k->n, rows, k->n, rows, k->n, k->small, width);
    if (linalg_cholesky(width, k->small, NULL))
        return 0;
    linalg_solve_lower(width, k->small, k->n, rows);
    return 1;
}

/* Multiplies the newest block by the matrix, and fills its rows of t. */
static adamas_status apply_newest(krylov *k, adamas_error *error)
{
    double *block = k->q + k->m * k->n, *product = k->aq + k->m * k->n;
    adamas_status status = k->apply(k->context, block, product, error);
    if (status)
        return status;
    double *rows = k->t + k->m * k->capacity;
    k->m += width;
    return multiply_space(k, product, rows, k->capacity, error);
}

/* Makes the next block: orthogonal to the space (by two passes, since one leaves rounding errors) and orthonormal. The
 * coefficients of the first pass are known: the newest rows of t. */
static adamas_status make_block(krylov *k, int *made, adamas_error *error)
{
    double *block = k->q + k->m * k->n;
    adamas_status status = ADAMAS_OK;
    memcpy(block, k->aq + (k->m - width) * k->n, width * k->n * sizeof *block);
    for (size_t i = 0; i < width; i++)
        memcpy(k->small + i * k->m, k->t + (k->m - width + i) * k->capacity, k->m * sizeof *k->small);
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

/* An upper bound of the difference between the sum of the largest eigenvalues and that of the Ritz values, provided
 * that no eigenvector is missed (a random start has a component along each). A Ritz value of residual r is at most r
 * too small, and at most r^2/g if the spectrum beyond the pairs in between ends at a distance g below it (Temple 1928,
 * Kato 1949). */
static double shortfall(const krylov *k)
{
    double bound = INFINITY;
    for (size_t end = k->wanted; end < k->pairs; end++) {
        double rest = k->ritz_value[end] + k->residual_norm[end], sum = 0;
        for (size_t i = 0; i < k->wanted; i++) {
            double r = k->residual_norm[i], gap = k->ritz_value[i] - rest;
            sum += gap > r ? r * r / gap : r;
        }
        bound = fmin(bound, sum);
    }
    return bound;
}

static int meets_goal(const krylov *k)
{
    int each = 1;
    for (size_t i = 0; i < k->wanted; i++)
        each = each && k->residual_norm[i] <= k->goal.residual * k->ritz_value[i];
    return each || shortfall(k) <= k->goal.shortfall;
}

/* Computes the Ritz pairs of the space and their residuals; have they converged? */
static adamas_status check(krylov *k, int *converged, adamas_error *error)
{
    size_t m = k->m, pairs = k->pairs;
    for (size_t i = 0; i < m; i++)
        memcpy(k->small + i * m, k->t + i * k->capacity, m * sizeof *k->t);
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
        k->residual_norm[i] = sqrt(squares);
    }
    *converged = !status && meets_goal(k);
    return status;
}

/* Copies the wanted pairs. Since the check the coefficients of the Ritz vectors have -value as a factor. */
static adamas_status copy_pairs(krylov *k, double *value, double *vector, adamas_error *error)
{
    memcpy(value, k->ritz_value, k->wanted * sizeof *value);
    memset(vector, 0, k->wanted * k->n * sizeof *vector);
    adamas_status status = subtract(k, k->wanted, k->ritz, k->q, vector, error);
    for (size_t i = 0; i < k->wanted; i++)
        for (size_t c = 0; c < k->n; c++)
            vector[i * k->n + c] /= value[i];
    return status;
}

static adamas_status iterate(krylov *k, int *converged, adamas_error *error)
{
    random_stream random = {0};
    for (size_t i = 0; i < width * k->n; i++)
        k->q[i] = (double)(random_bits(&random) >> 11) * 0x1p-53 - 0.5;
    if (!orthonormalise(k, k->q) || !orthonormalise(k, k->q))
        return ADAMAS_OK;
    adamas_status status = apply_newest(k, error);
    for (size_t blocks = 2; !status && !*converged && k->m + width <= k->capacity; blocks++) {
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
                .pairs = wanted + extra_pairs,
                .capacity = n / max_share < max_vectors ? n / max_share : (size_t)max_vectors,
                .apply = apply,
                .context = context,
                .goal = *goal,
                .w = w};
    *converged = 0;
    if (n < min_n || 4 * wanted > k.capacity)
        return ADAMAS_OK;
    adamas_status status = reserve(&k, error);
    if (!status)
        status = iterate(&k, converged, error);
    if (!status && *converged)
        status = copy_pairs(&k, value, vector, error);
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
    /* The error of an eigenvector is then 1e-8 / (relative gap), that of an eigenvalue its square. */
    const krylov_goal goal = {.residual = 1e-8, .check_every = 4};
    matrix m = {n, a};
    return krylov_find(n, wanted, multiply, &m, &goal, value, vector, converged, w, error);
}
