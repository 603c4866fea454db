/* Cross-fitting: training specimens evaluated by classifiers that were fitted without them. Likelihood ratios and
 * typicality are calibrated on these. */
#ifndef TRAINING_CROSS_FIT_H
#define TRAINING_CROSS_FIT_H

#include "dataset/crossed_folds.h"
#include "dataset/inner_folds.h"
#include "training/classifier.h"

enum { CROSS_FIT_FOLDS = FOLDS_CROSSED_GROUPS * CROSSED_SESSION_PARTS };

/* One row for each specimen; each was held out in one fold. */
typedef struct cross_fit {
    size_t n_folds;
    classifier *classifiers; /* [n_folds]: each fitted without its fold */
    size_t n, n_origins;
    size_t *origin;        /* [n] */
    size_t *fold;          /* [n] */
    size_t *locality;      /* [n]: 0 ... n_localities - 1; each specimen's own number unless by_locality */
    size_t *session;       /* [n]: 0 ... n_sessions - 1; n_sessions if it is not known or there are several */
    size_t *shots;         /* [n] */
    double *log_density;   /* [n, n_origins] */
    double *nonconformity; /* [n, n_origins] */
    size_t n_localities, n_sessions;
    int by_locality; /* localities were held out, else specimens */
    int by_session;  /* sessions were held out with them */
} cross_fit;

/* *out: does every origin have at least CROSS_FIT_MIN_LOCALITIES localities, so that localities can be held out? */
enum { CROSS_FIT_MIN_LOCALITIES = 3 };
adamas_status cross_fit_has_localities(int *out, const dataset *c, adamas_error *error);

/* Fits CROSS_FIT_FOLDS classifiers (fewer if there are fewer groups), each without one fold of the training specimens,
 * and evaluates that fold's specimens with it. group: as in folds_inner. A specimen without a used shot, or in the only
 * group of its origin, which cannot be held out, has no row. span: as in classifier_make. */
adamas_status cross_fit_make(cross_fit *out, const compiled_method *compiled, const axis *library, dataset *c,
                             const unsigned char *training, const size_t *group, int by_locality, reduction most,
                             const pca *span, work *w, adamas_error *error);
void cross_fit_clear(cross_fit *cf);

/* Did the classifiers of all specimens know none of their sessions? Either sessions were held out with the groups, or
 * each lies in one fold as it is. 0 if one is not known. */
int cross_fit_holds_out_sessions(const cross_fit *cf);

adamas_status cross_fit_save(const cross_fit *cf, store *s, const char *group, adamas_error *error);
adamas_status cross_fit_load(cross_fit *out, const compiled_method *compiled, const axis *library, size_t n_origins,
                             store *s, const char *group, adamas_error *error);

#endif
