#include "model/model.h"

#include "base/memory.h"
#include "evidence/metrics.h"
#include "evidence/typicality.h"
#include "model/folds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct validation {
    const recipe *r;
    const axis *library;
    collection *c;
    const folds *folds;
    verdicts *v;
    grouping grouping;
    unsigned char *rejectable; /* [n_origins] */
    double *components;        /* [n_folds] */
    double *specimens;         /* [n_folds] left out */
    work *w;
} validation;

/* Learns from the specimens outside the fold, and judges the fold's. */
static adamas_status validate_fold(void *context, size_t fold, int thread, adamas_error *error)
{
    (void)thread;
    validation *h = context;
    size_t n = h->c->n_specimens;
    trained t = {0};
    unsigned char *training = memory_new(n, sizeof *training), *left_out = memory_new(n, sizeof *left_out);
    adamas_status status = training && left_out ? work_progress(h->w, "validating", fold, h->folds->n_folds, error)
                                                : status_no_memory(error);
    for (size_t k = 0; !status && k < n; k++) {
        training[k] = h->folds->fold[k] != (int)fold;
        left_out[k] = !training[k];
        h->specimens[fold] += left_out[k];
    }
    if (!status)
        status = trained_make(&t, h->r, h->library, h->c, training, &h->grouping, h->w, error);
    if (!status) {
        h->components[fold] = (double)t.judge.fit.pca.n_components;
        status = stone_evidence_judge(h->v, &t.judge, &t.held_out, t.has_evidence ? &t.stone : NULL, h->c, left_out,
                                      h->w, error);
    }
    trained_clear(&t);
    free(training);
    free(left_out);
    return status;
}

static adamas_status put_confusion(result *out, const collection *c, const double *confusion, adamas_error *error)
{
    size_t n = c->n_origins;
    double *column = memory_new(n, sizeof *column);
    adamas_status status =
        column ? table_set_text(&out->tables[ADAMAS_ORIGINS], "origin", n, (const char *const *)c->origins, error)
               : status_no_memory(error);
    for (size_t k = 0; !status && k < c->n_specimens; k++)
        column[c->origin[k]]++;
    if (!status)
        status = table_set_numbers(&out->tables[ADAMAS_ORIGINS], "specimens", n, column, error);
    for (size_t o = 0; !status && o < n; o++) {
        text name = {0};
        text_append(&name, "predicted/%s", c->origins[o]);
        for (size_t t = 0; t < n; t++)
            column[t] = confusion[t * n + o];
        status = name.failed ? status_no_memory(error)
                             : table_set_numbers(&out->tables[ADAMAS_ORIGINS], name.at, n, column, error);
        text_clear(&name);
    }
    free(column);
    return status;
}

static adamas_status put_metrics(result *out, const collection *c, const verdicts *v, adamas_error *error)
{
    metrics m;
    double *confusion = memory_raw(c->n_origins, c->n_origins * sizeof *confusion);
    if (!confusion)
        return status_no_memory(error);
    metrics_find(&m, confusion, c->n_specimens, c->n_origins, c->origin, v->log_probability);
    adamas_status status = put_confusion(out, c, confusion, error);
    free(confusion);
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"judged", (double)m.n},
                   {"right", (double)m.right},
                   {"accuracy", m.accuracy},
                   {"accuracy_low", m.accuracy_low},
                   {"accuracy_high", m.accuracy_high},
                   {"balanced_accuracy", m.balanced_accuracy},
                   {"log_loss", m.log_loss}};
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = result_number(out, numbers[i].name, numbers[i].value, error);
    return status;
}

static adamas_status put_folds(result *out, const validation *h, const adamas_protocol *protocol, adamas_error *error)
{
    const folds *f = h->folds;
    adamas_status status =
        table_set_text(&out->tables[ADAMAS_FOLDS], "left_out", f->n_folds, (const char *const *)f->names, error);
    if (!status)
        status = table_set_numbers(&out->tables[ADAMAS_FOLDS], "specimens", f->n_folds, h->specimens, error);
    if (!status)
        status = table_set_numbers(&out->tables[ADAMAS_FOLDS], "components", f->n_folds, h->components, error);
    if (!status)
        status = facts_set(&out->facts, "leave", folds_leave_name(protocol->leave), error);
    if (!status)
        status = result_number(out, "seed", (double)h->w->seed, error);
    return status;
}

/* Evidence of some specimens alone would be told of the easy ones. */
static int has_evidence(const verdicts *v)
{
    for (size_t k = 0; k < v->n_specimens; k++)
        if (v->shots[k] && isnan(v->typicality[k * v->n_origins]))
            return 0;
    return 1;
}

/* With one fold's specimens gone an origin must still be rejectable. */
static adamas_status find_rejectable(validation *h, adamas_error *error)
{
    size_t n = h->c->n_origins;
    h->rejectable = memory_new(n, sizeof *h->rejectable);
    if (!h->rejectable)
        return status_no_memory(error);
    for (size_t o = 0; o < n; o++) {
        size_t least = SIZE_MAX;
        for (size_t fold = 0; fold < h->folds->n_folds; fold++) {
            size_t left = 0;
            for (size_t k = 0; k < h->c->n_specimens; k++)
                left += h->c->origin[k] == o && h->folds->fold[k] != (int)fold;
            least = left < least ? left : least;
        }
        h->rejectable[o] = least >= typicality_least(0.05);
    }
    return ADAMAS_OK;
}

static adamas_status run_folds(result *out, validation *h, const adamas_protocol *protocol, adamas_error *error)
{
    verdicts v = {0};
    h->components = memory_new(h->folds->n_folds, sizeof *h->components);
    h->specimens = memory_new(h->folds->n_folds, sizeof *h->specimens);
    adamas_status status = h->components && h->specimens ? verdicts_make(&v, h->c->n_specimens, h->c->n_origins, error)
                                                         : status_no_memory(error);
    h->v = &v;
    if (!status)
        status = find_rejectable(h, error);
    if (!status)
        status = fit_each_fold(h->w, h->c, h->library, h->folds->n_folds, validate_fold, h, error);
    if (!status)
        status = result_specimens(out, &v, h->c, (const char *const *)h->c->origins,
                                  has_evidence(&v) ? &(answering){0.05, h->rejectable} : NULL, error);
    if (!status)
        status = put_metrics(out, h->c, &v, error);
    if (!status)
        status = put_folds(out, h, protocol, error);
    verdicts_clear(&v);
    free(h->components);
    free(h->specimens);
    free(h->rejectable);
    return status;
}

static adamas_status check_request(const recipe *r, size_t n_libraries, const adamas_protocol *protocol,
                                   adamas_error *error)
{
    if (n_libraries == 0)
        return status_set(error, ADAMAS_E_ARGUMENT, "no reference library is given");
    if (protocol->level < 1)
        return status_set(error, ADAMAS_E_ARGUMENT, "level is %d, 1 or more expected", (int)protocol->level);
    if (r->match == RECIPE_NONE)
        return status_set(error, ADAMAS_E_METHOD,
                          "the method ends before a matching step (twolevel, lda): nothing to validate");
    return ADAMAS_OK;
}

adamas_status model_validate(result *out, const recipe *r, const adamas_spectra *const *libraries, size_t n_libraries,
                             const adamas_protocol *asked, work *w, adamas_error *error)
{
    *out = (result){.kind = RESULT_VALIDATION};
    adamas_protocol own = *asked, *protocol = &own;
    int has_localities = 0;
    collection c = {0};
    folds f = {0};
    adamas_status status = check_request(r, n_libraries, protocol, error);
    if (!status)
        status = model_describe(&out->tables[ADAMAS_SOURCES], &out->facts, r, libraries, n_libraries, protocol->level,
                                error);
    if (!status)
        status = collection_make(&c, libraries, n_libraries, protocol->level, w, error);
    if (!status)
        status = held_out_has_localities(&has_localities, &c, error);
    if (own.leave == ADAMAS_LEAVE_AUTO)
        own.leave = has_localities ? ADAMAS_LEAVE_LOCALITY : ADAMAS_LEAVE_FOLDS;
    if (!status)
        status = folds_of_protocol(&f, &c, protocol, w->seed, error);
    if (!status)
        status = fit_cache(&c, r, &libraries[0]->axis, w, error);
    if (!status)
        status = fit_condense(&c, r, &libraries[0]->axis, w, error);
    validation h = {.r = r, .library = n_libraries ? &libraries[0]->axis : NULL, .c = &c, .folds = &f, .w = w};
    h.grouping.group = f.group;
    h.grouping.by_locality = has_localities && own.leave == ADAMAS_LEAVE_LOCALITY;
    if (!status)
        status = run_folds(out, &h, protocol, error);
    if (!status)
        status = result_screening(out, error);
    folds_clear(&f);
    collection_clear(&c);
    if (status)
        result_clear(out);
    return status;
}
