/* Principal components in a model file. */
#ifndef REDUCE_PCA_FILE_H
#define REDUCE_PCA_FILE_H

#include "reduce/pca.h"
#include "store/store_read.h"
#include "store/store_write.h"

/* Writes p to a new group. */
adamas_status pca_save(const pca *p, store *s, const char *group, adamas_error *error);

/* Reads what pca_save wrote; freed by pca_clear. ADAMAS_E_FORMAT if an array is missing or of another shape. */
adamas_status pca_load(pca *out, store *s, const char *group, adamas_error *error);

#endif
