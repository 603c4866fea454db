/* Cross-validation of a method: runs the folds, and puts what was found together. */
#include "validation/validate.h"

#include "base/memory.h"
#include "dataset/dataset_cache.h"
#include "dataset/scan.h"
#include "dataset/span_projection.h"
#include "evidence/typicality.h"
#include "training/model.h"
#include "validation/answers.h"
#include "validation/audit_result.h"
#include "validation/curves.h"
#include "validation/lr_performance.h"
#include "validation/open_set.h"

#include <math.h>
#include <stdlib.h>

/* The most that P(p <= eps) can be in a fold, for the origin for which it is most. */
static void find_bounds(const validation *h, size_t fold, const fitted_method *t)
{
    for (size_t i = 0; i <= COVERAGE_LEVELS; i++) {
        double eps = i < COVERAGE_LEVELS ? validation_levels[i] : h->out->specimens.epsilon, worst = 0;
        for (size_t o = 0; o < h->c->n_origins; o++)
            worst = fmax(worst, typicality_bound(eps, t->specimen_lr.specimens[o], t->cross_fit.n_folds));
        h->bound[fold * (COVERAGE_LEVELS + 1) + i] = fmin(worst, 1);
    }
}

/* Trains on the specimens outside the fold, and evaluates the fold's. */
static adamas_status leave_fold(validation *h, size_t fold, adamas_error *error)
{
    size_t n = h->c->n_specimens;
    fitted_method t = {0};
    unsigned char *training = memory_new(n, sizeof *training), *left_out = memory_new(n, sizeof *left_out);
    adamas_status status = training && left_out ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < n; k++) {
        training[k] = h->folds->fold[k] != (int)fold;
        left_out[k] = !training[k];
        h->out->folds[fold].specimens += left_out[k];
    }
    if (!status)
        status = fitted_method_make(&t, h->r, h->library, h->c, training, &h->inner_groups, h->w, error);
    if (!status) {
        h->out->folds[fold].components = t.classifier.fit.pca.n_components;
        if (t.has_evidence)
            find_bounds(h, fold, &t);
        h->why[fold] = t.no_evidence_reason;
        t.no_evidence_reason = NULL;
        status = specimen_lr_evaluate(&h->out->specimens, NULL, &t.classifier, &t.cross_fit,
                                      t.has_evidence ? &t.specimen_lr : NULL, h->c, left_out, h->w, error);
    }
    fitted_method_clear(&t);
    free(training);
    free(left_out);
    return status;
}

/* Items are the folds, and then the origins that are left out of the library. */
static adamas_status leave_out(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    validation *h = context;
    size_t n_folds = h->folds->n_folds, n_items = n_folds + (h->open_set ? h->c->n_origins : 0);
    adamas_status status = work_progress(h->w, "validating", item, n_items, error);
    if (status)
        return status;
    return item < n_folds ? leave_fold(h, item, error) : open_set_leave_origin(h, item - n_folds, error);
}

/* Evidence of some specimens alone would be told of the easy ones. */
static int has_evidence(const specimen_results *v)
{
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k) && isnan(v->typicality[k * v->n_origins]))
            return 0;
    return 1;
}

/* With one fold's specimens gone an origin must still be rejectable. */
static void find_rejectable(validation *h)
{
    specimen_results *v = &h->out->specimens;
    for (size_t o = 0; o < h->c->n_origins; o++) {
        size_t fewest = SIZE_MAX;
        for (size_t fold = 0; fold < h->folds->n_folds; fold++) {
            size_t left = 0;
            for (size_t k = 0; k < h->c->n_specimens; k++)
                left += h->c->origin[k] == o && h->folds->fold[k] != (int)fold;
            fewest = left < fewest ? left : fewest;
        }
        v->rejectable[o] = fewest >= typicality_min_specimens(v->epsilon);
    }
}

static adamas_status reserve(validation *h, adamas_error *error)
{
    static const adamas_question question = ADAMAS_QUESTION_INIT;
    size_t n_folds = h->folds->n_folds, n_origins = h->c->n_origins;
    h->out->folds = memory_new(n_folds, sizeof *h->out->folds);
    h->bound = memory_new(n_folds, (COVERAGE_LEVELS + 1) * sizeof *h->bound);
    h->why = memory_new(n_folds, sizeof *h->why);
    if (n_origins > 2)
        h->open_set = memory_new(n_origins, sizeof *h->open_set);
    if (!h->out->folds || !h->bound || !h->why || (!h->open_set && n_origins > 2))
        return status_no_memory(error);
    adamas_status status = specimen_results_make(&h->out->specimens, h->c->n_specimens, n_origins, error);
    h->out->specimens.epsilon = question.epsilon;
    return status;
}

static void release(validation *h)
{
    for (size_t fold = 0; h->why && fold < h->folds->n_folds; fold++)
        free(h->why[fold]);
    for (size_t o = 0; h->open_set && o < h->c->n_origins; o++)
        specimen_results_clear(&h->open_set[o]);
    free(h->bound);
    free(h->why);
    free(h->open_set);
}

/* Why there is no evidence: the first fold's reason. */
static void take_reason(validation *h)
{
    for (size_t fold = 0; fold < h->folds->n_folds && !h->out->no_evidence; fold++) {
        h->out->no_evidence = h->why[fold];
        h->why[fold] = NULL;
    }
}

static adamas_status evaluate_evidence(validation *h, adamas_error *error)
{
    h->out->by_locality = h->inner_groups.by_locality;
    adamas_status status = validation_lr_performance(h, error);
    if (!status)
        status = validation_find_curves(h, error);
    return status || !h->open_set ? status : open_set_count(h, error);
}

static adamas_status run(validation *h, adamas_error *error)
{
    adamas_status status = reserve(h, error);
    size_t n_items = h->folds->n_folds + (h->open_set ? h->c->n_origins : 0);
    if (!status)
        status = folds_each(h->w, h->c, h->library, n_items, leave_out, h, error);
    if (!status)
        status = work_progress(h->w, "validating", n_items, n_items, error);
    if (!status) {
        h->out->specimens.has_evidence = has_evidence(&h->out->specimens);
        find_rejectable(h);
        status = validation_answers(h, error);
    }
    if (!status && h->out->specimens.has_evidence)
        status = evaluate_evidence(h, error);
    else if (!status)
        take_reason(h);
    if (!status)
        status = validation_audit(h, error);
    release(h);
    return status;
}

static adamas_status check_request(const compiled_method *r, size_t n_libraries, const adamas_protocol *protocol,
                                   adamas_error *error)
{
    if (n_libraries == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "no reference library is given");
    if (protocol->level < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "level is %d, 1 or more expected", (int)protocol->level);
    if (r->match == METHOD_NO_STEP)
        return status_set(error, ADAMAS_E_METHOD,
                          "the method ends before a matching step (twolevel, lda): nothing to validate");
    return ADAMAS_OK;
}

/* The method and the libraries, as every report has them. */
static adamas_status describe(validation_result *out, const compiled_method *r, const adamas_spectra *const *libraries,
                              size_t n_libraries, int32_t level, work *w, adamas_error *error)
{
    table sources = {0}, facts = {0};
    adamas_status status = model_describe(&sources, &facts, r, libraries, n_libraries, level, w, error);
    if (!status)
        status = model_description_make(&out->model, &facts, &sources, error);
    table_clear(&sources);
    table_clear(&facts);
    return status;
}

adamas_status model_validate(validation_result *out, const compiled_method *r, const adamas_spectra *const *libraries,
                             size_t n_libraries, const adamas_protocol *asked, work *w, adamas_error *error)
{
    *out = (validation_result){.seed = w->seed};
    adamas_protocol protocol = *asked;
    int has_localities = 0;
    dataset c = {0};
    folds f = {0};
    adamas_status status = check_request(r, n_libraries, &protocol, error);
    if (!status)
        status = describe(out, r, libraries, n_libraries, protocol.level, w, error);
    if (!status)
        status = dataset_make(&c, libraries, n_libraries, protocol.level, error);
    if (!status)
        status = dataset_cache_for_method(&c, r, &libraries[0]->axis, w, error);
    if (!status)
        status = dataset_screen(&c, w, error);
    if (!status)
        status = cross_fit_has_localities(&has_localities, &c, error);
    if (protocol.leave == ADAMAS_LEAVE_AUTO)
        protocol.leave = has_localities ? ADAMAS_LEAVE_LOCALITY : ADAMAS_LEAVE_FOLDS;
    out->leave = protocol.leave;
    if (!status)
        status = folds_of_protocol(&f, &c, &protocol, w->seed, error);
    if (!status)
        status = text_list_copy(&out->fold_names, f.n_folds, (const char *const *)f.names, error);
    if (!status)
        status = dataset_project_to_span(&c, r, &libraries[0]->axis, w, error);
    validation h = {
        .out = out, .r = r, .library = n_libraries ? &libraries[0]->axis : NULL, .c = &c, .folds = &f, .w = w};
    h.inner_groups = (inner_groups){f.group, has_localities && protocol.leave == ADAMAS_LEAVE_LOCALITY};
    if (!status)
        status = run(&h, error);
    folds_clear(&f);
    dataset_clear(&c);
    if (status)
        validation_result_clear(out);
    return status;
}
