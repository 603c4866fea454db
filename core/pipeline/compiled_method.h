/* A method text compiled against the table of steps. */
#ifndef PIPELINE_COMPILED_METHOD_H
#define PIPELINE_COMPILED_METHOD_H

#include "match/match.h"
#include "preprocess/step.h"

enum { METHOD_MAX_STEPS = 64, METHOD_NO_STEP = METHOD_MAX_STEPS };

typedef struct compiled_step {
    const step *preprocess; /* NULL for epo, pca and a matching step */
    const match *match;     /* NULL unless this is a matching step */
    step_value values[STEP_VALUES];
} compiled_step;

/* A method of known steps in an order that is allowed: crop and mask, then align, then any other preprocessing, then
 * epo, then pca, then a matching step. The public header calls it adamas_method. */
typedef struct adamas_method {
    char *text;      /* as typed */
    char *canonical; /* with every default written out */
    compiled_step steps[METHOD_MAX_STEPS];
    size_t n_preprocess; /* the first steps, which preprocess */
    size_t epo;          /* index of epo, of pca and of the matching step; METHOD_NO_STEP if there is none */
    size_t pca;
    size_t match;
} compiled_method;

/* The method that is used if none is named. */
extern const char default_method[];

/* text: NULL for the default method. ADAMAS_E_METHOD, with the column, if the text is no valid method. */
adamas_status compiled_method_make(compiled_method **out, const char *text, adamas_error *error);
void compiled_method_free(compiled_method *compiled);

/* Does the preprocessing need training spectra? Does any step? */
int compiled_method_fits_preprocessing(const compiled_method *compiled);
int compiled_method_is_fitted(const compiled_method *compiled);

#endif
