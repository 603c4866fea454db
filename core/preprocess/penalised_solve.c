#include "preprocess/penalised_solve.h"

#include "base/lanes.h"

#include <float.h>

/* D'D: 1 5 6 6 ... on the diagonal and -2 -4 -4 ... beside it, from either end. */
SIMD_INLINE double on_diagonal(size_t k)
{
    return k == 0 ? 1 : k == 1 ? 5 : 6;
}

SIMD_INLINE double beside_it(size_t k)
{
    return k == 0 ? -2 : -4;
}

/* Of the last record that was eliminated, in one end's lanes, and of the one before. */
typedef struct recent {
    simd_doubles below; /* D times the first diagonal of L */
    simd_doubles inverse;
    simd_doubles inverse2;
    simd_doubles v;
    simd_doubles v2;
} recent;

/* What is left of the diagonal, of the one beside it and of the right-hand side where the elimination has come to. */
typedef struct remainder {
    simd_doubles diagonal;
    simd_doubles below;
    simd_doubles v;
} remainder;

SIMD_INLINE void reach(remainder *out, const penalised_system *s, size_t k, size_t end, double per_lam,
                       const recent *last)
{
    simd_doubles y, w;
    size_t at = k * PENALISED_LANES + end * PENALISED_ROWS;
    lanes_load(&y, s->y + at);
    lanes_load(&w, s->w + at);
    w *= per_lam;
    simd_doubles first = last->below * last->inverse;
    out->diagonal = (w + on_diagonal(k) - last->inverse2) - last->below * last->below * last->inverse;
    out->below = beside_it(k) - first;
    out->v = (w * y - last->inverse2 * last->v2) - first * last->v;
}

SIMD_INLINE void eliminate(const penalised_system *s, size_t k, double per_lam, recent last[2])
{
#pragma GCC unroll 2
    for (size_t end = 0; end < 2; end++) {
        remainder here;
        reach(&here, s, k, end, per_lam, &last[end]);
        simd_doubles inverse = 1 / here.diagonal;
        s->factors[k].inverse[end] = inverse;
        s->factors[k].first[end] = here.below * inverse;
        lanes_store(s->z + k * PENALISED_LANES + end * PENALISED_ROWS, &here.v);
        last[end] = (recent){here.below, inverse, last[end].inverse, here.v, last[end].v};
    }
}

/* Of channels whose residual is below 0; the sums are those of twice the residual. */
typedef struct sums {
    simd_words n;
    simd_doubles sum;
    simd_doubles squares;
} sums;

/* Stores z and adds up what is below it. */
SIMD_INLINE void settle(const penalised_system *s, size_t k, size_t end, const simd_doubles *z, sums *total)
{
    size_t at = k * PENALISED_LANES + end * PENALISED_ROWS;
    simd_doubles y;
    lanes_load(&y, s->y + at);
    lanes_store(s->z + at, z);
    simd_doubles residual = y - *z;
    simd_doubles size = (simd_doubles)((simd_words)residual & (UINT64_MAX >> 1));
    simd_doubles below = residual - size;
    total->n += (simd_words)residual >> 63;
    total->sum += below;
    total->squares += below * below;
}

/* The last record: both ends have come to the middle, and each has changed what is left of the other. */
SIMD_INLINE void solve_middle(const penalised_system *s, double per_lam, const recent last[2], simd_doubles z[2])
{
    const simd_doubles least = (simd_doubles){0} + DBL_MIN;
    remainder ends[2];
    for (size_t end = 0; end < 2; end++) {
        reach(&ends[end], s, s->h - 1, end, per_lam, &last[end]);
        ends[end].diagonal -= last[!end].inverse;
        ends[end].v -= last[!end].inverse * last[!end].v;
    }
    simd_doubles beside = ends[0].below + ends[1].below - beside_it(s->h - 1);
    simd_doubles determinant = ends[0].diagonal * ends[1].diagonal - beside * beside;
    simd_words positive = (simd_words)(determinant > 0);
    determinant = (simd_doubles)(((simd_words)determinant & positive) | ((simd_words)least & ~positive));
    for (size_t end = 0; end < 2; end++)
        z[end] = (ends[end].v * ends[!end].diagonal - beside * ends[!end].v) / determinant;
}

SIMD_INLINE void substitute(const penalised_system *s, size_t k, simd_doubles last[2], simd_doubles before[2],
                            sums *total)
{
#pragma GCC unroll 2
    for (size_t end = 0; end < 2; end++) {
        simd_doubles v;
        lanes_load(&v, s->z + k * PENALISED_LANES + end * PENALISED_ROWS);
        simd_doubles z = (v - before[end]) * s->factors[k].inverse[end] - s->factors[k].first[end] * last[end];
        before[end] = last[end];
        last[end] = z;
        settle(s, k, end, &z, &total[end]);
    }
}

static void collect(penalised_below *out, const sums total[2])
{
    for (size_t i = 0; i < PENALISED_ROWS; i++) {
        out->n[i] = (double)(total[0].n[i] + total[1].n[i]);
        out->sum[i] = (total[0].sum[i] + total[1].sum[i]) / 2;
        out->squares[i] = (total[0].squares[i] + total[1].squares[i]) / 4;
    }
}

SIMD_CLONES void penalised_solve(const penalised_system *s, double lam, penalised_below *below)
{
    const penalised_system here = *s;
    double per_lam = 1 / lam;
    recent ends[2] = {0};
    eliminate(&here, 0, per_lam, ends);
    if (here.h > 2)
        eliminate(&here, 1, per_lam, ends);
    for (size_t k = 2; k < here.h - 1; k++)
        eliminate(&here, k, per_lam, ends);
    simd_doubles last[2], before[2];
    sums total[2] = {0};
    solve_middle(&here, per_lam, ends, last);
    for (size_t end = 0; end < 2; end++) {
        before[end] = last[!end];
        settle(&here, here.h - 1, end, &last[end], &total[end]);
    }
    for (size_t k = here.h - 1; k-- > 0;)
        substitute(&here, k, last, before, total);
    collect(below, total);
}
