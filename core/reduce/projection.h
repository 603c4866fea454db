/* Products of rows with a few vectors, and of their transpose with a few weights: principal components are found and
 * used by these. They are summed in float32 within blocks of channels (and within blocks of rows), in an order that
 * depends only on the sizes and on the width of SIMD vectors: the products of a row do not depend on the other rows. */
#ifndef REDUCE_PROJECTION_H
#define REDUCE_PROJECTION_H

#include "reduce/projection_layout.h"

#include <stddef.h>

/* Floats of scratch for products with n_vectors. */
size_t projection_scratch(size_t n_vectors);

/* score[n, n_vectors] = (rows - mean) vectorᵀ for rows[n, p], mean[p] and vector[n_vectors, p]. */
void projection_scores(size_t n, size_t p, const float *rows, const double *mean, size_t n_vectors, const float *vector,
                       double *score, float *scratch);

/* Floats of a panel: PROJECTION_ROWS rows of p channels, one block of channels after the other, the order in which
 * repeated products read them. */
size_t projection_panel_floats(size_t p);

/* The offset of a row's block of channels in consecutive panels; `first`, the first channel, is a multiple of
 * PROJECTION_CHANNELS. */
size_t projection_offset(size_t p, size_t row, size_t first);

/* Subtracts mean[p] from the n rows of a panel. Returns the sum of squares of the result, in float64. */
double projection_centre(size_t n, size_t p, const double *mean, float *panel);

/* Floats of n_vectors vectors of p channels in the same order: blocked [blocks of channels, n_vectors,
 * PROJECTION_CHANNELS]. */
size_t projection_blocked_floats(size_t n_vectors, size_t p);

/* product[n, n_vectors] = panel vectorᵀ for a blocked vector[n_vectors, p]. */
void projection_multiply(size_t n, size_t p, const float *panel, size_t n_vectors, const float *vector, double *product,
                         float *scratch);

/* The blocked sum[n_weights, p] += weightᵀ panel for weight[n, n_weights]. */
void projection_multiply_transposed(size_t n, size_t p, const float *panel, size_t n_weights, const float *weight,
                                    float *sum);

/* The sum of (row[i] - mean[i])^2, in float64. */
double projection_squares(size_t p, const float *row, const double *mean);

#endif
