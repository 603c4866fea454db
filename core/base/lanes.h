/* Eight rows side by side in the lanes of vectors: recurrences along a row are followed in eight rows at once.
 *
 * The vectors are of 32 bytes, which most processors have registers for: GCC 12 keeps vectors that are wider than the
 * registers in memory, at ten times the cost. */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include "base/simd.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Rows side by side, and the doubles of one vector: two make up the eight rows. */
enum { LANES = 8, LANES_DOUBLES = 4 };

typedef float lanes_floats __attribute__((vector_size(32)));
typedef double lanes_doubles __attribute__((vector_size(32)));

/* The bits of vectors; of a comparison, all of a lane's bits or none. */
typedef uint64_t lanes_words __attribute__((vector_size(32)));
typedef uint32_t lanes_half_words __attribute__((vector_size(32)));

/* LANES_DOUBLES numbers, as stored. Written out, because GCC 12 makes one conversion of this and four instructions of
 * __builtin_convertvector. */
typedef float lanes_stored __attribute__((vector_size(16)));

SIMD_INLINE void lanes_load(lanes_doubles *x, const float *at)
{
    lanes_stored s;
    memcpy(&s, at, sizeof s);
    *x = (lanes_doubles){s[0], s[1], s[2], s[3]};
}

SIMD_INLINE void lanes_store(float *at, const lanes_doubles *x)
{
    lanes_stored rounded = __builtin_convertvector(*x, lanes_stored);
    memcpy(at, &rounded, sizeof rounded);
}

/* Lanes of x become `otherwise` where the mask has no bits. */
SIMD_INLINE void lanes_keep(lanes_floats *x, const lanes_half_words *mask, float otherwise)
{
    lanes_floats other = (lanes_floats){0} + otherwise;
    *x = (lanes_floats)(((lanes_half_words)*x & *mask) | ((lanes_half_words)other & ~*mask));
}

SIMD_INLINE void lanes_limit(lanes_floats *x, float least, float most)
{
    lanes_half_words within = ~(lanes_half_words)(*x < least);
    lanes_keep(x, &within, least);
    within = ~(lanes_half_words)(*x > most);
    lanes_keep(x, &within, most);
}

/* A tile of eight numbers of eight rows becomes eight vectors of one number of each row, and the reverse. */
SIMD_INLINE void lanes_transpose(lanes_floats t[LANES])
{
    lanes_floats a[LANES], b[LANES];
#pragma GCC unroll 8
    for (size_t i = 0; i < LANES; i += 2) {
        a[i] = __builtin_shufflevector(t[i], t[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
        a[i + 1] = __builtin_shufflevector(t[i], t[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    }
#pragma GCC unroll 8
    for (size_t i = 0; i < LANES; i += 4) {
#pragma GCC unroll 8
        for (size_t k = 0; k < 2; k++) {
            b[i + 2 * k] = __builtin_shufflevector(a[i + k], a[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            b[i + 2 * k + 1] = __builtin_shufflevector(a[i + k], a[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
    }
#pragma GCC unroll 8
    for (size_t i = 0; i < LANES / 2; i++) {
        t[i] = __builtin_shufflevector(b[i], b[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        t[i + 4] = __builtin_shufflevector(b[i], b[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

#endif
