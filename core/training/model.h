/* The model: a method fitted to libraries. */
#ifndef TRAINING_MODEL_H
#define TRAINING_MODEL_H

#include "classification/parcel.h"
#include "training/fitted_method.h"

struct adamas_model {
    compiled_method *compiled_method;
    axis library; /* the first library's axis */
    fitted_method fitted;
    parcel_reference parcel_reference; /* where the model has evidence, and no_parcel_reason is NULL */
    char *no_parcel_reason;            /* why parcels cannot be weighed */
    table origins;                     /* origin, specimens, shots */
    table sources;                     /* file, sha256 */
    table facts;                       /* one row: method, method_canonical, engine, level, ... */
};

/* Facts of a model or a report: a text column of one row. */
adamas_status facts_set(table *facts, const char *name, const char *value, adamas_error *error);
const char *facts_get(const table *facts, const char *name); /* NULL where it is not there */

/* train.c */
adamas_status model_train(adamas_model **out, const compiled_method *r, const adamas_spectra *const *libraries,
                          size_t n_libraries, int32_t level, work *w, adamas_error *error);
/* What model_train and model_validate say of their libraries: file and sha256 of each; the facts method,
 * method_canonical, engine, level, axis/medium, synthetic. */
adamas_status model_describe(table *sources, table *facts, const compiled_method *r,
                             const adamas_spectra *const *libraries, size_t n_libraries, int32_t level, work *w,
                             adamas_error *error);

/* Air or vacuum: a set that says another medium than the model's libraries is refused. */
adamas_status model_check_medium(const adamas_model *m, const adamas_spectra *set, adamas_error *error);
void model_free(adamas_model *m);

/* Last, when a model is trained or read: the ground for parcels, or why there is none. */
adamas_status model_make_parcel_reference(adamas_model *m, adamas_error *error);

/* The place of an origin that is declared, by its name at the model's level or a path within it. ADAMAS_E_DATA. */
adamas_status model_find_origin(size_t *out, const adamas_model *m, const char *declared, adamas_error *error);

/* model_file.c */
adamas_status model_read(adamas_model **out, const char *path, adamas_error *error);
adamas_status model_write(const adamas_model *m, const char *path, adamas_error *error);
extern const char model_attribute[]; /* of the root of a model's file: the version of its form */

/* preprocessed.c */
adamas_status model_preprocess(adamas_spectra **out, const adamas_model *m, const adamas_spectra *in, work *w,
                               adamas_error *error);

#endif
