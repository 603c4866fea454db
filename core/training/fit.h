/* The preprocessing and the principal components of a compiled method, fitted to training specimens. */
#ifndef TRAINING_FIT_H
#define TRAINING_FIT_H

#include "dataset/row_cache.h"
#include "pipeline/pipeline.h"
#include "reduce/pca.h"

typedef struct fit {
    const compiled_method *compiled_method;
    pipeline pipeline;
    pca pca; /* all zero if the method has none */
} fit;

/* Fits to the shots of the training specimens (training[] not 0) alone. library: raw rows are resampled to this axis.
 * max_components: the number of components if the method says auto. rows: all zero, and becomes a cache for
 * specimen_scores_make on the same dataset; the caller clears it. */
adamas_status fit_make(fit *out, const compiled_method *compiled, const axis *library, dataset *c,
                       const unsigned char *training, size_t max_components, row_cache *rows, work *w,
                       adamas_error *error);
void fit_clear(fit *f);

#endif
