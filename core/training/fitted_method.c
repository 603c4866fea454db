/* Fitting a compiled method to training specimens, with inner folds for whatever is chosen or calibrated. */
#include "training/fitted_method.h"

#include "base/memory.h"
#include "dataset/span_projection.h"

#include <stdlib.h>

/* Data that do not suffice for evidence are no failure: the model then classifies without it and states the reason. */
static adamas_status continue_without_evidence(fitted_method *fitted, adamas_status status, const adamas_error *found,
                                               adamas_error *error)
{
    if (status != ADAMAS_E_DATA && status != ADAMAS_E_METHOD) {
        if (error)
            *error = *found;
        return status;
    }
    cross_fit_clear(&fitted->cross_fit);
    free(fitted->no_evidence_reason);
    fitted->no_evidence_reason = memory_text(found->message);
    return fitted->no_evidence_reason ? ADAMAS_OK : status_no_memory(error);
}

adamas_status fitted_method_calibrate(fitted_method *fitted, adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = specimen_lr_make(&fitted->specimen_lr, &fitted->cross_fit, &found);
    fitted->has_evidence = !status;
    return status ? continue_without_evidence(fitted, status, &found, error) : ADAMAS_OK;
}

static adamas_status cross_fit_and_calibrate(fitted_method *fitted, const compiled_method *compiled,
                                             const axis *library, dataset *c, const unsigned char *training,
                                             const inner_groups *g, const pca *span, work *w, adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = cross_fit_make(&fitted->cross_fit, compiled, library, c, training, g->group, g->by_locality,
                                          fitted->choice.chosen, span, w, &found);
    return status ? continue_without_evidence(fitted, status, &found, error) : fitted_method_calibrate(fitted, error);
}

adamas_status fitted_method_make(fitted_method *out, const compiled_method *compiled, const axis *library, dataset *c,
                                 const unsigned char *training, const inner_groups *g, work *w, adamas_error *error)
{
    *out = (fitted_method){.choice.chosen.components = PCA_MAX_COMPONENTS};
    if (compiled->match == METHOD_NO_STEP) {
        row_cache rows_cache = {0};
        adamas_status fitted =
            fit_make(&out->classifier.fit, compiled, library, c, training, out->choice.chosen, &rows_cache, w, error);
        row_cache_clear(&rows_cache);
        return fitted;
    }
    span_projection projected;
    adamas_status status = span_projection_make(&projected, c, compiled, library, w, error);
    const pca *span = projected.view.n_coordinates ? &projected.span : NULL;
    dataset *rows = span ? &projected.view : c;
    if (!status)
        status = components_choose(&out->choice, compiled, library, rows, training, g->group, w, error);
    if (!status)
        status = classifier_make(&out->classifier, NULL, compiled, library, rows, span, training, training,
                                 out->choice.chosen, w, error);
    if (!status)
        status = cross_fit_and_calibrate(out, compiled, library, rows, training, g, span, w, error);
    span_projection_clear(&projected);
    if (status)
        fitted_method_clear(out);
    return status;
}

void fitted_method_clear(fitted_method *fitted)
{
    classifier_clear(&fitted->classifier);
    cross_fit_clear(&fitted->cross_fit);
    specimen_lr_clear(&fitted->specimen_lr);
    free(fitted->no_evidence_reason);
    *fitted = (fitted_method){0};
}
