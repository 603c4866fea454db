#include "base/banded.h"

#include "base/lanes.h"

/* Golub & Van Loan (2013), Matrix Computations, 4.3.6: L D L' of a banded matrix, no pivots needed. */
int banded_factor(size_t n, double *diagonal, double *first, double *second)
{
    for (size_t i = 0; i < n; i++) {
        double pivot = diagonal[i];
        if (!(pivot > 0))
            return 0;
        double below = i + 1 < n ? first[i] : 0, below2 = i + 2 < n ? second[i] : 0;
        diagonal[i] = 1 / pivot;
        first[i] = below / pivot;
        second[i] = below2 / pivot;
        if (i + 1 < n)
            diagonal[i + 1] -= first[i] * below;
        if (i + 2 < n) {
            first[i + 1] -= second[i] * below;
            diagonal[i + 2] -= second[i] * below2;
        }
    }
    return 1;
}

/* Eight rows, where they stand. */
typedef struct group {
    float *rows[LANES];
    size_t n_rows; /* those before it are written; the others only fill the lanes */
} group;

enum {
    most_groups = BANDED_ROWS / LANES,
    vectors = LANES / LANES_DOUBLES, /* of a group */
    block = 8 * LANES,               /* channels that are turned, then swept: they stay in the nearest cache */
};

/* The factors and the rows. */
typedef struct sweep {
    const double *inverse;
    const double *first;
    const double *second;
    group groups[most_groups];
    float *work; /* [n][n_groups][LANES] */
} sweep;

/* The last two numbers of a recurrence. */
typedef struct recent {
    lanes_doubles last;
    lanes_doubles before_last;
} recent;

/* Channels i ... end - 1 of a group's rows, turned into the lanes of work. */
SIMD_INLINE void read_rows(const sweep *s, size_t i, size_t end, size_t which, size_t n_groups)
{
    const group *g = &s->groups[which];
    float *work = s->work + which * LANES;
    for (; i + LANES <= end; i += LANES) {
        lanes_floats tile[LANES];
#pragma GCC unroll 8
        for (size_t k = 0; k < LANES; k++)
            memcpy(&tile[k], g->rows[k] + i, sizeof tile[k]);
        lanes_transpose(tile);
#pragma GCC unroll 8
        for (size_t c = 0; c < LANES; c++)
            memcpy(work + (i + c) * n_groups * LANES, &tile[c], sizeof tile[c]);
    }
    for (; i < end; i++)
        for (size_t k = 0; k < LANES; k++)
            work[i * n_groups * LANES + k] = g->rows[k][i];
}

SIMD_INLINE void write_rows(const sweep *s, size_t i, size_t end, size_t which, size_t n_groups)
{
    const group *g = &s->groups[which];
    const float *work = s->work + which * LANES;
    for (; i + LANES <= end; i += LANES) {
        lanes_floats tile[LANES];
#pragma GCC unroll 8
        for (size_t c = 0; c < LANES; c++)
            memcpy(&tile[c], work + (i + c) * n_groups * LANES, sizeof tile[c]);
        lanes_transpose(tile);
        for (size_t k = 0; k < g->n_rows; k++)
            memcpy(g->rows[k] + i, &tile[k], sizeof tile[k]);
    }
    for (; i < end; i++)
        for (size_t k = 0; k < g->n_rows; k++)
            g->rows[k][i] = work[i * n_groups * LANES + k];
}

/* v = L^-1 y. */
SIMD_INLINE void sweep_forward(const sweep *s, size_t i, size_t end, size_t n_groups, recent now[most_groups * vectors])
{
    for (; i < end; i++) {
        double l1 = i >= 1 ? s->first[i - 1] : 0, l2 = i >= 2 ? s->second[i - 2] : 0;
#pragma GCC unroll 4
        for (size_t k = 0; k < n_groups * vectors; k++) {
            float *at = s->work + i * n_groups * LANES + k * LANES_DOUBLES;
            lanes_doubles v;
            lanes_load(&v, at);
            v = (v - l2 * now[k].before_last) - l1 * now[k].last;
            now[k] = (recent){v, now[k].last};
            lanes_store(at, &v);
        }
    }
}

/* z = L'^-1 D^-1 v. */
SIMD_INLINE void sweep_backward(const sweep *s, size_t begin, size_t i, size_t n_groups,
                                recent now[most_groups * vectors])
{
    while (i-- > begin) {
        double r = s->inverse[i], l1 = s->first[i], l2 = s->second[i];
#pragma GCC unroll 4
        for (size_t k = 0; k < n_groups * vectors; k++) {
            float *at = s->work + i * n_groups * LANES + k * LANES_DOUBLES;
            lanes_doubles z;
            lanes_load(&z, at);
            z = (z * r - l2 * now[k].before_last) - l1 * now[k].last;
            now[k] = (recent){z, now[k].last};
            lanes_store(at, &z);
        }
    }
}

SIMD_INLINE void solve(const sweep *rows, size_t n, size_t n_groups)
{
    const sweep s = *rows;
    recent now[most_groups * vectors] = {0};
    for (size_t i = 0, end; i < n; i = end) {
        end = i + block < n ? i + block : n;
        for (size_t k = 0; k < n_groups; k++)
            read_rows(&s, i, end, k, n_groups);
        sweep_forward(&s, i, end, n_groups, now);
    }
    memset(now, 0, sizeof now);
    for (size_t end = n, begin; end > 0; end = begin) {
        begin = (end - 1) / block * block;
        sweep_backward(&s, begin, end, n_groups, now);
        for (size_t k = 0; k < n_groups; k++)
            write_rows(&s, begin, end, k, n_groups);
    }
}

SIMD_CLONES static void solve_one(const sweep *s, size_t n)
{
    solve(s, n, 1);
}

SIMD_CLONES static void solve_two(const sweep *s, size_t n)
{
    solve(s, n, 2);
}

void banded_solve(size_t n, const double *inverse, const double *first, const double *second, size_t n_rows,
                  float *rows, size_t stride, float *work)
{
    sweep s = {.inverse = inverse, .first = first, .second = second, .work = work};
    for (size_t i = 0; i < BANDED_ROWS; i++) {
        s.groups[i / LANES].rows[i % LANES] = rows + (i < n_rows ? i : 0) * stride;
        s.groups[i / LANES].n_rows += i < n_rows;
    }
    (n_rows <= LANES ? solve_one : solve_two)(&s, n);
}
