/* The table of steps, and a method text compiled against it. */
#ifndef MODEL_STEPS_H
#define MODEL_STEPS_H

#include "match/match.h"
#include "preprocess/step.h"

enum { RECIPE_STEPS = 64, RECIPE_NONE = RECIPE_STEPS };

typedef struct recipe_step {
    const step *preprocess; /* NULL for pca and for a matching step */
    const match *match;     /* NULL but for a matching step */
    step_value values[STEP_VALUES];
} recipe_step;

/* A method whose every step is known and stands where it may: crop and mask, then align, then any other preprocessing,
 * then pca, then a matching step. It is what the public header calls adamas_method. */
typedef struct adamas_method {
    char *text;      /* as typed */
    char *canonical; /* with every default written out */
    recipe_step steps[RECIPE_STEPS];
    size_t n_preprocess; /* the first so many steps */
    size_t pca;          /* the place of pca, and of the matching step; RECIPE_NONE where there is none */
    size_t match;
} recipe;

/* The method that is used where none is named. */
extern const char default_method[];

/* NULL text: the default method. */
adamas_status recipe_make(recipe **out, const char *text, adamas_error *error);
void recipe_free(recipe *r);

/* Does preprocessing need training spectra? And any step? */
int recipe_fits_preprocessing(const recipe *r);
int recipe_is_fitted(const recipe *r);

/* The table, for help: fills usage with "snip(max_half_window=40)", returns what the step does; NULL past the last. */
const char *steps_describe(size_t index, char usage[256]);

#endif
