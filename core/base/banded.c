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

enum { most_groups = BANDED_ROWS / LANES };

/* The factors, the rows, and the last two numbers of the recurrence in each lane. */
typedef struct sweep {
    const double *inverse;
    const double *first;
    const double *second;
    group groups[most_groups];
    float *work; /* [n][n_groups][LANES] */
} sweep;

typedef struct recent {
    simd_doubles last;
    simd_doubles before_last;
} recent;

/* Channels i ... i + some - 1 of the group's rows, turned. */
SIMD_INLINE void read_tile(const group *g, size_t i, size_t some, lanes_floats tile[LANES])
{
#pragma GCC unroll 8
    for (size_t k = 0; k < LANES; k++)
        if (some == LANES)
            memcpy(&tile[k], g->rows[k] + i, sizeof tile[k]);
        else
            for (size_t c = 0; c < LANES; c++)
                tile[k][c] = c < some ? g->rows[k][i + c] : 0;
    lanes_transpose(tile);
}

SIMD_INLINE void write_tile(const group *g, size_t i, size_t some, lanes_floats tile[LANES])
{
    lanes_transpose(tile);
    for (size_t k = 0; k < g->n_rows; k++)
        if (some == LANES)
            memcpy(g->rows[k] + i, &tile[k], sizeof tile[k]);
        else
            for (size_t c = 0; c < some; c++)
                g->rows[k][i + c] = tile[k][c];
}

/* Of v = L^-1 y. */
SIMD_INLINE void forward_tile(const sweep *s, size_t i, size_t some, size_t n_groups, recent now[most_groups])
{
    lanes_floats tile[most_groups][LANES];
    for (size_t k = 0; k < n_groups; k++)
        read_tile(&s->groups[k], i, some, tile[k]);
#pragma GCC unroll 8
    for (size_t c = 0; c < some; c++) {
        double l1 = i + c >= 1 ? s->first[i + c - 1] : 0, l2 = i + c >= 2 ? s->second[i + c - 2] : 0;
        for (size_t k = 0; k < n_groups; k++) {
            simd_doubles y = __builtin_convertvector(tile[k][c], simd_doubles);
            simd_doubles v = (y - l2 * now[k].before_last) - l1 * now[k].last;
            now[k].before_last = now[k].last;
            now[k].last = v;
            lanes_store(s->work + ((i + c) * n_groups + k) * LANES, &v);
        }
    }
}

/* Of z = L'^-1 D^-1 v. */
SIMD_INLINE void backward_tile(const sweep *s, size_t i, size_t some, size_t n_groups, recent now[most_groups])
{
    lanes_floats tile[most_groups][LANES];
#pragma GCC unroll 8
    for (size_t c = some; c-- > 0;) {
        double r = s->inverse[i + c], l1 = s->first[i + c], l2 = s->second[i + c];
        for (size_t k = 0; k < n_groups; k++) {
            simd_doubles v;
            lanes_load(&v, s->work + ((i + c) * n_groups + k) * LANES);
            simd_doubles z = (v * r - l2 * now[k].before_last) - l1 * now[k].last;
            now[k].before_last = now[k].last;
            now[k].last = z;
            tile[k][c] = __builtin_convertvector(z, lanes_floats);
        }
    }
    for (size_t k = 0; k < n_groups; k++)
        write_tile(&s->groups[k], i, some, tile[k]);
}

SIMD_INLINE void solve(const sweep *s, size_t n, size_t n_groups)
{
    size_t whole = n / LANES * LANES;
    recent now[most_groups] = {0};
    forward_tile(s, 0, whole ? LANES : n, n_groups, now);
    for (size_t i = LANES; i < whole; i += LANES)
        forward_tile(s, i, LANES, n_groups, now);
    if (whole && whole < n)
        forward_tile(s, whole, n - whole, n_groups, now);
    for (size_t k = 0; k < n_groups; k++)
        now[k] = (recent){0};
    if (whole < n)
        backward_tile(s, whole, n - whole, n_groups, now);
    for (size_t i = whole; i > 0; i -= LANES)
        backward_tile(s, i - LANES, LANES, n_groups, now);
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
