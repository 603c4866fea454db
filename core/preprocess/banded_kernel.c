/* The forward and the backward recurrence of a banded solve, sixteen lanes at a time. */
#include "preprocess/banded_kernel.h"

#include "base/lanes.h"

enum { vectors = FOLDED_LANES / LANES_DOUBLES };

/* The last two values, in the lanes of one SIMD vector. */
typedef struct running {
    lanes_doubles last;
    lanes_doubles before_last;
} running;

SIMD_INLINE void load_recent(running now[vectors], const banded_recent *recent)
{
    for (size_t k = 0; k < vectors; k++) {
        memcpy(&now[k].last, recent->last + k * LANES_DOUBLES, sizeof now->last);
        memcpy(&now[k].before_last, recent->before_last + k * LANES_DOUBLES, sizeof now->last);
    }
}

SIMD_INLINE void store_recent(banded_recent *recent, const running now[vectors])
{
    for (size_t k = 0; k < vectors; k++) {
        memcpy(recent->last + k * LANES_DOUBLES, &now[k].last, sizeof now->last);
        memcpy(recent->before_last + k * LANES_DOUBLES, &now[k].before_last, sizeof now->last);
    }
}

/* The factors of one step, in the lanes of one SIMD vector: the forward sweep takes the diagonals beside the main one
 * from the records before. */
typedef struct factors {
    lanes_doubles inverse;
    lanes_doubles first;
    lanes_doubles second;
} factors;

SIMD_INLINE void find_factors(factors *f, const banded_factors *record, size_t lane, int backward)
{
    memcpy(&f->inverse, record->inverse + lane, sizeof f->inverse);
    memcpy(&f->first, record[backward ? 0 : -1].first + lane, sizeof f->first);
    memcpy(&f->second, record[backward ? 0 : -2].second + lane, sizeof f->second);
}

/* Copies the first lane to all lanes. */
SIMD_INLINE void broadcast(factors *f)
{
    f->inverse = (lanes_doubles){0} + f->inverse[0];
    f->first = (lanes_doubles){0} + f->first[0];
    f->second = (lanes_doubles){0} + f->second[0];
}

SIMD_INLINE void step_once(running *now, const factors *f, float *at, int store, int backward)
{
    lanes_doubles x;
    lanes_load(&x, at);
    if (backward)
        x *= f->inverse;
    x = (x - f->second * now->before_last) - f->first * now->last;
    *now = (running){x, now->last};
    if (store)
        lanes_store(at, &x);
}

/* Constant factors are loaded once: the compiler must assume that a store changes those in memory. */
SIMD_INLINE void sweep(const banded_sweep *s, float *at, size_t begin, size_t end, int store, int constant,
                       int backward, running now[vectors])
{
    factors same;
    find_factors(&same, s->record + s->constant_begin, 0, backward);
    broadcast(&same);
    for (size_t n = begin; n < end; n++)
#pragma GCC unroll 8
        for (size_t k = 0; k < vectors; k++) {
            size_t i = backward ? begin + end - 1 - n : n, lane = k * LANES_DOUBLES;
            factors f = same;
            if (!constant)
                find_factors(&f, s->record + i, lane, backward);
            step_once(&now[k], &f, at + i * FOLDED_LANES + lane, store, backward);
        }
}

/* The records before the constant ones, these, and those after, in the order of the sweep. */
SIMD_INLINE void sweep_all(const banded_sweep *s, float *at, size_t begin, size_t end, int store, int backward,
                           banded_recent *recent)
{
    running now[vectors];
    size_t constant = s->constant_begin < begin ? begin : s->constant_begin < end ? s->constant_begin : end;
    size_t varying = s->constant_end < constant ? constant : s->constant_end < end ? s->constant_end : end;
    load_recent(now, recent);
    sweep(s, at, backward ? varying : begin, backward ? end : constant, store, 0, backward, now);
    if (store)
        sweep(s, at, constant, varying, 1, 1, backward, now);
    else
        sweep(s, at, constant, varying, 0, 1, backward, now);
    sweep(s, at, backward ? begin : varying, backward ? constant : end, store, 0, backward, now);
    store_recent(recent, now);
}

void SIMD_NAME(banded_forward_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int store,
                                      banded_recent *recent)
{
    sweep_all(s, at, begin, end, store, 0, recent);
}

void SIMD_NAME(banded_backward_kernel)(const banded_sweep *s, float *at, size_t begin, size_t end, int store,
                                       banded_recent *recent)
{
    sweep_all(s, at, begin, end, store, 1, recent);
}
