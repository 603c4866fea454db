/* Solves the system of eight rows: elimination from both ends to the middle, then substitution back to the ends. */
#include "preprocess/penalised_kernel.h"

#include "base/lanes.h"

#include <float.h>

/* SIMD vectors of a record; vector e ^ opposite holds the other end of the same rows. */
enum { vectors = PENALISED_LANES / LANES_DOUBLES, opposite = vectors / 2 };

/* D'D: 1 5 6 6 ... on the diagonal and -2 -4 -4 ... beside it, from either end. */
SIMD_INLINE double on_diagonal(size_t k)
{
    return k == 0 ? 1 : k == 1 ? 5 : 6;
}

SIMD_INLINE double beside_it(size_t k)
{
    return k == 0 ? -2 : -4;
}

/* The last two records that were eliminated, in the lanes of one vector. */
typedef struct recent {
    lanes_doubles below; /* D times the first diagonal of L */
    lanes_doubles inverse;
    lanes_doubles inverse2;
    lanes_doubles v;
    lanes_doubles v2;
} recent;

/* The diagonal, the one beside it and the right-hand side of the next record, after the elimination of those before. */
typedef struct remainder {
    lanes_doubles diagonal;
    lanes_doubles below;
    lanes_doubles v;
} remainder;

SIMD_INLINE void eliminate_before(remainder *out, const penalised_system *s, size_t k, size_t e, double per_lam,
                                  const recent *last)
{
    lanes_doubles y, w;
    size_t at = k * PENALISED_LANES + e * LANES_DOUBLES;
    lanes_load(&y, s->y + at);
    lanes_load(&w, s->w + at);
    w *= per_lam;
    lanes_doubles first = last->below * last->inverse;
    out->diagonal = (w + on_diagonal(k) - last->inverse2) - last->below * last->below * last->inverse;
    out->below = beside_it(k) - first;
    out->v = (w * y - last->inverse2 * last->v2) - first * last->v;
}

/* first, then inverse. */
SIMD_INLINE lanes_doubles *factor_of(const penalised_system *s, size_t k)
{
    return (lanes_doubles *)(void *)&s->factors[k];
}

SIMD_INLINE void eliminate(const penalised_system *s, size_t k, double per_lam, recent last[vectors])
{
#pragma GCC unroll 8
    for (size_t e = 0; e < vectors; e++) {
        remainder here;
        eliminate_before(&here, s, k, e, per_lam, &last[e]);
        lanes_doubles inverse = 1 / here.diagonal;
        lanes_doubles *factor = factor_of(s, k);
        factor[e] = here.below * inverse;
        factor[vectors + e] = inverse;
        lanes_store(s->z + k * PENALISED_LANES + e * LANES_DOUBLES, &here.v);
        last[e] = (recent){here.below, inverse, last[e].inverse, here.v, last[e].v};
    }
}

/* Over channels with a negative residual; the sums are of twice the residual. */
typedef struct sums {
    lanes_words n;
    lanes_doubles sum;
    lanes_doubles squares;
} sums;

/* Stores z and adds the negative residuals to the sums. */
SIMD_INLINE void store_solution(const penalised_system *s, size_t k, size_t e, const lanes_doubles *z, sums *total)
{
    size_t at = k * PENALISED_LANES + e * LANES_DOUBLES;
    lanes_doubles y;
    lanes_load(&y, s->y + at);
    lanes_store(s->z + at, z);
    lanes_doubles residual = y - *z;
    lanes_doubles size = (lanes_doubles)((lanes_words)residual & (UINT64_MAX >> 1));
    lanes_doubles below = residual - size;
    total->n += (lanes_words)residual >> 63;
    total->sum += below;
    total->squares += below * below;
}

/* The last record: the two channels in the middle, to which the eliminations from both ends contribute. */
SIMD_INLINE void solve_middle(const penalised_system *s, double per_lam, const recent last[vectors],
                              lanes_doubles z[vectors])
{
    const lanes_doubles smallest = (lanes_doubles){0} + DBL_MIN;
    remainder ends[vectors];
    for (size_t e = 0; e < vectors; e++) {
        const recent *other = &last[e ^ opposite];
        eliminate_before(&ends[e], s, s->h - 1, e, per_lam, &last[e]);
        ends[e].diagonal -= other->inverse;
        ends[e].v -= other->inverse * other->v;
    }
    for (size_t e = 0; e < vectors; e++) {
        const remainder *here = &ends[e], *other = &ends[e ^ opposite];
        lanes_doubles beside = here->below + other->below - beside_it(s->h - 1);
        lanes_doubles determinant = here->diagonal * other->diagonal - beside * beside;
        lanes_words positive = (lanes_words)(determinant > 0);
        determinant = (lanes_doubles)(((lanes_words)determinant & positive) | ((lanes_words)smallest & ~positive));
        z[e] = (here->v * other->diagonal - beside * other->v) / determinant;
    }
}

SIMD_INLINE void substitute(const penalised_system *s, size_t k, lanes_doubles last[vectors],
                            lanes_doubles before[vectors], sums *total)
{
#pragma GCC unroll 8
    for (size_t e = 0; e < vectors; e++) {
        lanes_doubles v;
        lanes_load(&v, s->z + k * PENALISED_LANES + e * LANES_DOUBLES);
        lanes_doubles z = (v - before[e]) * factor_of(s, k)[vectors + e] - factor_of(s, k)[e] * last[e];
        before[e] = last[e];
        last[e] = z;
        store_solution(s, k, e, &z, &total[e]);
    }
}

static void collect(penalised_negative *out, const sums total[vectors])
{
    for (size_t i = 0; i < PENALISED_ROWS; i++) {
        const sums *here = &total[i / LANES_DOUBLES], *other = here + opposite;
        size_t l = i % LANES_DOUBLES;
        out->n[i] = (double)(here->n[l] + other->n[l]);
        out->sum[i] = (here->sum[l] + other->sum[l]) / 2;
        out->squares[i] = (here->squares[l] + other->squares[l]) / 4;
    }
}

void SIMD_NAME(penalised_solve)(const penalised_system *s, double lam, penalised_negative *negative)
{
    const penalised_system here = *s;
    double per_lam = 1 / lam;
    recent ends[vectors] = {0};
    eliminate(&here, 0, per_lam, ends);
    if (here.h > 2)
        eliminate(&here, 1, per_lam, ends);
    for (size_t k = 2; k < here.h - 1; k++)
        eliminate(&here, k, per_lam, ends);
    lanes_doubles last[vectors], before[vectors];
    sums total[vectors] = {0};
    solve_middle(&here, per_lam, ends, last);
    for (size_t e = 0; e < vectors; e++) {
        before[e] = last[e ^ opposite];
        store_solution(&here, here.h - 1, e, &last[e], &total[e]);
    }
    for (size_t k = here.h - 1; k-- > 0;)
        substitute(&here, k, last, before, total);
    collect(negative, total);
}
