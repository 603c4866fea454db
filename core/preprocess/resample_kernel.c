#include "preprocess/resample_kernel.h"

#include "base/inverse.h"

void SIMD_NAME(resample_rises)(const float *restrict near, size_t apart, const float *restrict in, size_t n,
                               float *restrict rise)
{
    const float *before = near, *last = near + apart, *next = near + 2 * apart;
    for (size_t j = 0; j < n; j++)
        rise[j] =
            before[j] * (*(in + j - 2) - in[j]) + last[j] * (*(in + j - 1) - in[j]) + next[j] * (in[j + 1] - in[j]);
}

void SIMD_NAME(resample_parts)(const float *restrict in, const float *restrict rise, size_t n, float f,
                               float *restrict part)
{
    for (size_t q = 0; q < n; q++)
        part[q] = part_of(in[q], rise[q], in[q + 1], rise[q + 1], f);
}

void SIMD_NAME(resample_between)(const float *restrict in, const float *restrict part, const float *restrict growth,
                                 size_t n, float f, float *restrict out)
{
    for (size_t q = 0; q < n; q++)
        out[q] = (in[q] + (part[q + 1] - part[q] + growth[q] * part[q + 1])) * inverse_of(1 + f * growth[q]);
}
