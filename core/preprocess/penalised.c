/* Baselines by penalised least squares: rows in lanes, iterated until each has converged. */
#include "preprocess/penalised.h"

#include "base/memory.h"
#include "base/sums.h"
#include "preprocess/row.h"

#include <float.h>
#include <math.h>

enum {
    min_channels = 3, /* for a second difference */
    block = 64,       /* records whose changes of weights are summed in float32 */
};

/* The row in a lane. */
typedef struct lane {
    float *row; /* NULL: the lane is empty */
    size_t iteration;
    double sum_of_magnitudes;
} lane;

/* One segment of all rows, and the lanes in which they are solved. */
typedef struct work {
    const penalised *p;
    size_t n; /* channels */
    size_t h; /* records */
    float *y;
    float *w;
    float *z;
    penalised_factor *factors;
    float *next; /* row */
    size_t stride;
    size_t n_waiting;
    lane lanes[PENALISED_ROWS];
} work;

adamas_status penalised_make(void **state, penalised p, const axis *in, adamas_error *error)
{
    penalised *made = memory_new(1, sizeof *made);
    *state = made;
    if (!made)
        return status_no_memory(error);
    *made = p;
    made->longest = axis_longest_segment(in);
    return ADAMAS_OK;
}

static size_t records(size_t n)
{
    return (n + 1) / 2;
}

size_t penalised_scratch(const void *state)
{
    const penalised *p = state;
    return records(p->longest) * (3 * PENALISED_LANES + sizeof(penalised_factor) / sizeof(float));
}

/* The index of channel i of the row in lane l. */
static size_t index_of(const work *k, size_t i, size_t l)
{
    return i < k->h ? i * PENALISED_LANES + l : (2 * k->h - 1 - i) * PENALISED_LANES + PENALISED_ROWS + l;
}

/* sum |x|; term i is added in lane i % SIMD_DOUBLES. */
static double sum_of_magnitudes(const float *x, size_t n)
{
    double lanes[SIMD_DOUBLES] = {0}, sum = 0;
    for (size_t i = 0; i < n; i += SIMD_DOUBLES)
        for (size_t l = 0; l < SIMD_DOUBLES && i + l < n; l++)
            lanes[l] += fabsf(x[i + l]);
    for (size_t l = 0; l < SIMD_DOUBLES; l++)
        sum += lanes[l];
    return sum;
}

/* Puts the next row into a lane, or zeros if none is left. Its mean is subtracted first, to keep the digits of the
 * rest: it is part of the baseline whatever the weights. The channel that makes an odd number even is above any
 * baseline. */
static void fill(work *k, size_t l)
{
    lane *here = &k->lanes[l];
    *here = (lane){.row = k->n_waiting ? k->next : NULL};
    float mean = here->row ? (float)(sums_total(here->row, k->n) / (double)k->n) : 0;
    here->sum_of_magnitudes = here->row ? sum_of_magnitudes(here->row, k->n) : 0;
    for (size_t i = 0; i < 2 * k->h; i++) {
        k->y[index_of(k, i, l)] = i >= k->n ? FLT_MAX : here->row ? here->row[i] - mean : 0;
        k->w[index_of(k, i, l)] = i < k->n;
    }
    if (here->row) {
        k->next += k->stride;
        k->n_waiting--;
    }
}

static void subtract(work *k, size_t l)
{
    float *row = k->lanes[l].row;
    for (size_t i = 0; i < k->n; i++)
        row[i] = k->y[index_of(k, i, l)] - k->z[index_of(k, i, l)];
}

static int any_row(const work *k)
{
    int any = 0;
    for (size_t l = 0; l < PENALISED_ROWS; l++)
        any |= k->lanes[l].row != NULL;
    return any;
}

/* Sums of squares of each row. */
typedef struct totals {
    double change[PENALISED_ROWS];
    double before[PENALISED_ROWS];
} totals;

/* Computes the weights of records first ... end - 1, and adds the change, which is in float32, to the totals. */
static void reweight_some(const work *k, penalised_weights *weights, size_t first, size_t end, totals *all)
{
    penalised_change some;
    weights->n = end - first;
    weights->y = k->y + first * PENALISED_LANES;
    weights->z = k->z + first * PENALISED_LANES;
    weights->w = k->w + first * PENALISED_LANES;
    for (size_t l = 0; l < PENALISED_LANES; l++)
        weights->keep[l] = l < PENALISED_ROWS || first > 0 || k->n % 2 == 0;
    k->p->rule->reweight(weights, &some);
    for (size_t l = 0; l < PENALISED_ROWS; l++) {
        all->change[l] += some.change[l] + some.change[PENALISED_ROWS + l];
        all->before[l] += some.before[l] + some.before[PENALISED_ROWS + l];
    }
}

/* The first record is done separately: it contains the additional channel, if there is one. */
static void reweight(const work *k, penalised_weights *weights, totals *all)
{
    reweight_some(k, weights, 0, 1, all);
    for (size_t first = 1, end; first < k->h; first = end) {
        end = first + block < k->h ? first + block : k->h;
        reweight_some(k, weights, first, end, all);
    }
}

static int has_converged(work *k, size_t l, const penalised_negative *negative, penalised_weights *weights)
{
    lane *here = &k->lanes[l];
    penalised_fit fit = {.iteration = ++here->iteration,
                         .n_negative = negative->n[l],
                         .sum_negative = negative->sum[l],
                         .squares_negative = negative->squares[l],
                         .sum_of_magnitudes = here->sum_of_magnitudes};
    double a = 0, b = 0;
    int converged = !isfinite(fit.sum_negative) || k->p->rule->has_converged(k->p, &fit, &a, &b) ||
                    (double)here->iteration > k->p->max_iter;
    weights->a[l] = weights->a[PENALISED_ROWS + l] = (float)a;
    weights->b[l] = weights->b[PENALISED_ROWS + l] = (float)b;
    return converged;
}

static int unchanged(const work *k, size_t l, const totals *c)
{
    return k->p->rule->stops_by_change && sqrt(c->change[l]) < k->p->tol * sqrt(c->before[l]);
}

/* The baseline of a row is the last solution, not that of the weights computed from it. */
static void iterate(work *k)
{
    penalised_system system = {.h = k->h, .y = k->y, .w = k->w, .z = k->z, .factors = k->factors};
    penalised_negative negative;
    penalised_weights weights = {0};
    totals change = {0};
    int converged[PENALISED_ROWS] = {0};
    SIMD_WIDEST(penalised_solve, &system, k->p->lam, &negative);
    for (size_t l = 0; l < PENALISED_ROWS; l++)
        converged[l] = k->lanes[l].row && has_converged(k, l, &negative, &weights);
    reweight(k, &weights, &change);
    for (size_t l = 0; l < PENALISED_ROWS; l++)
        if (k->lanes[l].row && (converged[l] || unchanged(k, l, &change))) {
            subtract(k, l);
            k->lanes[l].row = NULL;
            if (k->n_waiting > 0)
                fill(k, l);
        }
}

static void subtract_segment(const penalised *p, size_t n, size_t n_rows, float *rows, size_t stride, float *scratch)
{
    work k = {.p = p, .n = n, .h = records(n), .next = rows, .stride = stride, .n_waiting = n_rows};
    k.y = scratch;
    k.w = k.y + k.h * PENALISED_LANES;
    k.z = k.w + k.h * PENALISED_LANES;
    k.factors = (penalised_factor *)(void *)(k.z + k.h * PENALISED_LANES);
    for (size_t l = 0; l < PENALISED_ROWS; l++)
        fill(&k, l);
    while (any_row(&k))
        iterate(&k);
}

void penalised_apply(const void *state, const axis *in, size_t n, float *rows, size_t stride, float *scratch)
{
    for (size_t s = 0; s < in->n_segments; s++) {
        size_t first = in->first[s], channels = in->first[s + 1] - first;
        if (channels >= min_channels)
            subtract_segment(state, channels, n, rows + first, stride, scratch);
    }
    for (size_t i = 0; i < n; i++)
        row_check(rows + i * stride, in->n);
}
