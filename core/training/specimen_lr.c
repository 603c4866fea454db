/* The evidence of specimens: calibration and bounds of likelihood ratios, typicality, evaluation. */
#include "training/specimen_lr.h"

#include "base/memory.h"
#include "evidence/lr_bounds.h"
#include "evidence/typicality.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static adamas_status reserve(specimen_lr *lr, size_t n_origins, adamas_error *error)
{
    *lr = (specimen_lr){0};
    lr->log10_low = memory_new(n_origins, sizeof *lr->log10_low);
    lr->log10_high = memory_new(n_origins, sizeof *lr->log10_high);
    lr->specimens = memory_new(n_origins, sizeof *lr->specimens);
    lr->units = memory_new(n_origins, sizeof *lr->units);
    return lr->log10_low && lr->log10_high && lr->specimens && lr->units ? ADAMAS_OK : status_no_memory(error);
}

void specimen_lr_clear(specimen_lr *lr)
{
    calibration_free(&lr->calibration);
    session_effect_clear(&lr->session_effect);
    free(lr->log10_low);
    free(lr->log10_high);
    free(lr->specimens);
    free(lr->units);
    *lr = (specimen_lr){0};
}

/* weight[n]: the specimens of a locality weigh 1 together. */
static adamas_status count_units(specimen_lr *lr, const cross_fit *cf, double *weight, adamas_error *error)
{
    size_t *size = memory_new(cf->n_localities, sizeof *size);
    if (!size)
        return status_no_memory(error);
    for (size_t i = 0; i < cf->n; i++) {
        lr->specimens[cf->origin[i]]++;
        lr->units[cf->origin[i]] += size[cf->locality[i]]++ == 0;
    }
    for (size_t i = 0; i < cf->n; i++)
        weight[i] = 1 / (double)size[cf->locality[i]];
    free(size);
    return ADAMAS_OK;
}

static adamas_status check_origins(const specimen_lr *lr, const cross_fit *cf, adamas_error *error)
{
    for (size_t k = 0; k < cf->n_origins; k++)
        if (!lr->specimens[k])
            return status_set(error, ADAMAS_E_DATA,
                              "no specimen of one of the origins could be held out, so likelihood ratios cannot be "
                              "calibrated: each origin needs two %s at least",
                              cf->by_locality ? "localities" : "specimens");
    return ADAMAS_OK;
}

/* Bounds of one origin's LR, from its own held-out specimens (same source) and all others' (different source). split:
 * [4, n] scratch. */
static adamas_status bound(specimen_lr *lr, const cross_fit *cf, size_t origin, const double *log_lr,
                           const double *weight, double *split, adamas_error *error)
{
    size_t n_ss = 0, n_ds = 0, n = cf->n;
    double *ss = split, *ss_weight = split + n, *ds = split + 2 * n, *ds_weight = split + 3 * n;
    for (size_t i = 0; i < n; i++)
        if (cf->origin[i] == origin) {
            ss[n_ss] = log_lr[i * cf->n_origins + origin];
            ss_weight[n_ss++] = weight[i];
        } else {
            ds[n_ds] = log_lr[i * cf->n_origins + origin];
            ds_weight[n_ds++] = weight[i];
        }
    return lr_bounds_find(&lr->log10_low[origin], &lr->log10_high[origin], n_ss, ss, ss_weight, n_ds, ds, ds_weight,
                          error);
}

static adamas_status find_bounds(specimen_lr *lr, const cross_fit *cf, const double *weight, adamas_error *error)
{
    size_t n = cf->n, k = cf->n_origins;
    double *log_lr = memory_raw(n, k * sizeof *log_lr);
    double *split = memory_raw(4 * n, sizeof *split);
    double *likelihood = memory_raw(k, sizeof *likelihood);
    adamas_status status = log_lr && split && likelihood ? ADAMAS_OK : status_no_memory(error);
    for (size_t i = 0; !status && i < n; i++) {
        calibration_apply(&lr->calibration, cf->log_density + i * k, likelihood);
        for (size_t o = 0; o < k; o++)
            log_lr[i * k + o] = calibration_log_lr(k, likelihood, NULL, o);
    }
    for (size_t o = 0; !status && o < k; o++)
        status = bound(lr, cf, o, log_lr, weight, split, error);
    free(log_lr);
    free(split);
    free(likelihood);
    return status;
}

static adamas_status find_session_effect(specimen_lr *lr, const cross_fit *cf, adamas_error *error)
{
    double *own = memory_raw(cf->n, sizeof *own);
    if (!own)
        return status_no_memory(error);
    for (size_t i = 0; i < cf->n; i++)
        own[i] = cf->nonconformity[i * cf->n_origins + cf->origin[i]];
    adamas_status status = session_effect_fit(&lr->session_effect, cf->n, own, cf->session, cf->n_sessions, error);
    free(own);
    return status;
}

adamas_status specimen_lr_make(specimen_lr *out, const cross_fit *cf, adamas_error *error)
{
    double *weight = memory_raw(cf->n, sizeof *weight);
    adamas_status status = reserve(out, cf->n_origins, error);
    if (!status && !weight)
        status = status_no_memory(error);
    if (!status)
        status = count_units(out, cf, weight, error);
    if (!status)
        status = check_origins(out, cf, error);
    if (!status)
        status = calibration_fit(&out->calibration, cf->n, cf->n_origins, cf->origin, cf->log_density, weight,
                                 (double)cf->n_localities, &calibration_weak, error);
    if (!status)
        status = find_bounds(out, cf, weight, error);
    if (!status && cf->by_session)
        status = find_session_effect(out, cf, error);
    free(weight);
    if (status)
        specimen_lr_clear(out);
    return status;
}

void specimen_lr_rejectable(const specimen_lr *lr, size_t n_origins, double epsilon, unsigned char *rejectable)
{
    for (size_t o = 0; o < n_origins; o++)
        rejectable[o] = lr->specimens[o] >= typicality_min_specimens(epsilon);
}

void specimen_lr_log_lr(const specimen_lr *lr, const double *log_density, double *log_lr, double *scratch)
{
    size_t n = lr->calibration.n_origins;
    calibration_apply(&lr->calibration, log_density, scratch);
    for (size_t o = 0; o < n; o++)
        log_lr[o] =
            fmin(fmax(calibration_log_lr(n, scratch, NULL, o), lr->log10_low[o] * M_LN10), lr->log10_high[o] * M_LN10);
}

void specimen_lr_typicality(const specimen_lr *lr, const cross_fit *cf, const double *own, double *typicality,
                            double *scratch)
{
    double *reached = scratch, *of_fold = scratch + cf->n;
    for (size_t o = 0; o < cf->n_origins; o++) {
        for (size_t i = 0; i < cf->n; i++)
            reached[i] = cf->nonconformity[i * cf->n_origins + o];
        for (size_t f = 0; f < cf->n_folds; f++)
            of_fold[f] = own[f * cf->n_origins + o];
        typicality[o] = cf->by_session ? typicality_p_new_session(cf->n, reached, cf->origin, cf->fold, cf->session, o,
                                                                  of_fold, &lr->session_effect)
                                       : typicality_p(cf->n, reached, cf->origin, cf->fold, o, of_fold);
    }
}

static double find_log_lr(const specimen_lr *lr, const double *log_density, size_t origin, double *scratch)
{
    calibration_apply(&lr->calibration, log_density, scratch);
    return calibration_log_lr(lr->calibration.n_origins, scratch, NULL, origin);
}

/* A conformal p-value whose measure of conformity is the likelihood ratio (Vovk, Gammerman and Shafer 2005). */
double specimen_lr_p(const specimen_lr *lr, const cross_fit *cf, const double *log_density, size_t origin,
                     double *scratch)
{
    double own = find_log_lr(lr, log_density, origin, scratch);
    size_t n = 1, no_greater = 1;
    for (size_t i = 0; i < cf->n; i++)
        if (cf->origin[i] == origin) {
            n++;
            no_greater += !(find_log_lr(lr, cf->log_density + i * cf->n_origins, origin, scratch) > own);
        }
    return (double)no_greater / (double)n;
}

typedef struct evaluation {
    specimen_results *v;
    const classifier *full;
    const cross_fit *h;
    const specimen_lr *e;
    size_t n_folds;                /* of h; 0 if neither typicality nor LRs are asked for */
    const specimen_scores *scores; /* [1 + n_folds] */
    const unsigned char *include;
} evaluation;

static adamas_status evaluate_specimen(void *context, size_t k, int thread, adamas_error *error)
{
    (void)thread;
    const evaluation *j = context;
    specimen_results *v = j->v;
    size_t n = v->n_origins, n_folds = j->n_folds;
    if (j->include && !j->include[k])
        return ADAMAS_OK;
    v->shots[k] = j->scores->shots[k];
    v->unusable[k] = j->scores->unusable[k];
    if (!v->shots[k])
        return ADAMAS_OK;
    double *own = memory_raw(n_folds * n + n + (n_folds ? j->h->n + n_folds : 0), sizeof *own);
    adamas_status status =
        own ? classifier_specimen(j->full, j->scores, k, v->log_density + k * n, v->nonconformity + k * n, error)
            : status_no_memory(error);
    if (!status)
        status = classifier_class_models(j->full, j->scores, k, v->class_model + k * n, error);
    for (size_t f = 0; !status && f < n_folds; f++)
        status = classifier_specimen(&j->h->classifiers[f], &j->scores[1 + f], k, NULL, own + f * n, error);
    if (!status && n_folds) {
        specimen_lr_typicality(j->e, j->h, own, v->typicality + k * n, own + n_folds * n);
        specimen_lr_log_lr(j->e, v->log_density + k * n, v->log_lr + k * n, own);
    }
    free(own);
    return status;
}

/* Posterior probabilities at the matching step's prior, of calibrated likelihoods if there is evidence. */
static adamas_status find_probabilities(specimen_results *v, const classifier *full, const specimen_lr *lr,
                                        const dataset *c, const unsigned char *include, adamas_error *error)
{
    const match *m = full->fit.compiled_method->steps[full->fit.compiled_method->match].match;
    size_t n = v->n_origins;
    double *prior = memory_raw(2 * n, sizeof *prior), *likelihood = prior ? prior + n : NULL;
    if (!prior)
        return status_no_memory(error);
    m->prior(full->match_state, prior);
    for (size_t k = 0; k < c->n_specimens; k++) {
        if ((include && !include[k]) || !v->shots[k])
            continue;
        if (lr)
            calibration_apply(&lr->calibration, v->log_density + k * n, likelihood);
        match_posterior(n, lr ? likelihood : v->log_density + k * n, prior, v->log_probability + k * n);
    }
    free(prior);
    return ADAMAS_OK;
}

adamas_status specimen_lr_evaluate(specimen_results *v, double **spectrum, const classifier *full, const cross_fit *cf,
                                   const specimen_lr *lr, dataset *c, const unsigned char *include, work *w,
                                   adamas_error *error)
{
    size_t n_folds = cf && lr ? cf->n_folds : 0, n = 1 + n_folds;
    const classifier **classifiers = memory_new(n, sizeof *classifiers);
    specimen_scores *scores = memory_new(n, sizeof *scores);
    adamas_status status = classifiers && scores ? ADAMAS_OK : status_no_memory(error);
    if (!status) {
        classifiers[0] = full;
        for (size_t f = 1; f < n; f++)
            classifiers[f] = &cf->classifiers[f - 1];
        status = classifier_scores(scores, classifiers, n, c, include, w, error);
    }
    evaluation j = {v, full, cf, lr, n_folds, scores, include};
    if (!status)
        status = work_each(w, c->n_specimens, evaluate_specimen, &j, error);
    if (!status)
        status = find_probabilities(v, full, lr, c, include, error);
    if (!status && spectrum) {
        *spectrum = scores->spectrum;
        scores->spectrum = NULL;
    }
    for (size_t f = 0; scores && f < n; f++)
        specimen_scores_clear(&scores[f]);
    free(scores);
    free(classifiers);
    return status;
}
