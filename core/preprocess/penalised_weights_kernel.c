#include "base/exponential.h"
#include "preprocess/penalised_kernel.h"

/* Vectors of a record; two are weighed together, so that one does something while the other waits; and the vectors
 * after which the same lanes come again. */
enum { vectors = PENALISED_LANES / LANES, pair = 2, turn = vectors > pair ? vectors : pair };

/* A constant wherever it is passed. */
typedef enum rule { asls, arpls, airpls } rule;

typedef struct sums {
    lanes_floats change[turn];
    lanes_floats before[turn];
} sums;

/* Vector i of an array. */
SIMD_INLINE void take(lanes_floats *out, const float *x, size_t i)
{
    memcpy(out, x + i * LANES, sizeof *out);
}

/* The new weights of n vectors, i ... of the arrays, v ... of a turn. */
SIMD_INLINE void find(rule r, const penalised_weights *w, size_t i, size_t v, size_t n, lanes_floats weight[pair])
{
    lanes_floats y[pair], z[pair], a[pair], b[pair];
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        take(&y[e], w->y, i + e);
        take(&z[e], w->z, i + e);
        take(&a[e], w->a, (v + e) % vectors);
        take(&b[e], w->b, (v + e) % vectors);
        weight[e] = a[e] * ((y[e] - z[e]) - b[e]);
    }
    if (r != asls)
        exponential(n, weight, r == arpls ? 40 : 80); /* of arpls the least is 4e-18, whose square is a normal number */
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        lanes_floats keep;
        lanes_half_words above = (lanes_half_words)(y[e] > z[e]), below = (lanes_half_words)(y[e] < z[e]);
        take(&keep, w->keep, (v + e) % vectors);
        if (r == asls)
            lanes_choose(&weight[e], &above, &a[e], &b[e]);
        else if (r == airpls)
            lanes_keep(&weight[e], &below, 0);
        weight[e] = r == arpls ? keep / (1 + weight[e]) : weight[e] * keep;
    }
}

SIMD_INLINE void weigh_some(rule r, const penalised_weights *w, size_t i, size_t v, size_t n, sums *s)
{
    lanes_floats weight[pair], before;
    find(r, w, i, v, n, weight);
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        take(&before, w->w, i + e);
        s->change[v + e] += (weight[e] - before) * (weight[e] - before);
        s->before[v + e] += before * before;
        memcpy(w->w + (i + e) * LANES, &weight[e], sizeof *weight);
    }
}

SIMD_INLINE void weigh(rule r, const penalised_weights *weights, penalised_change *change)
{
    const penalised_weights w = *weights;
    sums s = {0};
    size_t i = 0, n = w.n * vectors;
    for (; i + turn <= n; i += turn)
#pragma GCC unroll 4
        for (size_t v = 0; v < turn; v += pair)
            weigh_some(r, &w, i + v, v, pair, &s);
    if (i < n)
        weigh_some(r, &w, i, 0, 1, &s);
    *change = (penalised_change){0};
    for (size_t v = 0; v < turn; v++)
        for (size_t l = 0; l < LANES; l++) {
            change->change[v % vectors * LANES + l] += s.change[v][l];
            change->before[v % vectors * LANES + l] += s.before[v][l];
        }
}

void SIMD_NAME(penalised_asls)(const penalised_weights *weights, penalised_change *change)
{
    weigh(asls, weights, change);
}

void SIMD_NAME(penalised_arpls)(const penalised_weights *weights, penalised_change *change)
{
    weigh(arpls, weights, change);
}

void SIMD_NAME(penalised_airpls)(const penalised_weights *weights, penalised_change *change)
{
    weigh(airpls, weights, change);
}
