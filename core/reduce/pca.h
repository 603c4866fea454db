/* Principal components: the eigenvectors of whichever of the two Gram matrices is smaller, n x n or p x p; of many rows
 * neither is formed (reduce/krylov_pca.h), and the variance that is captured falls short of the most that could be by
 * no more than 1e-6 of all.
 *
 * Rows come in blocks. With more rows than channels only the p x p matrix is kept; with fewer, the rows themselves,
 * which are then fewer than p: so memory is bounded by the number of channels, never by the number of rows. */
#ifndef REDUCE_PCA_H
#define REDUCE_PCA_H

#include "base/work.h"
#include "method/parameter.h"
#include "reduce/projection.h"
#include "store/store_read.h"
#include "store/store_write.h"

/* Its place in a method text: pca(components=auto, of=specimens). */
enum { PCA_PARAMETERS = 2, PCA_MAX_COMPONENTS = 512 };
extern const step_parameter pca_parameters[PCA_PARAMETERS];
extern const char pca_summary[];

typedef struct pca {
    size_t n_channels;
    size_t n_components;
    size_t n_rows;         /* that it was fitted to */
    double *mean;          /* [n_channels] */
    float *components;     /* [n_components, n_channels]: orthonormal rows; the entry largest in size is positive */
    double *variance;      /* [n_components]: explained variance, divisor n_rows - 1, falling */
    double total_variance; /* of all components */
} pca;

typedef struct pca_accumulator pca_accumulator;

/* For at most max_rows rows of n_channels. */
adamas_status pca_accumulator_make(pca_accumulator **out, size_t max_rows, size_t n_channels, adamas_error *error);
adamas_status pca_accumulator_add(pca_accumulator *sum, size_t n, const float *rows, work *w, adamas_error *error);

/* What rows wait for their products is done when so many wait, by the one thread that adds the next row where that is
 * within a work_each; or here, by all threads. */
enum { PCA_BATCH_ROWS = 2048 };
adamas_status pca_accumulator_flush(pca_accumulator *sum, work *w, adamas_error *error);

/* Fits at most max_components: fewer where the rows have a lower rank. ADAMAS_E_DATA where that is 0. Frees nothing. */
adamas_status pca_fit(pca *out, pca_accumulator *sum, size_t max_components, work *w, adamas_error *error);
void pca_accumulator_free(pca_accumulator *sum);

/* Scores of n rows (at most PCA_MAX_ROWS) on the first n_components: scores[n, n_components]. scratch: pca_scratch
 * floats. A row's scores do not depend on its company. */
enum { PCA_MAX_ROWS = PROJECTION_ROWS };
size_t pca_scratch(const pca *p);
void pca_scores(const pca *p, size_t n_components, size_t n, const float *rows, double *scores, float *scratch);

/* The squared distance of a row from the plane of all components, by its scores on all of them. */
double pca_residual(const pca *p, const float *row, const double *score);

/* Of components fitted to scores on all components of `span`: the same in its channels. A component whose sign changes
 * by that is turned in p, too, so that scores on either are alike. */
adamas_status pca_expand(pca *out, pca *p, const pca *span, adamas_error *error);

adamas_status pca_save(const pca *p, store *s, const char *group, adamas_error *error);
adamas_status pca_load(pca *out, store *s, const char *group, adamas_error *error);
void pca_clear(pca *p);

#endif
