/* Lower bounds ("floors") for the time of each stage: the arithmetic and the memory traffic that no implementation can
 * do without, in vectors, on data that stay in the cache. Their results are of no use. */
#include "floors.h"

#define SIMD_BYTES 64
#include "base/exponential.h"
#include "base/simd.h"

#include <math.h>
#include <string.h>

/* As wide as the widest registers that exist. On a machine with narrower ones the floors come out too high. */
typedef float simd_floats __attribute__((vector_size(64)));
typedef double simd_doubles __attribute__((vector_size(64)));

enum { tile = 2048, lags = 17, lanes = SIMD_DOUBLES };

typedef float floats_anywhere __attribute__((vector_size(64), aligned(4)));

/* Clips every channel once, in place: a load, the arithmetic of one window, a store. */
SIMD_CLONES static void clip_tile(float *at, float left)
{
    for (size_t i = 0; i < tile; i++) {
        float mean = 0.5f * at[i] + left;
        at[i] = mean < at[i] ? mean : at[i];
    }
}

void floor_snip(const floor_buffers *p)
{
    for (size_t done = 0; done < p->n * p->n_channels; done += tile)
        for (size_t w = 40; w > 0; w--)
            clip_tile(p->scratch, (float)w);
}

SIMD_CLONES static void convolve(const float *restrict in, float *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = 0.1f * (in[i + 10] - in[i]) + 0.2f * (in[i + 9] - in[i + 1]) + 0.3f * (in[i + 8] - in[i + 2]) +
                 0.4f * (in[i + 7] - in[i + 3]) + 0.5f * (in[i + 6] - in[i + 4]);
}

void floor_savgol(const floor_buffers *p)
{
    for (size_t i = 0; i < p->n; i++)
        convolve(p->raw + i * p->n_channels, p->rows + i * p->n_channels, p->n_channels - 10);
}

void floor_copy(const floor_buffers *p)
{
    for (size_t i = 0; i < p->n; i++)
        memcpy(p->rows + i * p->n_channels, p->raw + i * p->n_channels, p->n_channels * sizeof *p->raw);
}

/* Ten accumulators, enough to hide the latency of an addition. */
SIMD_CLONES static void multiply_add(float *out, size_t times)
{
    simd_floats a = *(simd_floats *)(void *)out, sums[10];
    for (size_t k = 0; k < 10; k++)
        sums[k] = a + (float)k;
    for (size_t i = 0; i < times; i += 10)
        for (size_t k = 0; k < 10; k++)
            sums[k] = sums[k] * a + a;
    for (size_t k = 0; k < 10; k++)
        a += sums[k];
    *(simd_floats *)(void *)out = a;
}

void floor_project(const floor_buffers *p)
{
    memset(p->scratch, 0, SIMD_FLOATS * sizeof *p->scratch);
    for (size_t i = 0; i < p->n; i++)
        multiply_add(p->scratch, p->n_channels * 50 / SIMD_FLOATS);
}

SIMD_CLONES static float correlate(const float *a, const float *b, size_t n)
{
    simd_floats sums[lags] = {0}, all = {0};
    for (size_t i = 0; i + lags + SIMD_FLOATS <= n; i += SIMD_FLOATS) {
        simd_floats y = *(const simd_floats *)(const void *)(b + i);
        for (size_t k = 0; k < lags; k++)
            sums[k] += *(const floats_anywhere *)(const void *)(a + i + k) * y;
    }
    for (size_t k = 0; k < lags; k++)
        all += sums[k];
    return all[0];
}

void floor_lags(const floor_buffers *p)
{
    for (size_t i = 0; i < p->n; i++)
        p->scratch[i] = correlate(p->raw + i * p->n_channels, p->rows, p->n_channels);
}

/* (W + lam D'D) z = W y of eight rows side by side, by L D L'. */
typedef struct band {
    simd_doubles *weight, *y, *z; /* [n] */
    simd_doubles *first, *second; /* [n + 2]: L's diagonals, 0 past the last channel */
} band;

static band make_band(const floor_buffers *p, size_t first_row)
{
    size_t n = p->n_channels;
    simd_doubles *at = (simd_doubles *)(void *)p->scratch;
    band b = {at, at + n, at + 2 * n, at + 3 * n, at + 4 * n + 2};
    memset(b.first, 0, (2 * n + 4) * sizeof *at);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < lanes; k++) {
            b.weight[i][k] = 1;
            b.y[i][k] = p->raw[(first_row + k) * n + i];
        }
    return b;
}

SIMD_CLONES static void solve(const band *b, size_t n, double lam)
{
    simd_doubles r1 = {0}, r2 = {0}, z1 = {0}, z2 = {0}, l1 = {0};
    for (size_t i = 0; i < n; i++) {
        size_t end = i < n - 1 - i ? i : n - 1 - i;
        double diagonal = end > 1    ? 6 * lam
                          : end == 1 ? 5 * lam
                                     : lam,
               beside = i == 1 || i == n - 1 ? -2 * lam : -4 * lam;
        simd_doubles e = beside - lam * l1, l2 = lam * r2;
        l1 = e * r1;
        r2 = r1;
        r1 = 1 / (b->weight[i] + diagonal - l1 * e - lam * l2);
        simd_doubles z = b->weight[i] * b->y[i] - l1 * z1 - l2 * z2;
        z2 = z1;
        z1 = z;
        b->first[i] = l1;
        b->second[i] = l2;
        b->z[i] = z * r1;
    }
    z1 = z2 = (simd_doubles){0};
    for (size_t i = n; i-- > 0;) {
        simd_doubles z = b->z[i] - b->first[i + 1] * z1 - b->second[i + 2] * z2;
        z2 = z1;
        z1 = z;
        b->z[i] = z;
    }
}

static const double lam = 1e6, tolerance = 1e-3;

/* Logistic weights of eight rows, from residuals that stay in the L1 cache. */
SIMD_CLONES static void update_weights(lanes_floats *at, size_t n)
{
    enum { few = 256 };
    for (size_t i = 0; i < n; i += 2) {
        lanes_floats power[2] = {at[i % few], at[i % few + 1]};
        exponential(2, power, 40);
        at[i % few] = 1 / (1 + power[0]);
        at[i % few + 1] = 1 / (1 + power[1]);
    }
}

/* One iteration, eight rows at a time. floor_arpls_iterations has set the bands up in p->scratch. */
void floor_arpls(const floor_buffers *p)
{
    size_t n = p->n_channels;
    simd_doubles *at = (simd_doubles *)(void *)p->scratch;
    band b = {at, at + n, at + 2 * n, at + 3 * n, at + 4 * n + 2};
    for (size_t i = 0; i < p->n; i += lanes) {
        solve(&b, n, lam);
        update_weights((lanes_floats *)(void *)p->rows, n);
    }
}

/* Computes new weights of one row (Baek et al. 2015). Returns the norm of their change over that of the old ones. */
static double update_row_weights(const band *b, size_t n, size_t k)
{
    double count = 0, sum = 0, squares = 0, change = 0, size = 0;
    for (size_t i = 0; i < n; i++) {
        double d = b->y[i][k] - b->z[i][k];
        count += d < 0;
        sum += d < 0 ? d : 0;
        squares += d < 0 ? d * d : 0;
    }
    double mean = sum / count, deviation = sqrt((squares - count * mean * mean) / (count - 1));
    for (size_t i = 0; i < n; i++) {
        double d = b->y[i][k] - b->z[i][k], weight = 1 / (1 + exp(2 * (d - (2 * deviation - mean)) / deviation));
        change += (weight - b->weight[i][k]) * (weight - b->weight[i][k]);
        size += b->weight[i][k] * b->weight[i][k];
        b->weight[i][k] = weight;
    }
    return sqrt(change / size);
}

double floor_arpls_iterations(const floor_buffers *p)
{
    size_t n = p->n_channels, all = 0;
    for (size_t row = 0; row < p->n; row += lanes) {
        band b = make_band(p, row);
        int open[lanes], left = lanes;
        for (size_t k = 0; k < lanes; k++)
            open[k] = 1;
        for (size_t times = 0; left && times < 50; times++) {
            solve(&b, n, lam);
            for (size_t k = 0; k < lanes; k++)
                if (open[k]) {
                    all++;
                    open[k] = update_row_weights(&b, n, k) >= tolerance;
                    left -= !open[k];
                }
        }
    }
    return (double)all / (double)p->n;
}
