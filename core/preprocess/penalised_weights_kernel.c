/* The next weights of asymmetric, arPLS and airPLS baselines. */
#include "preprocess/penalised_weights_kernel.h"

#include "base/exponential.h"

/* SIMD vectors of a record; those computed together, to hide latency; and the number after which the lanes repeat. */
enum { vectors = PENALISED_LANES / LANES, pair = 2, cycle = vectors > pair ? vectors : pair };

/* Passed as a constant, so that each rule is compiled separately. */
typedef enum rule { asls, arpls, airpls } rule;

typedef struct sums {
    lanes_floats change[cycle];
    lanes_floats before[cycle];
} sums;

/* Vector i of an array. */
SIMD_INLINE void load(lanes_floats *out, const float *x, size_t i)
{
    memcpy(out, x + i * LANES, sizeof *out);
}

/* The new weights of n vectors: from vector i of the arrays, v of a cycle. */
SIMD_INLINE void find_weights(rule r, const penalised_weights *w, size_t i, size_t v, size_t n,
                              lanes_floats weight[pair])
{
    lanes_floats y[pair], z[pair], a[pair], b[pair];
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        load(&y[e], w->y, i + e);
        load(&z[e], w->z, i + e);
        load(&a[e], w->a, (v + e) % vectors);
        load(&b[e], w->b, (v + e) % vectors);
        weight[e] = a[e] * ((y[e] - z[e]) - b[e]);
    }
    if (r != asls)
        exponential(n, weight, r == arpls ? 40 : 80); /* the smallest weight of arpls, 4e-18, has a normal square */
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        lanes_floats keep;
        lanes_half_words above = (lanes_half_words)(y[e] > z[e]), below = (lanes_half_words)(y[e] < z[e]);
        load(&keep, w->keep, (v + e) % vectors);
        if (r == asls)
            lanes_choose(&weight[e], &above, &a[e], &b[e]);
        else if (r == airpls)
            lanes_keep(&weight[e], &below, 0);
        weight[e] = r == arpls ? keep / (1 + weight[e]) : weight[e] * keep;
    }
}

SIMD_INLINE void reweight_some(rule r, const penalised_weights *w, size_t i, size_t v, size_t n, sums *s)
{
    lanes_floats weight[pair], before;
    find_weights(r, w, i, v, n, weight);
#pragma GCC unroll 2
    for (size_t e = 0; e < n; e++) {
        load(&before, w->w, i + e);
        s->change[v + e] += (weight[e] - before) * (weight[e] - before);
        s->before[v + e] += before * before;
        memcpy(w->w + (i + e) * LANES, &weight[e], sizeof *weight);
    }
}

SIMD_INLINE void reweight(rule r, const penalised_weights *weights, penalised_change *change)
{
    const penalised_weights w = *weights;
    sums s = {0};
    size_t i = 0, n = w.n * vectors;
    for (; i + cycle <= n; i += cycle)
#pragma GCC unroll 4
        for (size_t v = 0; v < cycle; v += pair)
            reweight_some(r, &w, i + v, v, pair, &s);
    if (i < n)
        reweight_some(r, &w, i, 0, 1, &s);
    *change = (penalised_change){0};
    for (size_t v = 0; v < cycle; v++)
        for (size_t l = 0; l < LANES; l++) {
            change->change[v % vectors * LANES + l] += s.change[v][l];
            change->before[v % vectors * LANES + l] += s.before[v][l];
        }
}

void SIMD_NAME(penalised_asls)(const penalised_weights *weights, penalised_change *change)
{
    reweight(asls, weights, change);
}

void SIMD_NAME(penalised_arpls)(const penalised_weights *weights, penalised_change *change)
{
    reweight(arpls, weights, change);
}

void SIMD_NAME(penalised_airpls)(const penalised_weights *weights, penalised_change *change)
{
    reweight(airpls, weights, change);
}
