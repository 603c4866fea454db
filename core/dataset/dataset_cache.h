/* Rows of a dataset kept in memory. */
#ifndef DATASET_DATASET_CACHE_H
#define DATASET_DATASET_CACHE_H

#include "dataset/dataset.h"
#include "pipeline/pipeline.h"

/* Caches rows if they take at most DATASET_CACHE_MAX_BYTES, so that the folds of a cross-validation need not read them
 * again. whole: the pipeline of a method whose preprocessing needs no fitting: its preprocessed rows are cached, which
 * also screens the dataset (unused shots have no row); NULL: raw rows are cached. Call it before dataset_screen, which
 * then reads nothing. */
#define DATASET_CACHE_MAX_BYTES ((size_t)1 << 30)
adamas_status dataset_cache(dataset *c, const pipeline *whole, work *w, adamas_error *error);

/* The same for a method: preprocessed rows if its preprocessing needs no fitting, else raw ones. */
adamas_status dataset_cache_for_method(dataset *c, const compiled_method *compiled, const axis *library, work *w,
                                       adamas_error *error);

#endif
