/* Rows divided into interleaved lanes: each channel has its place, and the width of vectors changes nothing. */
#include "preprocess/folded_kernel.h"

#include "base/memory.h"
#include "preprocess/folded.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The kernels for one width of SIMD vectors. */
typedef struct kernels {
    int bytes;
    void (*lay)(const float *const *lane, size_t records, float *at);
    void (*lift)(const float *const *lane, float *const *out, size_t records, const float *at);
    void (*margins)(float *at, size_t records, size_t width, float beyond);
    void (*clip)(float *at, size_t records, size_t half);
} kernels;

static const kernels widths[] = {
    {16, folded_pack_kernel_16, folded_unpack_kernel_16, folded_margins_kernel_16, folded_clip_kernel_16},
#ifdef SIMD_WIDER
    {32, folded_pack_kernel_32, folded_unpack_kernel_32, folded_margins_kernel_32, folded_clip_kernel_32},
    {64, folded_pack_kernel_64, folded_unpack_kernel_64, folded_margins_kernel_64, folded_clip_kernel_64},
#endif
};

enum { n_widths = sizeof widths / sizeof *widths, most = 1000 };

static float number(size_t i)
{
    return (float)((i * i + 7 * i) % 101);
}

/* A shape, with a row and an array for it. */
typedef struct laid {
    folded shape;
    float row[most];
    float *array;
    float *at;
} laid;

static void lay(laid *l, size_t n, size_t ends, size_t reach)
{
    l->shape = folded_shape(n, ends, ends / 2, reach);
    l->array = memory_new(folded_floats(&l->shape), sizeof *l->array);
    l->at = folded_first(&l->shape, l->array);
    for (size_t i = 0; i < n; i++)
        l->row[i] = number(i);
    folded_pack(&l->shape, l->row, l->at);
}

Test(folded, each_channel_has_its_place)
{
    static const struct {
        size_t n, ends, reach;
    } shapes[] = {{1, 0, 0}, {16, 0, 1}, {17, 0, 1}, {40, 3, 5}, {100, 0, 50}, {512, 8, 8}, {999, 40, 40}, {7, 3, 3}};
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++) {
        laid l;
        size_t n = shapes[k].n, ends = shapes[k].ends, in_row = 0;
        lay(&l, n, ends, shapes[k].reach);
        for (size_t i = 0; i < l.shape.records * FOLDED_LANES; i++)
            in_row += l.at[i] < INFINITY;
        cr_assert_eq(in_row, n);
        for (size_t i = 0; i < n; i++)
            cr_assert_eq(l.at[folded_index(&l.shape, (ptrdiff_t)i)], number(i), "channel %zu of %zu", i, n);
        cr_assert_eq(folded_index(&l.shape, -(ptrdiff_t)ends), 0);
        free(l.array);
    }
}

Test(folded, what_is_taken_off_is_the_channel_s_own)
{
    for (size_t n = 1; n <= most; n += n < 70 ? 1 : 93)
        for (size_t ends = 0; ends <= 20; ends += 10) {
            laid l;
            float out[most + 1];
            lay(&l, n, ends, ends);
            for (size_t i = 0; i < n; i++)
                l.at[folded_index(&l.shape, (ptrdiff_t)i)] = 3 * number(i) + 1;
            out[n] = 0.25f;
            if (n % 2)
                memcpy(out, l.row, n * sizeof *out);
            folded_subtract(&l.shape, n % 2 ? out : l.row, l.at, out);
            for (size_t i = 0; i < n; i++)
                cr_assert_eq(out[i], number(i) - (3 * number(i) + 1), "channel %zu of %zu", i, n);
            cr_assert_eq(out[n], 0.25f);
            free(l.array);
        }
}

Test(folded, what_is_lifted_is_what_stands_there)
{
    for (size_t n = 1; n <= most; n += n < 70 ? 1 : 93)
        for (size_t ends = 0; ends <= 20; ends += 10) {
            laid l;
            float out[most + 1];
            lay(&l, n, ends, ends);
            out[n] = 0.25f;
            folded_zero_padding(&l.shape, l.at);
            for (size_t i = 0; i < l.shape.records * FOLDED_LANES; i++)
                l.at[i] = 2 * l.at[i] + 1;
            folded_unpack(&l.shape, l.at, out);
            for (size_t i = 0; i < n; i++)
                cr_assert_eq(out[i], 2 * number(i) + 1, "channel %zu of %zu", i, n);
            cr_assert_eq(out[n], 0.25f);
            for (size_t i = 0; i < n; i++)
                l.at[folded_index(&l.shape, (ptrdiff_t)i)] = 1;
            for (size_t i = 0; i < l.shape.records * FOLDED_LANES; i++)
                cr_assert_eq(l.at[i], 1, "the rest of %zu channels", n);
            free(l.array);
        }
}

/* Channel i of the row, with its ends as they were folded; beyond it infinity. */
static float channel(const laid *l, ptrdiff_t i)
{
    ptrdiff_t all = (ptrdiff_t)(l->shape.records * FOLDED_LANES);
    return i >= 0 && i < all ? l->at[folded_index(&l->shape, i)] : INFINITY;
}

Test(folded, a_channel_becomes_the_mean_about_it_where_that_is_lower)
{
    for (size_t n = 1; n <= most; n += n < 100 ? 1 : 81)
        for (size_t half = 1; half <= 45; half += half < 10 ? 1 : 7) {
            laid l;
            float expected[most];
            lay(&l, n, 0, 45);
            for (ptrdiff_t i = 0; i < (ptrdiff_t)n; i++) {
                float mean = 0.5f * channel(&l, i - (ptrdiff_t)half) + 0.5f * channel(&l, i + (ptrdiff_t)half);
                expected[i] = fminf(l.row[i], mean);
            }
            folded_clip(&l.shape, l.at, half);
            for (ptrdiff_t i = 0; i < (ptrdiff_t)n; i++)
                cr_assert_eq(channel(&l, i), expected[i], "channel %td of %zu, half %zu", i, n, half);
            free(l.array);
        }
}

/* Every width of SIMD vectors that this processor has, against vectors of 16 bytes. */
Test(folded, the_width_of_vectors_changes_nothing)
{
    for (size_t k = 1; k < n_widths && widths[k].bytes <= simd_bytes(); k++)
        for (size_t n = 1; n <= most; n += n < 40 ? 3 : 41) {
            laid narrow, wide;
            lay(&narrow, n, 0, 20);
            lay(&wide, n, 0, 20);
            size_t records = wide.shape.records;
            const float *lane[FOLDED_LANES];
            float *out[FOLDED_LANES], rows[2][FOLDED_LANES * (most / FOLDED_LANES + 20)];
            float lifted[2][FOLDED_LANES * (most / FOLDED_LANES + 20)];
            for (size_t i = 0; i < 2; i++) {
                const kernels *w = &widths[i * k];
                const laid *l = i ? &wide : &narrow;
                for (size_t v = 0; v < FOLDED_LANES; v++) {
                    out[v] = rows[i] + v * records;
                    lane[v] = out[v];
                    for (size_t c = 0; c < records; c++)
                        out[v][c] = number(v * records + c);
                }
                w->lay(lane, records, l->at);
                for (size_t half = 1; half <= 13; half += half < 5 ? 1 : 4) {
                    w->margins(l->at, records, half, -1);
                    w->clip(l->at, records, half);
                }
                w->margins(l->at, records, 7, 5);
                w->lift(lane, out, records, l->at);
                for (size_t v = 0; v < FOLDED_LANES; v++)
                    out[v] = lifted[i] + v * records;
                w->lift(NULL, out, records, l->at);
            }
            cr_assert_eq(memcmp(lifted[0], lifted[1], records * FOLDED_LANES * sizeof(float)), 0);
            size_t margin = 7 * FOLDED_LANES, seen = records * FOLDED_LANES + 2 * margin;
            cr_assert_eq(memcmp(narrow.at - margin, wide.at - margin, seen * sizeof(float)), 0,
                         "%d bytes, %zu channels", widths[k].bytes, n);
            cr_assert_eq(memcmp(rows[0], rows[1], records * FOLDED_LANES * sizeof(float)), 0);
            free(narrow.array);
            free(wide.array);
        }
}
