#include "training/model.h"

#include "base/memory.h"
#include "evidence/typicality.h"
#include "validation/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The most that P(p <= eps) can be in a fold, for the origin for which it is most. */
static void find_bounds(const validation *h, size_t fold, const fitted_method *t)
{
    for (size_t i = 0; i <= VALIDATION_LEVELS; i++) {
        double eps = i < VALIDATION_LEVELS ? validation_levels[i] : h->epsilon, worst = 0;
        for (size_t o = 0; o < h->c->n_origins; o++)
            worst = fmax(worst, typicality_bound(eps, t->specimen_lr.specimens[o], t->cross_fit.n_folds));
        h->bound[fold * (VALIDATION_LEVELS + 1) + i] = fmin(worst, 1);
    }
}

/* Learns from the specimens outside the fold, and classifiers the fold's. */
static adamas_status leave_fold(validation *h, size_t fold, adamas_error *error)
{
    size_t n = h->c->n_specimens;
    fitted_method t = {0};
    unsigned char *training = memory_new(n, sizeof *training), *left_out = memory_new(n, sizeof *left_out);
    adamas_status status = training && left_out ? ADAMAS_OK : status_no_memory(error);
    for (size_t k = 0; !status && k < n; k++) {
        training[k] = h->folds->fold[k] != (int)fold;
        left_out[k] = !training[k];
        h->specimens[fold] += left_out[k];
    }
    if (!status)
        status = fitted_method_make(&t, h->r, h->library, h->c, training, &h->inner_groups, h->w, error);
    if (!status) {
        h->components[fold] = (double)t.classifier.fit.pca.n_components;
        if (t.has_evidence)
            find_bounds(h, fold, &t);
        h->why[fold] = t.no_evidence_reason;
        t.no_evidence_reason = NULL;
        status = specimen_lr_evaluate(&h->v, &t.classifier, &t.cross_fit, t.has_evidence ? &t.specimen_lr : NULL, h->c,
                                      left_out, h->w, error);
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
    size_t n_folds = h->folds->n_folds, n_items = n_folds + (h->strangers ? h->c->n_origins : 0);
    adamas_status status = work_progress(h->w, "validating", item, n_items, error);
    if (status)
        return status;
    return item < n_folds ? leave_fold(h, item, error) : validation_leave_origin(h, item - n_folds, error);
}

static adamas_status put_folds(result *out, const validation *h, int32_t leave, adamas_error *error)
{
    const folds *f = h->folds;
    table *t = &out->tables[ADAMAS_FOLDS];
    adamas_status status = table_set_text(t, "left_out", f->n_folds, (const char *const *)f->names, error);
    if (!status)
        status = table_set_numbers(t, "specimens", f->n_folds, h->specimens, error);
    if (!status)
        status = table_set_numbers(t, "components", f->n_folds, h->components, error);
    if (!status)
        status = facts_set(&out->facts, "leave", folds_leave_name(leave), error);
    return status ? status : result_number(out, "seed", (double)h->w->seed, error);
}

/* What the evidence stands on, or why there is none. */
static adamas_status put_grounds(result *out, const validation *h, adamas_error *error)
{
    if (h->has_evidence)
        return facts_set(&out->facts, "held_out", h->inner_groups.by_locality ? "locality" : "specimen", error);
    for (size_t fold = 0; fold < h->folds->n_folds; fold++)
        if (h->why[fold])
            return facts_set(&out->facts, "no_evidence", h->why[fold], error);
    return ADAMAS_OK;
}

static int has_evidence(const specimen_results *v)
{
    for (size_t k = 0; k < v->n_specimens; k++)
        if (v->shots[k] && isnan(v->typicality[k * v->n_origins]))
            return 0;
    return 1;
}

/* With one fold's specimens gone an origin must still be rejectable. */
static void find_rejectable(validation *h)
{
    for (size_t o = 0; o < h->c->n_origins; o++) {
        size_t least = SIZE_MAX;
        for (size_t fold = 0; fold < h->folds->n_folds; fold++) {
            size_t left = 0;
            for (size_t k = 0; k < h->c->n_specimens; k++)
                left += h->c->origin[k] == o && h->folds->fold[k] != (int)fold;
            least = left < least ? left : least;
        }
        h->rejectable[o] = least >= typicality_min_specimens(h->epsilon);
    }
}

static adamas_status reserve(validation *h, adamas_error *error)
{
    size_t n_folds = h->folds->n_folds, n_origins = h->c->n_origins;
    h->components = memory_new(n_folds, sizeof *h->components);
    h->specimens = memory_new(n_folds, sizeof *h->specimens);
    h->bound = memory_new(n_folds, (VALIDATION_LEVELS + 1) * sizeof *h->bound);
    h->why = memory_new(n_folds, sizeof *h->why);
    h->rejectable = memory_new(n_origins, sizeof *h->rejectable);
    if (n_origins > 2)
        h->strangers = memory_new(n_origins, sizeof *h->strangers);
    if (h->components && h->specimens && h->bound && h->why && h->rejectable && (h->strangers || n_origins <= 2))
        return specimen_results_make(&h->v, h->c->n_specimens, n_origins, error);
    return status_no_memory(error);
}

static void release(validation *h)
{
    for (size_t fold = 0; h->why && fold < h->folds->n_folds; fold++)
        free(h->why[fold]);
    for (size_t o = 0; h->strangers && o < h->c->n_origins; o++) {
        specimen_results_clear(&h->strangers[o].v);
        free(h->strangers[o].rejectable);
    }
    specimen_results_clear(&h->v);
    free(h->components);
    free(h->specimens);
    free(h->bound);
    free(h->why);
    free(h->rejectable);
    free(h->strangers);
}

static adamas_status run(result *out, validation *h, int32_t leave, adamas_error *error)
{
    adamas_status status = reserve(h, error);
    size_t n_items = h->folds->n_folds + (h->strangers ? h->c->n_origins : 0);
    if (!status)
        status = folds_each(h->w, h->c, h->library, n_items, leave_out, h, error);
    if (!status) {
        h->has_evidence = has_evidence(&h->v);
        find_rejectable(h);
        status = validation_answers(out, h, error);
    }
    if (!status && h->has_evidence)
        status = validation_lr(out, h, error);
    if (!status && h->has_evidence)
        status = validation_curves(out, h, error);
    if (!status && h->has_evidence && h->strangers)
        status = validation_open_set(out, h, error);
    if (!status)
        status = validation_audit(out, h, error);
    if (!status)
        status = put_folds(out, h, leave, error);
    if (!status)
        status = put_grounds(out, h, error);
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

adamas_status model_validate(result *out, const compiled_method *r, const adamas_spectra *const *libraries,
                             size_t n_libraries, const adamas_protocol *asked, work *w, adamas_error *error)
{
    static const adamas_question question = ADAMAS_QUESTION_INIT;
    *out = (result){.kind = RESULT_VALIDATION};
    adamas_protocol protocol = *asked;
    int has_localities = 0;
    dataset c = {0};
    folds f = {0};
    adamas_status status = check_request(r, n_libraries, &protocol, error);
    if (!status)
        status = model_describe(&out->tables[ADAMAS_SOURCES], &out->facts, r, libraries, n_libraries, protocol.level, w,
                                error);
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
    if (!status)
        status = folds_of_protocol(&f, &c, &protocol, w->seed, error);
    if (!status)
        status = dataset_project_to_span(&c, r, &libraries[0]->axis, w, error);
    validation h = {.r = r, .library = n_libraries ? &libraries[0]->axis : NULL, .c = &c, .folds = &f, .w = w};
    h.epsilon = question.epsilon;
    h.inner_groups = (inner_groups){f.group, has_localities && protocol.leave == ADAMAS_LEAVE_LOCALITY};
    if (!status)
        status = run(out, &h, protocol.leave, error);
    if (!status)
        status = result_screening(out, error);
    folds_clear(&f);
    dataset_clear(&c);
    if (status)
        result_clear(out);
    return status;
}
