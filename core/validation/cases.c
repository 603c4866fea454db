/* The cases of a validation that leaves out localities and sessions together. */
#include "validation/cases.h"

#include "base/memory.h"
#include "evidence/interval.h"
#include "validation/answers.h"

#include <stdlib.h>
#include <string.h>

/* The fold's own specimens are the validation's. */
static specimen_results *results_of(const validation *h, int which)
{
    return which == CROSSED_BOTH_NEW ? &h->out->specimens : &h->cases[which];
}

adamas_status validation_cases_evaluate(validation *h, size_t fold, const fitted_method *t, adamas_error *error)
{
    unsigned char *evaluated = memory_raw(h->c->n_specimens, sizeof *evaluated);
    adamas_status status = evaluated ? ADAMAS_OK : status_no_memory(error);
    for (int which = CROSSED_BOTH_NEW + 1; !status && which < CROSSED_CASES; which++) {
        status = crossed_folds_case(evaluated, h->folds, h->c, fold, which, error);
        if (!status)
            status = specimen_lr_evaluate(results_of(h, which), NULL, &t->classifier, &t->cross_fit,
                                          t->has_evidence ? &t->specimen_lr : NULL, h->c, evaluated, h->w, error);
    }
    free(evaluated);
    return status;
}

static share_interval share_of(size_t n, size_t total)
{
    share_interval out = {.share = (double)n / (double)total};
    interval_clopper_pearson(n, total, 0.95, &out.low, &out.high);
    return out;
}

static void count_answers(validation_case *out, const specimen_results *v, const size_t *truth)
{
    size_t n = 0, covered = 0, wrong_single = 0;
    for (size_t k = 0; k < v->n_specimens; k++)
        if (specimen_results_is_evaluated(v, k)) {
            size_t answer = validation_answer(v, k);
            n++;
            covered += v->typicality[k * v->n_origins + truth[k]] > v->epsilon;
            wrong_single += answer < v->n_origins && answer != truth[k];
        }
    out->covered = share_of(covered, n);
    out->wrong_single = share_of(wrong_single, n);
}

adamas_status validation_cases_summarise(validation *h, adamas_error *error)
{
    const specimen_results *own = &h->out->specimens;
    size_t n = own->n_origins;
    double *confusion = memory_raw(n, n * sizeof *confusion);
    h->out->cases = memory_new(CROSSED_CASES, sizeof *h->out->cases);
    adamas_status status = confusion && h->out->cases ? ADAMAS_OK : status_no_memory(error);
    h->out->cases_have_evidence = own->has_evidence;
    for (int which = 0; !status && which < CROSSED_CASES; which++) {
        specimen_results *v = results_of(h, which);
        validation_case *out = &h->out->cases[which];
        v->epsilon = own->epsilon;
        memcpy(v->rejectable, own->rejectable, n * sizeof *v->rejectable);
        metrics_find(&out->likeliest, confusion, v->n_specimens, n, h->c->origin, v->log_probability);
        count_answers(out, v, h->c->origin);
        h->out->cases_have_evidence &= specimen_results_have_typicality(v);
    }
    free(confusion);
    return status;
}
