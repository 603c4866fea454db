/* The model: a method fitted to libraries. */
#ifndef TRAINING_MODEL_H
#define TRAINING_MODEL_H

#include "training/fitted_method.h"
#include "training/parcel_reference.h"

struct adamas_model {
    compiled_method *compiled_method;
    axis library; /* the first library's axis */
    fitted_method fitted;
    parcel_reference parcel_reference; /* if the model has evidence and no_parcel_reason is NULL */
    char *no_parcel_reason;            /* why parcels cannot be evaluated */
    table origins;                     /* origin, specimens, shots */
    table sources;                     /* file, sha256 */
    table facts;                       /* one row: method, method_canonical, engine, level, ... */
};

/* Facts of a model or a report: a text column of one row. */
adamas_status facts_set(table *facts, const char *name, const char *value, adamas_error *error);
const char *facts_get(const table *facts, const char *name); /* NULL if it is not set */

/* Describes a method and its libraries: file and sha256 of each library; the facts method, method_canonical, engine,
 * level, axis/medium, synthetic. */
adamas_status model_describe(table *sources, table *facts, const compiled_method *compiled,
                             const adamas_spectra *const *libraries, size_t n_libraries, int32_t level, work *w,
                             adamas_error *error);

/* ADAMAS_E_AXIS if the set's wavelengths are in another medium, air or vacuum, than the model's libraries'. */
adamas_status model_check_medium(const adamas_model *m, const adamas_spectra *set, adamas_error *error);
void model_free(adamas_model *m);

/* Completes a model that is trained or read: its parcel_reference, or no_parcel_reason. */
adamas_status model_make_parcel_reference(adamas_model *m, adamas_error *error);

/* The index of a declared origin, given by its name at the model's level or by a path within it. ADAMAS_E_DATA if no
 * library has it. */
adamas_status model_find_origin(size_t *out, const adamas_model *m, const char *declared, adamas_error *error);

#endif
