/* Fitting a compiled_method to training specimens, and the scores of specimens in the plane that it finds. */
#ifndef TRAINING_FIT_H
#define TRAINING_FIT_H

#include "dataset/dataset.h"
#include "reduce/pca.h"

/* Preprocessing and principal components, fitted. */
typedef struct fit {
    const compiled_method *compiled_method;
    pipeline pipeline;
    pca pca; /* nothing where the compiled_method has none */
} fit;

/* Before a cross-validation: keeps rows in memory where they are not too many; preprocessed ones where preprocessing
 * needs no fitting, so that all folds share them. */
adamas_status dataset_cache_for_method(dataset *c, const compiled_method *r, const axis *library, work *w,
                                       adamas_error *error);

/* After dataset_cache_for_method, before a cross-validation whose classifiers are not kept: where components are those
 * of specimens and the specimens are fewer than the channels, cached rows become their coordinates in the span of the
 * specimens' mean spectra. Components are then of so many coordinates; scores and distances are as before, but for
 * rounding. */
adamas_status dataset_project_to_span(dataset *c, const compiled_method *r, const axis *library, work *w,
                                      adamas_error *error);

/* The same for a cross-validation whose classifiers are kept, where preprocessed rows are cached: a view of the
 * dataset, which must outlive it, and what its coordinates are along. What is fitted to these pca_expand takes to
 * channels. view.n_coordinates is 0, and there is no view, where dataset_project_to_span would have done nothing. */
typedef struct span_projection {
    dataset view;
    pca span;
} span_projection;
adamas_status span_projection_make(span_projection *out, const dataset *c, const compiled_method *r,
                                   const axis *library, work *w, adamas_error *error);
void span_projection_clear(span_projection *d);

/* work_each over folds that each fit anew: side by side where the Gram matrices of all threads together take no more
 * than FOLDS_MAX_GRAM_BYTES bytes, else one after the other, each on all threads. */
#define FOLDS_MAX_GRAM_BYTES ((size_t)1 << 30)
adamas_status folds_each(work *w, const dataset *c, const axis *library, size_t n_folds, work_item each, void *context,
                         adamas_error *error);

/* Fits to the shots of the training specimens (training[] not 0) alone. library: the axis that raw rows are put on.
 * max_components is used where the compiled_method says auto. rows: all zero, and becomes what specimen_scores_make on
 * the same dataset need not compute again; the caller clears it. */
adamas_status fit_make(fit *out, const compiled_method *r, const axis *library, dataset *c,
                       const unsigned char *training, size_t max_components, row_cache *rows, work *w,
                       adamas_error *error);
void fit_clear(fit *f);

/* The mean scores of specimens, how far off the plane their mean spectra lie, and of training specimens the spread of
 * their shots. */
typedef struct specimen_scores {
    size_t n_specimens, n_components;
    double *mean; /* [n_specimens, n_components] */
    double
        *residual; /* [n_specimens]: squared distance of the mean spectrum from the plane of all the fit's components */
    double *spectrum; /* [n_channels] mean over the scored specimens of their mean spectra, after preprocessing */
    size_t *shots;    /* [n_specimens] shots in the mean: 0 where none is of use or it was not asked for */
    size_t *unusable; /* [n_specimens] shots of which preprocessing left nothing */
    double *within;   /* [n_components, n_components]: as in match_data */
    double *within_squares;
    double within_total; /* sum over the same shots of the squared distance from their specimen's mean, all channels */
    size_t within_freedom;
} specimen_scores;

/* Scores of the specimens with include[] not 0 (NULL: all) under fits of one compiled_method: out[n_fits].
 * Those with training[] not 0 (NULL: none) make `within` of the first. rows: of fit_make on the same dataset, or
 * NULL. On failure nothing is left in out. */
adamas_status specimen_scores_make(specimen_scores *out, const fit *const *fits, size_t n_fits, dataset *c,
                                   const unsigned char *include, const unsigned char *training, row_cache *rows,
                                   work *w, adamas_error *error);
void specimen_scores_clear(specimen_scores *s);

/* Fits the compiled_method's matching step to the first n_components scores of the training specimens that have shots.
 * Origins that no such specimen has are ADAMAS_E_DATA. */
adamas_status match_step_fit(void **state, const compiled_method *r, const specimen_scores *s, const dataset *c,
                             const unsigned char *training, size_t n_components, adamas_error *error);

/* Log densities and log probabilities of one specimen: each [n_origins]. */
adamas_status match_step_densities(const compiled_method *r, const void *match_state, size_t n_origins,
                                   size_t n_components, const double *mean, size_t n_shots, double *log_density,
                                   double *log_probability, adamas_error *error);

#endif
