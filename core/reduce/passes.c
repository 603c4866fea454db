#include "reduce/passes.h"

#include "base/memory.h"
#include "reduce/krylov.h"
#include "reduce/projection.h"

#include <stdlib.h>
#include <string.h>

enum { width = KRYLOV_WIDTH, blocks = 16 };

/* A product with the Gram matrix of rows is 2 n^2 p operations in float64 before its first eigenvector is sought. Here
 * one of `width` vectors is 4 n p width in float32, half as dear, and a space of some 4 wanted vectors does: 8 n p
 * wanted, less than n^2 p from n = 8 wanted. Small problems are left to the exact route, which takes no time. */
int passes_pay(size_t n, size_t p, size_t wanted)
{
    return n >= 1024 && p >= 1024 && n >= 12 * wanted;
}

typedef struct passes {
    size_t n, p, block_rows;
    const float *rows;
    const double *mean;
    float *vector;   /* [width, p] */
    float *sum;      /* [blocks, width, p] */
    double *squares; /* [blocks] */
    float *panel;    /* [threads, projection_panel] */
    float *scratch;  /* [threads, projection_scratch] */
    work *w;
} passes;

static void release(passes *s)
{
    free(s->vector);
    free(s->sum);
    free(s->squares);
    free(s->panel);
    free(s->scratch);
}

static adamas_status reserve(passes *s, adamas_error *error)
{
    size_t threads = (size_t)s->w->threads;
    s->vector = memory_raw(width, s->p * sizeof *s->vector);
    s->sum = memory_raw(blocks * width, s->p * sizeof *s->sum);
    s->squares = memory_new(blocks, sizeof *s->squares);
    s->panel = memory_raw(threads, projection_panel(s->p) * sizeof *s->panel);
    s->scratch = memory_raw(threads, projection_scratch(width) * sizeof *s->scratch);
    return s->vector && s->sum && s->squares && s->panel && s->scratch ? ADAMAS_OK : status_no_memory(error);
}

/* Rows first ... last - 1 of a block; blocks are cut by the number of rows alone. */
static void limits(const passes *s, size_t block, size_t *first, size_t *last)
{
    *first = block * s->block_rows < s->n ? block * s->block_rows : s->n;
    *last = *first + s->block_rows < s->n ? *first + s->block_rows : s->n;
}

static adamas_status add_squares(void *context, size_t block, int thread, adamas_error *error)
{
    (void)thread;
    (void)error;
    passes *s = context;
    size_t first, last;
    limits(s, block, &first, &last);
    for (size_t r = first; r < last; r++)
        s->squares[block] += projection_squares(s->p, s->rows + r * s->p, s->mean);
    return ADAMAS_OK;
}

/* sum = x'(x v) of a block's rows x. */
static adamas_status multiply_block(void *context, size_t block, int thread, adamas_error *error)
{
    (void)error;
    const passes *s = context;
    float *panel = s->panel + (size_t)thread * projection_panel(s->p);
    float *scratch = s->scratch + (size_t)thread * projection_scratch(width);
    float *sum = s->sum + block * width * s->p, weight[PROJECTION_ROWS * width];
    double product[PROJECTION_ROWS * width];
    size_t first, last;
    limits(s, block, &first, &last);
    memset(sum, 0, width * s->p * sizeof *sum);
    for (size_t r = first; r < last; r += PROJECTION_ROWS) {
        size_t n = last - r < PROJECTION_ROWS ? last - r : (size_t)PROJECTION_ROWS;
        projection_pack(n, s->p, s->rows + r * s->p, s->mean, panel);
        projection_forth(n, s->p, panel, width, s->vector, product, scratch);
        for (size_t i = 0; i < n * width; i++)
            weight[i] = (float)product[i];
        projection_back(n, s->p, panel, width, weight, sum);
    }
    return ADAMAS_OK;
}

static adamas_status multiply(void *context, const double *in, double *out, adamas_error *error)
{
    passes *s = context;
    for (size_t i = 0; i < width * s->p; i++)
        s->vector[i] = (float)in[i];
    adamas_status status = work_each(s->w, blocks, multiply_block, s, error);
    memset(out, 0, width * s->p * sizeof *out);
    for (size_t block = 0; !status && block < blocks; block++)
        for (size_t i = 0; i < width * s->p; i++)
            out[i] += s->sum[block * width * s->p + i];
    return status;
}

adamas_status passes_largest(size_t n, size_t p, const float *rows, const double *mean, size_t wanted, double *total,
                             double *value, double *vector, int *converged, work *w, adamas_error *error)
{
    passes s = {.n = n, .p = p, .rows = rows, .mean = mean, .w = w};
    s.block_rows = (n + blocks * PROJECTION_ROWS - 1) / (blocks * PROJECTION_ROWS) * PROJECTION_ROWS;
    adamas_status status = reserve(&s, error);
    if (!status)
        status = work_each(w, blocks, add_squares, &s, error);
    *total = 0;
    for (size_t block = 0; !status && block < blocks; block++)
        *total += s.squares[block];
    const krylov_goal goal = {.residual = 1e-6, .shortfall = 1e-6 * *total, .check_every = 1};
    if (!status)
        status = krylov_find(p, wanted, multiply, &s, &goal, value, vector, converged, error);
    release(&s);
    return status;
}
