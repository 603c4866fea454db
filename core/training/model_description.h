/* What every report says of the model or the method: the method's text, the engine, the reference libraries. */
#ifndef TRAINING_MODEL_DESCRIPTION_H
#define TRAINING_MODEL_DESCRIPTION_H

#include "base/table.h"
#include "base/text_list.h"

typedef struct model_description {
    char *method;             /* as it was typed */
    char *method_canonical;   /* with every default written out */
    char *engine;             /* version */
    size_t level;             /* parts of an origin's path that are told apart */
    int has_components;       /* 0 for a validation: each fold has its own number */
    size_t components;        /* principal components */
    char *components_chosen;  /* how their number was chosen; NULL: it is given by the method */
    char *axis_medium;        /* "air" or "vacuum"; NULL: not known */
    int is_synthetic;         /* some spectra were computed, not measured */
    text_list library_files;  /* file names */
    text_list library_sha256; /* [library_files.n], hexadecimal digests of the files */
} model_description;

/* From a model's facts and sources (training/model.h). */
adamas_status model_description_make(model_description *out, const table *facts, const table *sources,
                                     adamas_error *error);
void model_description_clear(model_description *d);

#endif
