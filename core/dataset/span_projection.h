/* Rows as coordinates in the span of the specimens' mean spectra. */
#ifndef DATASET_SPAN_PROJECTION_H
#define DATASET_SPAN_PROJECTION_H

#include "dataset/dataset.h"
#include "pipeline/pipeline.h"
#include "reduce/pca.h"

/* Projects the cached rows of a dataset, after dataset_cache_for_method, for a cross-validation whose classifiers are
 * not kept: the cached rows become their coordinates in the span of the specimens' mean spectra. Principal components
 * are then found of that many coordinates; scores and distances are as before, but for rounding. Does nothing unless
 * preprocessed rows are cached, principal components are those of specimens, and there are at least two channels for
 * each specimen. */
adamas_status dataset_project_to_span(dataset *c, const compiled_method *compiled, const axis *library, work *w,
                                      adamas_error *error);

/* The same for a cross-validation whose classifiers are kept: a view of the dataset, which must outlive it, and the
 * axes of its coordinates. pca_expand takes what is fitted to them to channels. There is no view, and
 * view.n_coordinates is 0, if dataset_project_to_span would do nothing. */
typedef struct span_projection {
    dataset view;
    pca span;
} span_projection;
adamas_status span_projection_make(span_projection *out, dataset *c, const compiled_method *compiled,
                                   const axis *library, work *w, adamas_error *error);
void span_projection_clear(span_projection *d);

#endif
