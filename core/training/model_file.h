/* A model as a file: HDF5, the schema is in docs/files.md. */
#ifndef TRAINING_MODEL_FILE_H
#define TRAINING_MODEL_FILE_H

#include "training/model.h"

adamas_status model_read(adamas_model **out, const char *path, adamas_error *error);
adamas_status model_write(const adamas_model *m, const char *path, adamas_error *error);
extern const char model_attribute[]; /* of the file's root: the version of the schema */

#endif
