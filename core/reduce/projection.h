/* Rows times a few vectors, and back: what principal components are found and used by, at the speed of the processor.
 * float32 within stretches of channels (and within blocks of rows), in an order that depends on nothing but the sizes
 * and the processor's vectors: a row's products are the same whatever stands beside it. */
#ifndef REDUCE_PROJECTION_H
#define REDUCE_PROJECTION_H

#include "base/simd.h"

#include <stddef.h>

/* Rows at a time, at most, and channels. */
enum { PROJECTION_ROWS = 32, PROJECTION_CHANNELS = 240 };

/* Stretches of n rows that are wanted soon (in a walk through rows, those of the row so many after this one): so short
 * a run is over before the processor sees it coming. */
enum { PROJECTION_AHEAD = 4 };
SIMD_INLINE void projection_prefetch(const float *x, size_t p, size_t n)
{
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < PROJECTION_CHANNELS; c += SIMD_FLOATS)
            __builtin_prefetch(x + k * p + c);
}

/* Floats of scratch for products with n_vectors. */
size_t projection_scratch(size_t n_vectors);

/* score[n, n_vectors] = (rows - mean) vectorᵀ of rows[n, p], mean[p] and vector[n_vectors, p]. */
void projection_scores(size_t n, size_t p, const float *rows, const double *mean, size_t n_vectors, const float *vector,
                       double *score, float *scratch);

/* Rows that are gone over again and again lie in panels of PROJECTION_ROWS, each a stretch of channels after the other,
 * which is the order in which they are read: so many floats. */
size_t projection_panel_floats(size_t p);

/* Where a row's channels from `first` on are, as far as the stretch goes: `first` is where one begins. */
size_t projection_offset(size_t p, size_t row, size_t first);

/* Panel of n rows: less the mean[p]. Returns the sum of the squares of what remains, in float64. */
double projection_centre(size_t n, size_t p, const double *mean, float *panel);

/* Vectors and sums beside them are in the same order: [stretches, n_vectors, PROJECTION_CHANNELS], so many floats. */
size_t projection_blocked_floats(size_t n_vectors, size_t p);

/* product[n, n_vectors] = panel vectorᵀ of a stretched vector[n_vectors, p]. */
void projection_multiply(size_t n, size_t p, const float *panel, size_t n_vectors, const float *vector, double *product,
                         float *scratch);

/* The stretched sum[n_weights, p] += weightᵀ panel of weight[n, n_weights]. */
void projection_multiply_transposed(size_t n, size_t p, const float *panel, size_t n_weights, const float *weight,
                                    float *sum);

/* The sum of (row[i] - mean[i])^2, in float64. */
double projection_squares(size_t p, const float *row, const double *mean);

#endif
