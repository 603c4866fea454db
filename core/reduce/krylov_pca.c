/* PCA by block Lanczos: products of vectors with the Gram matrix of the channels, x'(x v), row block by row block. */
#include "reduce/krylov_pca.h"

#include "base/memory.h"
#include "base/sums.h"
#include "reduce/krylov.h"
#include "reduce/projection.h"

#include <stdlib.h>
#include <string.h>

enum { width = KRYLOV_WIDTH, row_blocks = 16 };

/* The Gram matrix of rows alone costs n^2 p operations in float64. Here a product with one vector costs 4 n p in
 * float32, at half the price, and a space of about 4 wanted vectors is needed: 8 n p wanted, less than n^2 p if n > 8
 * wanted. Small problems are left to the exact decomposition, which is fast for them. */
int krylov_pca_is_faster(size_t n, size_t p, size_t wanted)
{
    return n >= 1024 && p >= 1024 && n >= 12 * wanted;
}

typedef struct passes {
    size_t n, p, block_rows;
    float *panels;
    const double *mean;
    float *vector;   /* [width, p] in blocks of channels, as all sums are */
    float *sum;      /* [row_blocks, width, p] */
    double *squares; /* [row_blocks] */
    float *scratch;  /* [threads, projection_scratch] */
    double *out;     /* [width, p]: the total over the row blocks */
    work *w;
} passes;

static void release(passes *s)
{
    free(s->vector);
    free(s->sum);
    free(s->squares);
    free(s->scratch);
}

static adamas_status reserve(passes *s, adamas_error *error)
{
    size_t threads = (size_t)s->w->threads, blocked = projection_blocked_floats(width, s->p);
    s->vector = memory_raw(blocked, sizeof *s->vector);
    s->sum = memory_raw(row_blocks, blocked * sizeof *s->sum);
    s->squares = memory_new(row_blocks, sizeof *s->squares);
    s->scratch = memory_raw(threads, projection_scratch(width) * sizeof *s->scratch);
    return s->vector && s->sum && s->squares && s->scratch ? ADAMAS_OK : status_no_memory(error);
}

/* The rows first ... last - 1 of a row block; they depend on the number of rows only. */
static void rows_of_block(const passes *s, size_t block, size_t *first, size_t *last)
{
    *first = block * s->block_rows < s->n ? block * s->block_rows : s->n;
    *last = *first + s->block_rows < s->n ? *first + s->block_rows : s->n;
}

static float *panel_of(const passes *s, size_t first)
{
    return s->panels + projection_offset(s->p, first, 0);
}

static size_t panel_rows(size_t first, size_t last)
{
    return last - first < PROJECTION_ROWS ? last - first : (size_t)PROJECTION_ROWS;
}

static adamas_status centre_block(void *context, size_t block, int thread, adamas_error *error)
{
    (void)thread;
    (void)error;
    passes *s = context;
    size_t first, last;
    rows_of_block(s, block, &first, &last);
    for (size_t r = first; r < last; r += PROJECTION_ROWS)
        s->squares[block] += projection_centre(panel_rows(r, last), s->p, s->mean, panel_of(s, r));
    return ADAMAS_OK;
}

/* sum = x'(x v) for the rows x of a row block. */
static adamas_status multiply_block(void *context, size_t block, int thread, adamas_error *error)
{
    (void)error;
    const passes *s = context;
    size_t blocked = projection_blocked_floats(width, s->p), first, last;
    float *scratch = s->scratch + (size_t)thread * projection_scratch(width);
    float *sum = s->sum + block * blocked, weight[PROJECTION_ROWS * width];
    double product[PROJECTION_ROWS * width];
    rows_of_block(s, block, &first, &last);
    memset(sum, 0, blocked * sizeof *sum);
    for (size_t r = first; r < last; r += PROJECTION_ROWS) {
        size_t n = panel_rows(r, last);
        projection_multiply(n, s->p, panel_of(s, r), width, s->vector, product, scratch);
        for (size_t i = 0; i < n * width; i++)
            weight[i] = (float)product[i];
        projection_multiply_transposed(n, s->p, panel_of(s, r), width, weight, sum);
    }
    return ADAMAS_OK;
}

static size_t channels_at(const passes *s, size_t first)
{
    return s->p - first < PROJECTION_CHANNELS ? s->p - first : (size_t)PROJECTION_CHANNELS;
}

/* Adds the sums of all row blocks in a block of channels. */
static adamas_status collect(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    (void)error;
    const passes *s = context;
    size_t first = item * PROJECTION_CHANNELS, n = channels_at(s, first);
    for (size_t k = 0; k < width; k++) {
        double *out = s->out + k * s->p + first;
        memset(out, 0, n * sizeof *out);
        for (size_t block = 0; block < row_blocks; block++)
            sums_add(out,
                     s->sum + block * projection_blocked_floats(width, s->p) + first * width + k * PROJECTION_CHANNELS,
                     1, n);
    }
    return ADAMAS_OK;
}

static adamas_status multiply(void *context, const double *in, double *out, adamas_error *error)
{
    passes *s = context;
    s->out = out;
    for (size_t first = 0; first < s->p; first += PROJECTION_CHANNELS)
        for (size_t k = 0; k < width; k++)
            for (size_t c = 0; c < channels_at(s, first); c++)
                s->vector[first * width + k * PROJECTION_CHANNELS + c] = (float)in[k * s->p + first + c];
    adamas_status status = work_each(s->w, row_blocks, multiply_block, s, error);
    size_t channel_blocks = (s->p + PROJECTION_CHANNELS - 1) / PROJECTION_CHANNELS;
    return status ? status : work_each(s->w, channel_blocks, collect, s, error);
}

adamas_status krylov_pca_find(size_t n, size_t p, float *panels, const double *mean, size_t wanted, double *total,
                              double *value, double *vector, int *converged, work *w, adamas_error *error)
{
    passes s = {.n = n, .p = p, .panels = panels, .mean = mean, .w = w};
    s.block_rows = (n + row_blocks * PROJECTION_ROWS - 1) / (row_blocks * PROJECTION_ROWS) * PROJECTION_ROWS;
    adamas_status status = reserve(&s, error);
    if (!status)
        status = work_each(w, row_blocks, centre_block, &s, error);
    *total = 0;
    for (size_t block = 0; !status && block < row_blocks; block++)
        *total += s.squares[block];
    const krylov_goal goal = {.residual = 1e-6, .shortfall = 1e-6 * *total, .check_every = 1};
    if (!status)
        status = krylov_find(p, wanted, multiply, &s, &goal, value, vector, converged, w, error);
    release(&s);
    return status;
}
