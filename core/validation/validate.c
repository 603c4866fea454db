/* Cross-validation of a method: runs the folds, and puts what was found together. */
#include "validation/validate.h"

#include "base/memory.h"
#include "dataset/dataset_cache.h"
#include "dataset/protocol_folds.h"
#include "dataset/scan.h"
#include "dataset/span_projection.h"
#include "evidence/typicality.h"
#include "training/model.h"
#include "validation/answers.h"
#include "validation/audit_result.h"
#include "validation/cases.h"
#include "validation/curves.h"
#include "validation/lr_performance.h"
#include "validation/open_set.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
        left_out[k] = h->folds->fold[k] == (int)fold;
        h->out->folds[fold].specimens += left_out[k];
    }
    if (!status) {
        folds_training(h->folds, NULL, fold, training);
        status = fitted_method_make(&t, h->r, h->library, h->c, training, &h->inner_groups, h->w, error);
    }
    if (!status) {
        h->out->folds[fold].components = t.classifier.fit.pca.n_components;
        h->out->folds[fold].by_session = cross_fit_holds_out_sessions(&t.cross_fit);
        if (t.has_evidence)
            find_bounds(h, fold, &t);
        h->why[fold] = t.no_evidence_reason;
        t.no_evidence_reason = NULL;
        status = specimen_lr_evaluate(&h->out->specimens, NULL, &t.classifier, &t.cross_fit,
                                      t.has_evidence ? &t.specimen_lr : NULL, h->c, left_out, h->w, error);
    }
    if (!status && h->cases)
        status = validation_cases_evaluate(h, fold, &t, error);
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

/* From the training specimens of any one fold an origin must still be rejectable. */
static adamas_status find_rejectable(validation *h, adamas_error *error)
{
    specimen_results *v = &h->out->specimens;
    unsigned char *training = memory_raw(h->c->n_specimens, sizeof *training);
    size_t *left = memory_raw(h->c->n_origins, sizeof *left);
    adamas_status status = training && left ? ADAMAS_OK : status_no_memory(error);
    if (!status)
        memset(v->rejectable, 1, h->c->n_origins * sizeof *v->rejectable);
    for (size_t fold = 0; !status && fold < h->folds->n_folds; fold++) {
        folds_training(h->folds, NULL, fold, training);
        memset(left, 0, h->c->n_origins * sizeof *left);
        for (size_t k = 0; k < h->c->n_specimens; k++)
            left[h->c->origin[k]] += training[k];
        for (size_t o = 0; o < h->c->n_origins; o++)
            v->rejectable[o] &= left[o] >= typicality_min_specimens(v->epsilon);
    }
    free(training);
    free(left);
    return status;
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
    if (status || !h->folds->n_session_parts)
        return status;
    h->cases = memory_new(CROSSED_CASES, sizeof *h->cases);
    status = h->cases ? ADAMAS_OK : status_no_memory(error);
    for (int which = CROSSED_BOTH_NEW + 1; !status && which < CROSSED_CASES; which++)
        status = specimen_results_make(&h->cases[which], h->c->n_specimens, n_origins, error);
    return status;
}

static void release(validation *h)
{
    for (size_t fold = 0; h->why && fold < h->folds->n_folds; fold++)
        free(h->why[fold]);
    for (size_t o = 0; h->open_set && o < h->c->n_origins; o++)
        specimen_results_clear(&h->open_set[o]);
    for (int which = 0; h->cases && which < CROSSED_CASES; which++)
        specimen_results_clear(&h->cases[which]);
    free(h->bound);
    free(h->why);
    free(h->open_set);
    free(h->cases);
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
    h->out->by_session = 1;
    for (size_t fold = 0; fold < h->folds->n_folds; fold++)
        h->out->by_session &= h->out->folds[fold].by_session;
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
        status = find_rejectable(h, error);
    if (!status) {
        h->out->specimens.has_evidence = specimen_results_have_typicality(&h->out->specimens);
        status = validation_answers(h, error);
    }
    if (!status && h->cases)
        status = validation_cases_summarise(h, error);
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

/* ADAMAS_LEAVE_AUTO leaves out what is most like the next parcel, as far as the libraries allow it. */
static adamas_status choose_folds(folds *f, adamas_protocol *protocol, const dataset *c, int has_localities,
                                  uint64_t seed, adamas_error *error)
{
    if (protocol->leave == ADAMAS_LEAVE_AUTO && has_localities) {
        adamas_error found = {0};
        protocol->leave = ADAMAS_LEAVE_LOCALITY_SESSION;
        adamas_status status = folds_of_protocol(f, c, protocol, seed, &found);
        if (status != ADAMAS_E_DATA) {
            if (status && error)
                *error = found;
            return status;
        }
        protocol->leave = ADAMAS_LEAVE_LOCALITY;
    } else if (protocol->leave == ADAMAS_LEAVE_AUTO) {
        protocol->leave = ADAMAS_LEAVE_FOLDS;
    }
    return folds_of_protocol(f, c, protocol, seed, error);
}

/* What is new in the specimens of a fold to what is fitted without it. */
static adamas_status find_what_is_new(validation_result *out, const folds *f, const dataset *c, adamas_error *error)
{
    adamas_status status = folds_leave_all_of(&out->new_localities, f, c->locality, c->n_localities, error);
    return status ? status : folds_leave_all_of(&out->new_sessions, f, c->session, c->n_sessions, error);
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
    if (!status)
        status = choose_folds(&f, &protocol, &c, has_localities, w->seed, error);
    if (!status)
        status = find_what_is_new(out, &f, &c, error);
    out->leave = protocol.leave;
    if (!status)
        status = text_list_copy(&out->fold_names, f.n_folds, (const char *const *)f.names, error);
    if (!status)
        status = dataset_project_to_span(&c, r, &libraries[0]->axis, w, error);
    validation h = {
        .out = out, .r = r, .library = n_libraries ? &libraries[0]->axis : NULL, .c = &c, .folds = &f, .w = w};
    int leaves_localities = protocol.leave == ADAMAS_LEAVE_LOCALITY || protocol.leave == ADAMAS_LEAVE_LOCALITY_SESSION;
    h.inner_groups = (inner_groups){f.group, has_localities && leaves_localities};
    if (!status)
        status = run(&h, error);
    folds_clear(&f);
    dataset_clear(&c);
    if (status)
        validation_result_clear(out);
    return status;
}
