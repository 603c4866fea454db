#include "training/specimen_lr.h"

#include "base/memory.h"
#include "evidence/elub.h"
#include "evidence/typicality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status reserve(specimen_lr *e, size_t n_origins, adamas_error *error)
{
    *e = (specimen_lr){0};
    e->log10_low = memory_new(n_origins, sizeof *e->log10_low);
    e->log10_high = memory_new(n_origins, sizeof *e->log10_high);
    e->specimens = memory_new(n_origins, sizeof *e->specimens);
    e->units = memory_new(n_origins, sizeof *e->units);
    return e->log10_low && e->log10_high && e->specimens && e->units ? ADAMAS_OK : status_no_memory(error);
}

void specimen_lr_clear(specimen_lr *e)
{
    calibration_free(&e->calibration);
    free(e->log10_low);
    free(e->log10_high);
    free(e->specimens);
    free(e->units);
    *e = (specimen_lr){0};
}

/* weight[n]: the specimens of a locality weigh 1 together. */
static adamas_status count_units(specimen_lr *e, const cross_fit *h, double *weight, adamas_error *error)
{
    size_t *size = memory_new(h->n_localities, sizeof *size);
    if (!size)
        return status_no_memory(error);
    for (size_t i = 0; i < h->n; i++) {
        e->specimens[h->origin[i]]++;
        e->units[h->origin[i]] += size[h->locality[i]]++ == 0;
    }
    for (size_t i = 0; i < h->n; i++)
        weight[i] = 1 / (double)size[h->locality[i]];
    free(size);
    return ADAMAS_OK;
}

static adamas_status check_origins(const specimen_lr *e, const cross_fit *h, adamas_error *error)
{
    for (size_t k = 0; k < h->n_origins; k++)
        if (!e->specimens[k])
            return status_set(error, ADAMAS_E_DATA,
                              "no specimen of one of the origins could be held out, so likelihood ratios cannot be "
                              "calibrated: each origin needs two %s at least",
                              h->by_locality ? "localities" : "specimens");
    return ADAMAS_OK;
}

/* Bounds of one origin's LR: its own held-out specimens against all others'. ss and ds: [n] each, with weights. */
static adamas_status bound(specimen_lr *e, const cross_fit *h, size_t origin, const double *log_lr,
                           const double *weight, double *split, adamas_error *error)
{
    size_t n_ss = 0, n_ds = 0, n = h->n;
    double *ss = split, *ss_weight = split + n, *ds = split + 2 * n, *ds_weight = split + 3 * n;
    for (size_t i = 0; i < n; i++)
        if (h->origin[i] == origin) {
            ss[n_ss] = log_lr[i * h->n_origins + origin];
            ss_weight[n_ss++] = weight[i];
        } else {
            ds[n_ds] = log_lr[i * h->n_origins + origin];
            ds_weight[n_ds++] = weight[i];
        }
    return elub_find(&e->log10_low[origin], &e->log10_high[origin], n_ss, ss, ss_weight, n_ds, ds, ds_weight, error);
}

static adamas_status find_bounds(specimen_lr *e, const cross_fit *h, const double *weight, adamas_error *error)
{
    size_t n = h->n, k = h->n_origins;
    double *log_lr = memory_raw(n, k * sizeof *log_lr);
    double *split = memory_raw(4 * n, sizeof *split);
    double *likelihood = memory_raw(k, sizeof *likelihood);
    adamas_status status = log_lr && split && likelihood ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        calibration_apply(&e->calibration, h->log_density + i * k, likelihood);
        for (size_t o = 0; o < k; o++)
            log_lr[i * k + o] = calibration_log_lr(k, likelihood, NULL, o);
    }
    for (size_t o = 0; !status && o < k; o++)
        status = bound(e, h, o, log_lr, weight, split, error);
    free(log_lr);
    free(split);
    free(likelihood);
    return status;
}

adamas_status specimen_lr_make(specimen_lr *out, const cross_fit *h, adamas_error *error)
{
    double *weight = memory_raw(h->n, sizeof *weight);
    adamas_status status = reserve(out, h->n_origins, error);
    if (!status && !weight)
        status = status_no_memory(error);
    if (!status)
        status = count_units(out, h, weight, error);
    if (!status)
        status = check_origins(out, h, error);
    if (!status)
        status = calibration_fit(&out->calibration, h->n, h->n_origins, h->origin, h->log_density, weight,
                                 (double)h->n_localities, &calibration_weak, error);
    if (!status)
        status = find_bounds(out, h, weight, error);
    free(weight);
    if (status)
        specimen_lr_clear(out);
    return status;
}

void specimen_lr_rejectable(const specimen_lr *e, size_t n_origins, double epsilon, unsigned char *rejectable)
{
    for (size_t o = 0; o < n_origins; o++)
        rejectable[o] = e->specimens[o] >= typicality_min_specimens(epsilon);
}

void specimen_lr_log_lr(const specimen_lr *e, const double *log_density, double *log_lr, double *scratch)
{
    size_t n = e->calibration.n_origins;
    calibration_apply(&e->calibration, log_density, scratch);
    for (size_t o = 0; o < n; o++)
        log_lr[o] =
            fmin(fmax(calibration_log_lr(n, scratch, NULL, o), e->log10_low[o] * M_LN10), e->log10_high[o] * M_LN10);
}

void specimen_lr_typicality(const cross_fit *h, const double *own, double *typicality, double *scratch)
{
    double *reached = scratch, *of_fold = scratch + h->n;
    for (size_t o = 0; o < h->n_origins; o++) {
        for (size_t i = 0; i < h->n; i++)
            reached[i] = h->nonconformity[i * h->n_origins + o];
        for (size_t f = 0; f < h->n_folds; f++)
            of_fold[f] = own[f * h->n_origins + o];
        typicality[o] = typicality_p(h->n, reached, h->origin, h->fold, o, of_fold);
    }
}

typedef struct judging {
    specimen_results *v;
    const classifier *whole;
    const cross_fit *h;
    const specimen_lr *e;
    const specimen_scores *scores; /* [1 + n_folds] */
    const unsigned char *include;
} judging;

static adamas_status judge_one(void *context, size_t k, int thread, adamas_error *error)
{
    (void)thread;
    const judging *j = context;
    specimen_results *v = j->v;
    size_t n = v->n_origins, n_folds = j->h->n_folds;
    if (j->include && !j->include[k])
        return ADAMAS_OK;
    v->shots[k] = j->scores->shots[k];
    v->unusable[k] = j->scores->unusable[k];
    if (!v->shots[k])
        return ADAMAS_OK;
    double *own = memory_raw(n_folds * n + j->h->n + n_folds + n, sizeof *own);
    adamas_status status =
        own ? classifier_specimen(j->whole, j->scores, k, v->log_density + k * n, v->nonconformity + k * n, error)
            : status_no_memory(error);
    if (!status)
        status = classifier_class_models(j->whole, j->scores, k, v->class_model + k * n, error);
    for (size_t f = 0; !status && j->e && f < n_folds; f++)
        status = classifier_specimen(&j->h->classifiers[f], &j->scores[1 + f], k, NULL, own + f * n, error);
    if (!status && j->e) {
        specimen_lr_typicality(j->h, own, v->typicality + k * n, own + n_folds * n);
        specimen_lr_log_lr(j->e, v->log_density + k * n, v->log_lr + k * n, own);
    }
    free(own);
    return status;
}

adamas_status specimen_lr_evaluate(specimen_results *v, const classifier *whole, const cross_fit *h,
                                   const specimen_lr *e, dataset *c, const unsigned char *include, work *w,
                                   adamas_error *error)
{
    size_t n = 1 + (e ? h->n_folds : 0);
    const classifier **classifiers = memory_new(n, sizeof *classifiers);
    specimen_scores *scores = memory_new(n, sizeof *scores);
    adamas_status status = classifiers && scores ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        classifiers[0] = whole;
        for (size_t f = 1; f < n; f++)
            classifiers[f] = &h->classifiers[f - 1];
        status = classifier_scores(scores, classifiers, n, c, include, w, error);
    }
    judging j = {v, whole, h, e, scores, include};
    if (!status)
        status = work_each(w, c->n_specimens, judge_one, &j, error);
    const match *m = whole->fit.compiled_method->steps[whole->fit.compiled_method->match].match;
    if (!status) {
        double *prior = memory_raw(v->n_origins, sizeof *prior);
        status = prior ? ADAMAS_OK : status_no_memory(error);
        if (prior)
            m->prior(whole->match_state, prior);
        for (size_t k = 0; !status && k < c->n_specimens; k++)
            if ((!include || include[k]) && v->shots[k])
                match_posterior(v->n_origins, v->log_density + k * v->n_origins, prior,
                                v->log_probability + k * v->n_origins);
        free(prior);
    }
    if (!status && !include) {
        v->spectrum = scores->spectrum;
        scores->spectrum = NULL;
    }
    for (size_t f = 0; scores && f < n; f++)
        specimen_scores_clear(&scores[f]);
    free(scores);
    free(classifiers);
    return status;
}
