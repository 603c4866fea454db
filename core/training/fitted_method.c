#include "training/fitted_method.h"

#include "base/memory.h"

#include <stdlib.h>

/* What the data do not hold is no failure: the model then classifiers without evidence, and says why. */
static adamas_status do_without(fitted_method *t, adamas_status status, const adamas_error *found, adamas_error *error)
{
    if (status != ADAMAS_E_DATA && status != ADAMAS_E_METHOD) {
        if (error)
            *error = *found;
        return status;
    }
    cross_fit_clear(&t->cross_fit);
    free(t->no_evidence_reason);
    t->no_evidence_reason = memory_text(found->message);
    return t->no_evidence_reason ? ADAMAS_OK : status_no_memory(error);
}

adamas_status fitted_method_calibrate(fitted_method *t, adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = specimen_lr_make(&t->specimen_lr, &t->cross_fit, &found);
    t->has_evidence = !status;
    return status ? do_without(t, status, &found, error) : ADAMAS_OK;
}

static adamas_status hold_out(fitted_method *t, const compiled_method *r, const axis *library, dataset *c,
                              const unsigned char *training, const inner_groups *g, const pca *span, work *w,
                              adamas_error *error)
{
    adamas_error found = {0};
    adamas_status status = cross_fit_make(&t->cross_fit, r, library, c, training, g->group, g->by_locality,
                                          t->choice.chosen, span, w, &found);
    return status ? do_without(t, status, &found, error) : fitted_method_calibrate(t, error);
}

adamas_status fitted_method_make(fitted_method *out, const compiled_method *r, const axis *library, dataset *c,
                                 const unsigned char *training, const inner_groups *g, work *w, adamas_error *error)
{
    *out = (fitted_method){.choice.chosen = PCA_MAX_COMPONENTS};
    if (r->match == METHOD_NO_STEP) {
        row_cache known = {0};
        adamas_status fitted =
            fit_make(&out->classifier.fit, r, library, c, training, out->choice.chosen, &known, w, error);
        row_cache_clear(&known);
        return fitted;
    }
    span_projection few;
    adamas_status status = span_projection_make(&few, c, r, library, w, error);
    const pca *span = few.view.n_coordinates ? &few.span : NULL;
    dataset *rows = span ? &few.view : c;
    if (!status)
        status = components_choose(&out->choice, r, library, rows, training, g->group, w, error);
    if (!status)
        status = classifier_make(&out->classifier, NULL, r, library, rows, span, training, training, out->choice.chosen,
                                 w, error);
    if (!status)
        status = hold_out(out, r, library, rows, training, g, span, w, error);
    span_projection_clear(&few);
    if (status)
        fitted_method_clear(out);
    return status;
}

void fitted_method_clear(fitted_method *t)
{
    classifier_clear(&t->classifier);
    cross_fit_clear(&t->cross_fit);
    specimen_lr_clear(&t->specimen_lr);
    free(t->no_evidence_reason);
    *t = (fitted_method){0};
}
