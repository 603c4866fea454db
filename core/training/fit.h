/* The preprocessing and the principal components of a compiled method, fitted to training specimens. */
#ifndef TRAINING_FIT_H
#define TRAINING_FIT_H

#include "dataset/row_cache.h"
#include "pipeline/pipeline.h"
#include "reduce/pca.h"

/* How far spectra are reduced if the method says auto. */
typedef struct reduction {
    size_t components; /* of pca, at most */
    size_t directions; /* that epo removes, at most */
} reduction;

typedef struct fit {
    const compiled_method *compiled_method;
    pipeline pipeline;
    pca pca; /* all zero if the method has none */
} fit;

/* Fits to the shots of the training specimens (training[] not 0) alone. library: raw rows are resampled to this axis.
 rows: all zero, and becomes a cache for
 * specimen_scores_make on the same dataset; the caller clears it. */
adamas_status fit_make(fit *out, const compiled_method *compiled, const axis *library, dataset *c,
                       const unsigned char *training, reduction most, row_cache *rows, work *w, adamas_error *error);
void fit_clear(fit *f);

#endif
