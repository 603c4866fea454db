/* Vector types for kernels (base/simd.h), as wide as the registers: GCC 12 keeps wider ones in memory, at ten times the
 * cost. The lanes hold several rows, several parts of one row, or neighbouring channels. */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include "base/simd.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The number of floats, and of doubles, in a vector. */
enum { LANES = SIMD_BYTES / 4, LANES_DOUBLES = LANES / 2 };

typedef float lanes_floats __attribute__((vector_size(SIMD_BYTES)));
typedef double lanes_doubles __attribute__((vector_size(SIMD_BYTES)));

/* Floats at any address: *(const lanes_anywhere *)at. */
typedef float lanes_anywhere __attribute__((vector_size(SIMD_BYTES), aligned(sizeof(float)), may_alias));

/* The bits of vectors; a comparison gives all ones or all zeros in each lane. */
typedef uint64_t lanes_words __attribute__((vector_size(SIMD_BYTES)));
typedef uint32_t lanes_half_words __attribute__((vector_size(SIMD_BYTES)));

/* LANES_DOUBLES numbers, as stored. */
typedef float lanes_stored __attribute__((vector_size(SIMD_BYTES / 2)));

/* f(0), f(1), ... of the lanes of doubles, and of all. */
#if SIMD_BYTES == 64
#define LANES_LIST_DOUBLES(f) f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7)
#define LANES_LIST(f)         LANES_LIST_DOUBLES(f), f(8), f(9), f(10), f(11), f(12), f(13), f(14), f(15)
#elif SIMD_BYTES == 32
#define LANES_LIST_DOUBLES(f) f(0), f(1), f(2), f(3)
#define LANES_LIST(f)         LANES_LIST_DOUBLES(f), f(4), f(5), f(6), f(7)
#else
#define LANES_LIST_DOUBLES(f) f(0), f(1)
#define LANES_LIST(f)         LANES_LIST_DOUBLES(f), f(2), f(3)
#endif

/* Written out, because GCC 12 compiles this to one conversion, but __builtin_convertvector to four instructions. */
SIMD_INLINE void lanes_load(lanes_doubles *x, const float *at)
{
    lanes_stored s;
    memcpy(&s, at, sizeof s);
#define LANES_STORED(i) s[i]
    *x = (lanes_doubles){LANES_LIST_DOUBLES(LANES_STORED)};
#undef LANES_STORED
}

SIMD_INLINE void lanes_store(float *at, const lanes_doubles *x)
{
    lanes_stored rounded = __builtin_convertvector(*x, lanes_stored);
    memcpy(at, &rounded, sizeof rounded);
}

/* For each lane, a if its mask is all ones, b if it is zero. */
SIMD_INLINE void lanes_choose(lanes_floats *out, const lanes_half_words *mask, const lanes_floats *a,
                              const lanes_floats *b)
{
    *out = (lanes_floats)(((lanes_half_words)*a & *mask) | ((lanes_half_words)*b & ~*mask));
}

/* Lanes of x whose mask is zero become `otherwise`. */
SIMD_INLINE void lanes_keep(lanes_floats *x, const lanes_half_words *mask, float otherwise)
{
    lanes_floats other = (lanes_floats){0} + otherwise;
    lanes_choose(x, mask, x, &other);
}

SIMD_INLINE void lanes_clamp(lanes_floats *x, float min, float max)
{
    lanes_half_words within = ~(lanes_half_words)(*x < min);
    lanes_keep(x, &within, min);
    within = ~(lanes_half_words)(*x > max);
    lanes_keep(x, &within, max);
}

/* One stage of the transposition: in each square of 2 d rows and columns, swaps the d x d blocks off the diagonal. */
#define LANES_KEPT(i, d)  ((i) & (d) ? LANES + (i) - (d) : (i))
#define LANES_MOVED(i, d) ((i) & (d) ? LANES + (i) : (i) + (d))
#define LANES_SWAP(t, d, kept, moved)                                                                                  \
    _Pragma("GCC unroll 16") for (size_t i = 0; i < LANES; i++) if (!(i & (d)))                                        \
    {                                                                                                                  \
        const lanes_floats a = (t)[i], b = (t)[i + (d)];                                                               \
        (t)[i] = __builtin_shufflevector(a, b, LANES_LIST(kept));                                                      \
        (t)[i + (d)] = __builtin_shufflevector(a, b, LANES_LIST(moved));                                               \
    }
#define LANES_KEPT_1(i)  LANES_KEPT(i, 1)
#define LANES_KEPT_2(i)  LANES_KEPT(i, 2)
#define LANES_KEPT_4(i)  LANES_KEPT(i, 4)
#define LANES_KEPT_8(i)  LANES_KEPT(i, 8)
#define LANES_MOVED_1(i) LANES_MOVED(i, 1)
#define LANES_MOVED_2(i) LANES_MOVED(i, 2)
#define LANES_MOVED_4(i) LANES_MOVED(i, 4)
#define LANES_MOVED_8(i) LANES_MOVED(i, 8)

/* Transposes a tile of LANES x LANES numbers: vectors of one row each become vectors of one column each. */
SIMD_INLINE void lanes_transpose(lanes_floats t[LANES])
{
    LANES_SWAP(t, 1, LANES_KEPT_1, LANES_MOVED_1)
    LANES_SWAP(t, 2, LANES_KEPT_2, LANES_MOVED_2)
#if SIMD_BYTES >= 32
    LANES_SWAP(t, 4, LANES_KEPT_4, LANES_MOVED_4)
#endif
#if SIMD_BYTES == 64
    LANES_SWAP(t, 8, LANES_KEPT_8, LANES_MOVED_8)
#endif
}

#endif
