/* From what classifiers say of a stone (any specimen) to evidence: typicality, and likelihood ratios that are
 * calibrated and bounded by what was held out. */
#ifndef TRAINING_SPECIMEN_LR_H
#define TRAINING_SPECIMEN_LR_H

#include "evidence/calibration.h"
#include "training/cross_fit.h"
#include "training/specimen_results.h"

typedef struct specimen_lr {
    calibration calibration;
    double *log10_low;  /* [n_origins]: bounds of the LR of each origin against the others (ELUB) */
    double *log10_high; /* [n_origins] */
    size_t *specimens;  /* [n_origins] held out */
    size_t *units;      /* [n_origins]: independent ones among them: localities, else specimens */
} specimen_lr;

/* ADAMAS_E_DATA where some origin has no specimen that could be held out: then there is no calibration. */
adamas_status specimen_lr_make(specimen_lr *out, const cross_fit *h, adamas_error *error);
void specimen_lr_clear(specimen_lr *e);

/* Can each origin be rejected at epsilon at all, having so many held-out specimens? rejectable[n_origins]. */
void specimen_lr_rejectable(const specimen_lr *e, size_t n_origins, double epsilon, unsigned char *rejectable);

/* Log LR (natural) of each origin against the others, equal weights: log_lr[n_origins], within the bounds. */
void specimen_lr_log_lr(const specimen_lr *e, const double *log_density, double *log_lr, double *scratch);

/* p-values of one specimen: own[n_folds, n_origins] is its nonconformity under each of the held-out classifiers. */
void specimen_lr_typicality(const cross_fit *h, const double *own, double *typicality, double *scratch);

/* Judges the included specimens (NULL: all) of a dataset: fills their rows of the specimen_results. evidence: NULL
 * where there is none. */
adamas_status specimen_lr_evaluate(specimen_results *v, const classifier *whole, const cross_fit *h,
                                   const specimen_lr *e, dataset *c, const unsigned char *include, work *w,
                                   adamas_error *error);

#endif
