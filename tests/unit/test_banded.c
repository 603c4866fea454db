/* Banded systems: the solution is that of a dense or a hand-made system, the same for any width of SIMD vectors. */
#include "base/memory.h"
#include "preprocess/banded.h"
#include "preprocess/banded_kernel.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { most = 3000 };

/* The main diagonal and those beside it. */
typedef struct matrix {
    double d[most], e[most], f[most];
} matrix;

static matrix uneven(size_t n)
{
    matrix m = {0};
    for (size_t i = 0; i < n; i++) {
        m.d[i] = 7 + sin((double)i);
        m.e[i] = i + 1 < n ? -2 + cos(3.0 * (double)i) : 0;
        m.f[i] = i + 2 < n ? 0.5 * sin(2.0 * (double)i) : 0;
    }
    return m;
}

/* I + lam D'D: constant diagonals except at the ends. */
static matrix even(size_t n, double lam)
{
    matrix m = {0};
    for (size_t i = 0; i < n; i++)
        m.d[i] = 1;
    for (size_t i = 0; i + 2 < n; i++) {
        m.d[i] += lam;
        m.d[i + 1] += 4 * lam;
        m.d[i + 2] += lam;
        m.e[i] -= 2 * lam;
        m.e[i + 1] -= 2 * lam;
        m.f[i] += lam;
    }
    return m;
}

static void multiply(size_t n, const matrix *m, const double *x, float *out)
{
    for (size_t i = 0; i < n; i++) {
        double sum = m->d[i] * x[i];
        sum += i >= 1 ? m->e[i - 1] * x[i - 1] : 0;
        sum += i >= 2 ? m->f[i - 2] * x[i - 2] : 0;
        sum += i + 1 < n ? m->e[i] * x[i + 1] : 0;
        sum += i + 2 < n ? m->f[i] * x[i + 2] : 0;
        out[i] = (float)sum;
    }
}

/* The solution is correct to the rounding of float32, including that of the right-hand side. */
static void check(size_t n, matrix m, const char *name)
{
    double x[most];
    float row[most + 1];
    for (size_t i = 0; i < n; i++)
        x[i] = cos((double)(i * i));
    multiply(n, &m, x, row);
    row[n] = 0.25f;
    cr_assert_eq(banded_factor(n, m.d, m.e, m.f), 1);
    banded *b = banded_new(n, m.d, m.e, m.f);
    float *scratch = memory_raw(banded_scratch(b), sizeof *scratch), largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmaxf(largest, fabsf(row[i]));
    banded_solve(b, row, row, scratch);
    for (size_t i = 0; i < n; i++)
        cr_assert_float_eq(row[i], x[i], 2e-7 * largest, "%s, n = %zu, channel %zu", name, n, i);
    cr_assert_eq(row[n], 0.25f);
    free(scratch);
    free(b);
}

Test(banded, solves_what_it_was_multiplied_from)
{
    for (size_t n = 1; n <= most; n += n < 100 ? 1 : n < 700 ? 37 : 571) {
        check(n, uneven(n), "uneven");
        check(n, even(n, 0), "lam 0");
        check(n, even(n, 3), "lam 3");
        check(n, even(n, 1e3), "lam 1000");
    }
}

/* Every width of SIMD vectors that this processor has: those with fused multiply-add agree to the bit, the narrowest to
 * the rounding of stored values; with factors that vary from record to record and constant ones. A sweep that does not
 * store gives the same last values. */
Test(banded, the_width_of_vectors_changes_nothing)
{
#ifdef SIMD_WIDER
    enum { records = 301, numbers = records * FOLDED_LANES };
    static banded_factors factors[records + 2];
    _Alignas(64) static float start[numbers], at[3][numbers];
    for (size_t i = 0; i < records + 2; i++)
        for (size_t l = 0; l < FOLDED_LANES; l++) {
            int alike = i >= 40 && i < 200;
            factors[i].inverse[l] = alike ? 0.3 : 0.3 + 0.01 * sin((double)(i + l));
            factors[i].first[l] = alike ? -0.5 : -0.5 + 0.2 * cos((double)(i * l));
            factors[i].second[l] = alike ? 0.25 : 0.25 + 0.1 * sin((double)(3 * i + l));
        }
    for (size_t i = 0; i < numbers; i++)
        start[i] = (float)(i * i % 113);
    const banded_sweep s = {factors + 2, 40, 198};
    banded_recent recent[3], unkept[3];
#define RUN(w, bytes)                                                                                                  \
    memset(&recent[w], 0, sizeof *recent);                                                                             \
    memset(&unkept[w], 0, sizeof *unkept);                                                                             \
    memcpy(at[w], start, sizeof start);                                                                                \
    banded_forward_kernel_##bytes(&s, at[w], 0, records, 0, &unkept[w]);                                               \
    cr_assert_eq(memcmp(at[w], start, sizeof start), 0);                                                               \
    banded_forward_kernel_##bytes(&s, at[w], 0, records, 1, &recent[w]);                                               \
    cr_assert_eq(memcmp(&recent[w], &unkept[w], sizeof *recent), 0);                                                   \
    memset(&unkept[w], 0, sizeof *unkept);                                                                             \
    memset(&recent[w], 0, sizeof *recent);                                                                             \
    banded_backward_kernel_##bytes(&s, at[w], 0, records, 0, &unkept[w]);                                              \
    banded_backward_kernel_##bytes(&s, at[w], 0, records, 1, &recent[w]);                                              \
    cr_assert_eq(memcmp(&recent[w], &unkept[w], sizeof *recent), 0)
    RUN(0, 16);
    if (simd_bytes() >= 32) {
        RUN(1, 32);
        for (size_t i = 0; i < numbers; i++)
            cr_assert_float_eq(at[1][i], at[0][i], 1e-4);
    }
    if (simd_bytes() >= 64) {
        RUN(2, 64);
        cr_assert_eq(memcmp(at[1], at[2], sizeof at[1]), 0);
        cr_assert_eq(memcmp(&recent[1], &recent[2], sizeof *recent), 0);
    }
#else
    cr_skip_test("there is one width here");
#endif
}

/* (2 -1 1; -1 6 -2; 1 -2 2) (1, 2, 3)' = (3, 5, 3)'. */
Test(banded, a_system_solved_by_hand)
{
    double d[] = {2, 6, 2}, e[] = {-1, -2, 0}, f[] = {1, 0, 0};
    float row[] = {3, 5, 3};
    cr_assert_eq(banded_factor(3, d, e, f), 1);
    banded *b = banded_new(3, d, e, f);
    float *scratch = memory_raw(banded_scratch(b), sizeof *scratch);
    banded_solve(b, row, row, scratch);
    for (size_t i = 0; i < 3; i++)
        cr_assert_float_eq(row[i], (float)(i + 1), 1e-6);
    free(scratch);
    free(b);
}

Test(banded, a_matrix_that_is_not_positive_definite_is_refused)
{
    double d[] = {1, 1, 1}, e[] = {2, 0, 0}, f[] = {0, 0, 0};
    cr_assert_eq(banded_factor(3, d, e, f), 0);
    double nan = NAN;
    cr_assert_eq(banded_factor(1, &nan, e, f), 0);
}
