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

/* One vector's lanes of a record's factors. */
typedef struct factors {
    lanes_doubles inverse;
    lanes_doubles first;
    lanes_doubles second;
} factors;

SIMD_INLINE void go_on(running *now, lanes_doubles *x, const factors *f, float *at, int kept)
{
    *x = (*x - f->second * now->before_last) - f->first * now->last;
    *now = (running){*x, now->last};
    if (kept)
        lanes_store(at, x);
}

/* Factors that are alike are taken once: after each store they could be others, for all that a compiler knows. */
SIMD_INLINE void forth(const banded_sweep *s, float *at, size_t i, size_t end, int kept, int alike,
                       running now[vectors])
{
    const banded_factors *same = s->record + s->alike;
    const factors constant = {.first = (lanes_doubles){0} + same[-1].first[0],
                              .second = (lanes_doubles){0} + same[-2].second[0]};
    for (; i < end; i++)
#pragma GCC unroll 8
        for (size_t k = 0; k < vectors; k++) {
            float *place = at + i * FOLDED_LANES + k * LANES_DOUBLES;
            lanes_doubles v;
            factors f = constant;
            if (!alike) {
                memcpy(&f.first, s->record[i - 1].first + k * LANES_DOUBLES, sizeof f.first);
                memcpy(&f.second, s->record[i - 2].second + k * LANES_DOUBLES, sizeof f.second);
            }
            lanes_load(&v, place);
            go_on(&now[k], &v, &f, place, kept);
        }
}

SIMD_INLINE void back(const banded_sweep *s, float *at, size_t begin, size_t i, int kept, int alike,
                      running now[vectors])
{
    const banded_factors *same = s->record + s->alike;
    const factors constant = {(lanes_doubles){0} + same->inverse[0], (lanes_doubles){0} + same->first[0],
                              (lanes_doubles){0} + same->second[0]};
    while (i-- > begin)
#pragma GCC unroll 8
        for (size_t k = 0; k < vectors; k++) {
            float *place = at + i * FOLDED_LANES + k * LANES_DOUBLES;
            lanes_doubles x;
            factors f = constant;
            if (!alike) {
                memcpy(&f.inverse, s->record[i].inverse + k * LANES_DOUBLES, sizeof f.inverse);
                memcpy(&f.first, s->record[i].first + k * LANES_DOUBLES, sizeof f.first);
                memcpy(&f.second, s->record[i].second + k * LANES_DOUBLES, sizeof f.second);
            }
            lanes_load(&x, place);
            x *= f.inverse;
            go_on(&now[k], &x, &f, place, kept);
        }
}

/* The records of a sweep before those that are alike, these, and those after. */
typedef struct parts {
    size_t alike, unlike;
} parts;

static parts parts_of(const banded_sweep *s, size_t begin, size_t end)
{
    size_t alike = s->alike < begin ? begin : s->alike < end ? s->alike : end;
    return (parts){alike, s->unlike < alike ? alike : s->unlike < end ? s->unlike : end};
}

void SIMD_NAME(banded_forth_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int kept,
                                    banded_recent *recent)
{
    running now[vectors];
    const parts p = parts_of(s, begin, end);
    take(now, recent);
    forth(s, at, begin, p.alike, kept, 0, now);
    if (kept)
        forth(s, at, p.alike, p.unlike, 1, 1, now);
    else
        forth(s, at, p.alike, p.unlike, 0, 1, now);
    forth(s, at, p.unlike, end, kept, 0, now);
    put(recent, now);
}

void SIMD_NAME(banded_back_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int kept,
                                   banded_recent *recent)
{
    running now[vectors];
    const parts p = parts_of(s, begin, end);
    take(now, recent);
    back(s, at, p.unlike, end, kept, 0, now);
    if (kept)
        back(s, at, p.alike, p.unlike, 1, 1, now);
    else
        back(s, at, p.alike, p.unlike, 0, 1, now);
    back(s, at, begin, p.alike, kept, 0, now);
    put(recent, now);
}
