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

/* The lesser of each two; b where either is not a number. Written out, because GCC 12 makes one instruction of this and
 * three of a comparison and its bits. */
SIMD_INLINE void lanes_least(lanes_floats *out, const lanes_floats *a, const lanes_floats *b)
{
    const lanes_floats x = *a, y = *b;
    *out = (lanes_floats){x[0] < y[0] ? x[0] : y[0], x[1] < y[1] ? x[1] : y[1], x[2] < y[2] ? x[2] : y[2],
                          x[3] < y[3] ? x[3] : y[3], x[4] < y[4] ? x[4] : y[4], x[5] < y[5] ? x[5] : y[5],
                          x[6] < y[6] ? x[6] : y[6], x[7] < y[7] ? x[7] : y[7]};
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

/* Eight rows, where they stand. */
typedef struct lanes_rows {
    float *at[LANES];
    size_t n; /* those before it are written; the others, which stand where the first one does, only fill the lanes */
} lanes_rows;

/* Of n rows, 1 or more, `stride` floats apart, the eight or fewer from `first` on. */
static inline void lanes_take(lanes_rows *r, float *rows, size_t stride, size_t first, size_t n)
{
    r->n = n <= first ? 0 : n - first < LANES ? n - first : (size_t)LANES;
    for (size_t k = 0; k < LANES; k++)
        r->at[k] = rows + (k < r->n ? first + k : 0) * stride;
}

/* Channels i ... end - 1 of the rows to lanes[channel * step], eight floats each, and the reverse. */
SIMD_INLINE void lanes_read(const lanes_rows *r, size_t i, size_t end, float *lanes, size_t step)
{
    for (; i + LANES <= end; i += LANES) {
        lanes_floats tile[LANES];
#pragma GCC unroll 8
        for (size_t k = 0; k < LANES; k++)
            memcpy(&tile[k], r->at[k] + i, sizeof tile[k]);
        lanes_transpose(tile);
#pragma GCC unroll 8
        for (size_t c = 0; c < LANES; c++)
            memcpy(lanes + (i + c) * step, &tile[c], sizeof tile[c]);
    }
    for (; i < end; i++)
        for (size_t k = 0; k < LANES; k++)
            lanes[i * step + k] = r->at[k][i];
}

SIMD_INLINE void lanes_write(const lanes_rows *r, size_t i, size_t end, const float *lanes, size_t step)
{
    for (; i + LANES <= end; i += LANES) {
        lanes_floats tile[LANES];
#pragma GCC unroll 8
        for (size_t c = 0; c < LANES; c++)
            memcpy(&tile[c], lanes + (i + c) * step, sizeof tile[c]);
        lanes_transpose(tile);
        for (size_t k = 0; k < r->n; k++)
            memcpy(r->at[k] + i, &tile[k], sizeof tile[k]);
    }
    for (; i < end; i++)
        for (size_t k = 0; k < r->n; k++)
            r->at[k][i] = lanes[i * step + k];
}

#endif
