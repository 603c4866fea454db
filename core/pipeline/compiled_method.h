/* The table of steps, and a method text compiled against it. */
#ifndef PIPELINE_COMPILED_METHOD_H
#define PIPELINE_COMPILED_METHOD_H

#include "match/match.h"
#include "preprocess/step.h"

enum { METHOD_MAX_STEPS = 64, METHOD_NO_STEP = METHOD_MAX_STEPS };

typedef struct compiled_step {
    const step *preprocess; /* NULL for pca and for a matching step */
    const match *match;     /* NULL but for a matching step */
    step_value values[STEP_VALUES];
} compiled_step;

/* A method whose every step is known and stands where it may: crop and mask, then align, then any other preprocessing,
 * then pca, then a matching step. It is what the public header calls adamas_method. */
typedef struct adamas_method {
    char *text;      /* as typed */
    char *canonical; /* with every default written out */
    compiled_step steps[METHOD_MAX_STEPS];
    size_t n_preprocess; /* the first so many steps */
    size_t pca;          /* the place of pca, and of the matching step; METHOD_NO_STEP where there is none */
    size_t match;
} compiled_method;

/* The method that is used where none is named. */
extern const char default_method[];

/* NULL text: the default method. */
adamas_status compiled_method_make(compiled_method **out, const char *text, adamas_error *error);
void compiled_method_free(compiled_method *r);

/* Does preprocessing need training spectra? And any step? */
int compiled_method_fits_preprocessing(const compiled_method *r);
int compiled_method_is_fitted(const compiled_method *r);

/* The table, for help: fills usage with "snip(max_half_window=40)", returns what the step does; NULL past the last. */
const char *step_table_describe(size_t index, char usage[256]);

#endif
