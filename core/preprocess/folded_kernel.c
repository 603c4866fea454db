/* Folding, unfolding, margins, and the clipping of SNIP on folded rows. */
#include "preprocess/folded_kernel.h"

#include "base/lanes.h"
#include "preprocess/folded_lanes.h"

#ifdef __SSE__
#include <immintrin.h>
#endif

void SIMD_NAME(folded_pack_kernel)(const float *const *lane, size_t records, float *at)
{
    size_t whole = records - records % LANES;
    for (size_t group = 0; group < FOLDED_LANES; group += LANES)
        for (size_t i = 0; i < whole; i += LANES) {
            lanes_floats tile[LANES];
#pragma GCC unroll 16
            for (size_t k = 0; k < LANES; k++)
                memcpy(&tile[k], lane[group + k] + i, sizeof tile[k]);
            lanes_transpose(tile);
#pragma GCC unroll 16
            for (size_t c = 0; c < LANES; c++)
                memcpy(at + (i + c) * FOLDED_LANES + group, &tile[c], sizeof tile[c]);
        }
    for (size_t i = whole; i < records; i++)
        for (size_t l = 0; l < FOLDED_LANES; l++)
            at[i * FOLDED_LANES + l] = lane[l][i];
}

/* out = at, or lane - at. */
SIMD_INLINE void unfold(const float *const *lane, float *const *out, size_t records, const float *at)
{
    size_t whole = records - records % LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t group = 0; group < FOLDED_LANES; group += LANES) {
            lanes_floats tile[LANES], part;
#pragma GCC unroll 16
            for (size_t c = 0; c < LANES; c++)
                memcpy(&tile[c], at + (i + c) * FOLDED_LANES + group, sizeof *tile);
            lanes_transpose(tile);
#pragma GCC unroll 16
            for (size_t k = 0; k < LANES; k++) {
                if (lane) {
                    memcpy(&part, lane[group + k] + i, sizeof part);
                    tile[k] = part - tile[k];
                }
                memcpy(out[group + k] + i, &tile[k], sizeof tile[k]);
            }
        }
    for (size_t i = whole; i < records; i++)
        for (size_t l = 0; l < FOLDED_LANES; l++)
            out[l][i] = lane ? lane[l][i] - at[i * FOLDED_LANES + l] : at[i * FOLDED_LANES + l];
}

void SIMD_NAME(folded_unpack_kernel)(const float *const *lane, float *const *out, size_t records, const float *at)
{
    if (lane)
        unfold(lane, out, records, at);
    else
        unfold(NULL, out, records, at);
}

/* The minimum, in one instruction: GCC 12 would compile a comparison and a selection to several. */
SIMD_INLINE void minimum(lanes_floats *out, const lanes_floats *a, const lanes_floats *b)
{
#if SIMD_BYTES == 64 && defined(__AVX512F__)
    *out = (lanes_floats)_mm512_min_ps((__m512)*a, (__m512)*b);
#elif SIMD_BYTES == 32 && defined(__AVX__)
    *out = (lanes_floats)_mm256_min_ps((__m256)*a, (__m256)*b);
#elif SIMD_BYTES == 16 && defined(__SSE__)
    *out = (lanes_floats)_mm_min_ps((__m128)*a, (__m128)*b);
#else
    const lanes_half_words less = (lanes_half_words)(*a < *b);
    lanes_choose(out, &less, a, b);
#endif
}

/* A shift of the lanes by one; the free lane takes the nearest one of the adjacent vector. */
#define BEFORE(i) (i) == 0 ? 2 * LANES - 1 : (i)-1
#define AFTER(i)  (i) + 1

void SIMD_NAME(folded_margins_kernel)(float *first, size_t records, size_t width, float beyond)
{
    enum { vectors = FOLDED_LANES / LANES };
    lanes_floats *at = (lanes_floats *)(void *)first, *end = at + records * vectors;
    const lanes_floats outside = (lanes_floats){0} + beyond;
    for (size_t i = 0; i < width * vectors; i += vectors)
        for (size_t v = 0; v < vectors; v++) {
            lanes_floats here = *(end - width * vectors + i + v), there = at[i + v];
            lanes_floats before = v ? *(end - width * vectors + i + v - 1) : outside;
            lanes_floats after = v + 1 < vectors ? at[i + v + 1] : outside;
            *(at - width * vectors + i + v) = __builtin_shufflevector(here, before, LANES_LIST(BEFORE));
            end[i + v] = __builtin_shufflevector(there, after, LANES_LIST(AFTER));
        }
}

/* Adjacent SIMD vectors at three places of a window, `half` records apart. They move through the records by half at a
 * time, so that each record is loaded once, before it is replaced, and the result can be stored in place. */
typedef struct walkers {
    lanes_floats at[FOLDED_UNROLL];
} walkers;

/* The product with 1/2 is exact (except of subnormal numbers), so that a fused multiply-add gives the same result. */
SIMD_INLINE void clip(lanes_floats *at, size_t half, size_t n, const walkers *left, const walkers *middle,
                      walkers *right)
{
#pragma GCC unroll 4
    for (size_t k = 0; k < n; k++) {
        right->at[k] = at[k + half];
        lanes_floats half_left = 0.5f * left->at[k], mean = 0.5f * right->at[k] + half_left;
        minimum(&at[k], &mean, &middle->at[k]);
    }
}

/* Three steps in rotation, so that no register is copied to another. */
SIMD_INLINE void walk(lanes_floats *at, size_t steps, size_t half, size_t n)
{
    walkers a, b, c;
#pragma GCC unroll 4
    for (size_t k = 0; k < n; k++) {
        a.at[k] = *(at + k - half);
        b.at[k] = at[k];
    }
    for (; steps >= 3; steps -= 3, at += 3 * half) {
        clip(at, half, n, &a, &b, &c);
        clip(at + half, half, n, &b, &c, &a);
        clip(at + 2 * half, half, n, &c, &a, &b);
    }
    if (steps > 0)
        clip(at, half, n, &a, &b, &c);
    if (steps > 1)
        clip(at + half, half, n, &b, &c, &a);
}

void SIMD_NAME(folded_clip_kernel)(float *first, size_t records, size_t half)
{
    enum { vectors = FOLDED_LANES / LANES };
    lanes_floats *at = (lanes_floats *)(void *)first;
    size_t n = records * vectors, step = half * vectors, k = 0;
    for (; k + FOLDED_UNROLL <= step; k += FOLDED_UNROLL)
        walk(at + k, (n - k + step - 1) / step, step, FOLDED_UNROLL);
    for (; k < step; k++)
        walk(at + k, (n - k + step - 1) / step, step, 1);
}
