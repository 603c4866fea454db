/* The evidence of a specimen: typicality, and likelihood ratios that are calibrated on the held-out specimens and
 * bounded by their number. */
#ifndef TRAINING_SPECIMEN_LR_H
#define TRAINING_SPECIMEN_LR_H

#include "evidence/calibration.h"
#include "evidence/typicality.h"
#include "training/cross_fit.h"
#include "training/specimen_results.h"

typedef struct specimen_lr {
    calibration calibration;
    session_effect session_effect; /* all zero unless sessions were held out */
    double *log10_low;             /* [n_origins]: bounds of the LR of each origin against the others (ELUB) */
    double *log10_high;            /* [n_origins] */
    size_t *specimens;             /* [n_origins] held out */
    size_t *units; /* [n_origins]: independent ones among them: localities if those were held out, else specimens */
} specimen_lr;

/* ADAMAS_E_DATA if some origin has no specimen that was held out: then there is no calibration. */
adamas_status specimen_lr_make(specimen_lr *out, const cross_fit *cf, adamas_error *error);
void specimen_lr_clear(specimen_lr *lr);

/* rejectable[n_origins]: has each origin enough held-out specimens to be rejected at epsilon? */
void specimen_lr_rejectable(const specimen_lr *lr, size_t n_origins, double epsilon, unsigned char *rejectable);

/* Natural log LRs of each origin against the others at equal weights, bounded: log_lr[n_origins]. scratch: the same. */
void specimen_lr_log_lr(const specimen_lr *lr, const double *log_density, double *log_lr, double *scratch);

/* typicality[n_origins]: p-values of one specimen. own[n_folds, n_origins]: its nonconformity under each of the
 * cross-fitted classifiers. scratch[n + n_folds]. */
void specimen_lr_typicality(const specimen_lr *lr, const cross_fit *cf, const double *own, double *typicality,
                            double *scratch);

/* A p-value of one origin: the share of its held-out specimens whose LR of it is no greater than the specimen's, the
 * specimen counted among them. The LRs are calibrated, not bounded. log_density, scratch: [n_origins]. */
double specimen_lr_p(const specimen_lr *lr, const cross_fit *cf, const double *log_density, size_t origin,
                     double *scratch);

/* Evaluates the specimens with include[] not 0 (NULL: all) of a dataset: fills their rows of the results. *spectrum
 * becomes their mean spectrum after preprocessing, [n_channels], for the caller to free; NULL: it is not wanted. full:
 * the classifier of all training specimens. lr: NULL if there is no calibration. cf: NULL if neither typicality nor LRs
 * are asked for. */
adamas_status specimen_lr_evaluate(specimen_results *v, double **spectrum, const classifier *full, const cross_fit *cf,
                                   const specimen_lr *lr, dataset *c, const unsigned char *include, work *w,
                                   adamas_error *error);

#endif
