/* Principal component analysis of n rows of p channels: the eigenvectors of the smaller of the two Gram matrices, n x n
 * or p x p. For many rows and channels neither is formed (reduce/krylov_pca.h), and the captured variance is within
 * 1e-6 of the total of the largest possible.
 *
 * Rows are added in batches (as in scikit-learn's IncrementalPCA, but without its approximation). With more rows than
 * channels only the p x p Gram matrix is kept; with fewer, the rows themselves, which are then fewer than p: memory is
 * bounded by the number of channels, not by the number of rows. */
#ifndef REDUCE_PCA_H
#define REDUCE_PCA_H

#include "base/work.h"
#include "reduce/projection_layout.h"
#include "reduce/reduce_step.h"

/* The step of a method: pca(components=auto, of=specimens). */
enum { PCA_MAX_COMPONENTS = 512 };
extern const reduce_step pca_step;

typedef struct pca {
    size_t n_channels;
    size_t n_components;
    size_t n_removed;  /* directions that epo has projected out of the rows before the components were found */
    size_t n_rows;     /* that were fitted */
    double *mean;      /* [n_channels] */
    float *components; /* [n_components, n_channels]: orthonormal rows; the entry of largest magnitude is positive. Then
                          [n_removed, n_channels]: the directions removed, orthonormal, and orthogonal to them */
    double *variance;  /* [n_components]: explained variance, divisor n_rows - 1, descending */
    double total_variance; /* of all components */
} pca;

typedef struct pca_accumulator pca_accumulator;

/* An accumulator for at most max_rows rows of n_channels. */
adamas_status pca_accumulator_make(pca_accumulator **out, size_t max_rows, size_t n_channels, adamas_error *error);
adamas_status pca_accumulator_add(pca_accumulator *sum, size_t n, const float *rows, work *w, adamas_error *error);

/* Rows are multiplied in batches of this size. The next pca_accumulator_add multiplies a full batch, on its own thread
 * if it is called within a work_each; pca_accumulator_flush multiplies the rows of a batch at once, on all threads. */
enum { PCA_BATCH_ROWS = 2048 };
adamas_status pca_accumulator_flush(pca_accumulator *sum, work *w, adamas_error *error);

/* Projects directions[n, n_channels], orthonormal, out of each row that is added from now on. They must outlive it. */
adamas_status pca_accumulator_remove(pca_accumulator *sum, size_t n, const float *directions, adamas_error *error);

/* Fits at most max_components to the rows added: fewer if their rank is lower. ADAMAS_E_DATA if it is 0. The
 * accumulator is still to be freed; its rows may have been centred. */
adamas_status pca_fit(pca *out, pca_accumulator *sum, size_t max_components, work *w, adamas_error *error);
void pca_accumulator_free(pca_accumulator *sum);

/* Scores of n rows (at most PCA_MAX_ROWS) on the first n_components, of which those after the pca's own are the
 * directions removed: scores[n, n_components]. scratch: pca_scratch floats. The scores of a row do not depend on the
 * other rows. */
enum { PCA_MAX_ROWS = PROJECTION_ROWS };
size_t pca_scratch(const pca *p);
void pca_scores(const pca *p, size_t n_components, size_t n, const float *rows, double *scores, float *scratch);

/* The residual sum of squares of a row, given its scores on all components and directions removed. */
double pca_residual(const pca *p, const float *row, const double *score);

/* Transforms p, which was fitted to scores on all components of `span`, to the channels of span. If the sign of a
 * component changes, it is changed in p, too, so that the scores on both are the same. */
adamas_status pca_expand(pca *out, pca *p, const pca *span, adamas_error *error);

void pca_clear(pca *p);

#endif
