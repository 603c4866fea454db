#include "preprocess/banded_kernel.h"

#include "base/lanes.h"

enum { vectors = FOLDED_LANES / LANES_DOUBLES };

/* In one vector's lanes. */
typedef struct running {
    lanes_doubles last;
    lanes_doubles before_last;
} running;

SIMD_INLINE void take(running now[vectors], const banded_recent *recent)
{
    for (size_t k = 0; k < vectors; k++) {
        memcpy(&now[k].last, recent->last + k * LANES_DOUBLES, sizeof now->last);
        memcpy(&now[k].before_last, recent->before_last + k * LANES_DOUBLES, sizeof now->last);
    }
}

SIMD_INLINE void put(banded_recent *recent, const running now[vectors])
{
    for (size_t k = 0; k < vectors; k++) {
        memcpy(recent->last + k * LANES_DOUBLES, &now[k].last, sizeof now->last);
        memcpy(recent->before_last + k * LANES_DOUBLES, &now[k].before_last, sizeof now->last);
    }
}

/* One vector's lanes of the factors that a record is reached by: going forth, the diagonals beside the main one are
 * those of the records before. */
typedef struct factors {
    lanes_doubles inverse;
    lanes_doubles first;
    lanes_doubles second;
} factors;

SIMD_INLINE void find_factors(factors *f, const banded_factors *record, size_t lane, int goes_back)
{
    memcpy(&f->inverse, record->inverse + lane, sizeof f->inverse);
    memcpy(&f->first, record[goes_back ? 0 : -1].first + lane, sizeof f->first);
    memcpy(&f->second, record[goes_back ? 0 : -2].second + lane, sizeof f->second);
}

/* The first lane's, in all lanes. */
SIMD_INLINE void spread(factors *f)
{
    f->inverse = (lanes_doubles){0} + f->inverse[0];
    f->first = (lanes_doubles){0} + f->first[0];
    f->second = (lanes_doubles){0} + f->second[0];
}

SIMD_INLINE void go_on(running *now, const factors *f, float *at, int kept, int goes_back)
{
    lanes_doubles x;
    lanes_load(&x, at);
    if (goes_back)
        x *= f->inverse;
    x = (x - f->second * now->before_last) - f->first * now->last;
    *now = (running){x, now->last};
    if (kept)
        lanes_store(at, &x);
}

/* Factors that are alike are taken once: after each store they could be others, for all that a compiler knows. */
SIMD_INLINE void sweep(const banded_sweep *s, float *at, size_t begin, size_t end, int kept, int alike, int goes_back,
                       running now[vectors])
{
    factors same;
    find_factors(&same, s->record + s->alike, 0, goes_back);
    spread(&same);
    for (size_t n = begin; n < end; n++)
#pragma GCC unroll 8
        for (size_t k = 0; k < vectors; k++) {
            size_t i = goes_back ? begin + end - 1 - n : n, lane = k * LANES_DOUBLES;
            factors f = same;
            if (!alike)
                find_factors(&f, s->record + i, lane, goes_back);
            go_on(&now[k], &f, at + i * FOLDED_LANES + lane, kept, goes_back);
        }
}

/* The records before those that are alike, these, and those after, in the order of the sweep. */
SIMD_INLINE void sweep_all(const banded_sweep *s, float *at, size_t begin, size_t end, int kept, int goes_back,
                           banded_recent *recent)
{
    running now[vectors];
    size_t alike = s->alike < begin ? begin : s->alike < end ? s->alike : end;
    size_t unlike = s->unlike < alike ? alike : s->unlike < end ? s->unlike : end;
    take(now, recent);
    sweep(s, at, goes_back ? unlike : begin, goes_back ? end : alike, kept, 0, goes_back, now);
    if (kept)
        sweep(s, at, alike, unlike, 1, 1, goes_back, now);
    else
        sweep(s, at, alike, unlike, 0, 1, goes_back, now);
    sweep(s, at, goes_back ? begin : unlike, goes_back ? alike : end, kept, 0, goes_back, now);
    put(recent, now);
}

void SIMD_NAME(banded_forward_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int kept,
                                      banded_recent *recent)
{
    sweep_all(s, at, begin, end, kept, 0, recent);
}

void SIMD_NAME(banded_backward_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int kept,
                                       banded_recent *recent)
{
    sweep_all(s, at, begin, end, kept, 1, recent);
}
