/* Sweeps of banded systems, rows in the lanes. */
#include "base/banded_kernel.h"

#include "base/banded.h"
#include "base/lanes.h"

enum {
    most_groups = BANDED_ROWS / LANES,
    vectors = LANES / LANES_DOUBLES, /* of a group */
    block = 64,                      /* channels that are turned, then swept: they stay in the nearest cache */
};

/* The factors and the rows. */
typedef struct sweep {
    const double *inverse;
    const double *first;
    const double *second;
    lanes_rows groups[most_groups];
    float *work; /* [n][n_groups][LANES] */
} sweep;

/* The last two numbers of a recurrence. */
typedef struct recent {
    lanes_doubles last;
    lanes_doubles before_last;
} recent;

/* v = L^-1 y. */
SIMD_INLINE void sweep_forward(const sweep *s, size_t i, size_t end, size_t n_groups, recent now[most_groups * vectors])
{
    for (; i < end; i++) {
        double l1 = i >= 1 ? s->first[i - 1] : 0, l2 = i >= 2 ? s->second[i - 2] : 0;
#pragma GCC unroll 8
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
#pragma GCC unroll 8
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
            lanes_read(&s.groups[k], i, end, s.work + k * LANES, n_groups * LANES);
        sweep_forward(&s, i, end, n_groups, now);
    }
    memset(now, 0, sizeof now);
    for (size_t end = n, begin; end > 0; end = begin) {
        begin = (end - 1) / block * block;
        sweep_backward(&s, begin, end, n_groups, now);
        for (size_t k = 0; k < n_groups; k++)
            lanes_write(&s.groups[k], begin, end, s.work + k * LANES, n_groups * LANES);
    }
}

void SIMD_NAME(banded_kernel)(size_t n, const double *inverse, const double *first, const double *second, size_t n_rows,
                              float *rows, size_t stride, float *work)
{
    sweep s = {.inverse = inverse, .first = first, .second = second, .work = work};
    for (size_t k = 0; k < most_groups; k++)
        lanes_take(&s.groups[k], rows, stride, k * LANES, n_rows);
    if (n_rows <= LANES)
        solve(&s, n, 1);
    else
        solve(&s, n, most_groups);
}
