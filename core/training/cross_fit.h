/* What is known of training specimens from classifiers that were fitted without them: the ground on which evidence
 * stands.
 */
#ifndef TRAINING_CROSS_FIT_H
#define TRAINING_CROSS_FIT_H

#include "dataset/folds.h"
#include "training/classifier.h"

enum { CROSS_FIT_FOLDS = 12 };

/* A row a specimen that was held out once. */
typedef struct cross_fit {
    size_t n_folds;
    classifier *classifiers; /* [n_folds]: each fitted without its fold */
    size_t n, n_origins;
    size_t *origin;        /* [n] */
    size_t *fold;          /* [n] */
    size_t *locality;      /* [n]: numbered through; by specimens, where the library's localities do not count */
    size_t *session;       /* [n]: numbered through; n_sessions where it is not known or more than one */
    size_t *shots;         /* [n] */
    double *log_density;   /* [n, n_origins] */
    double *nonconformity; /* [n, n_origins] */
    size_t n_localities, n_sessions;
    int by_locality; /* folds were of localities, else of specimens */
} cross_fit;

/* Does every origin have CROSS_FIT_MIN_LOCALITIES localities at least, so that localities can be held out? */
enum { CROSS_FIT_MIN_LOCALITIES = 3 };
adamas_status cross_fit_has_localities(int *out, const dataset *c, adamas_error *error);

/* Fits CROSS_FIT_FOLDS classifiers (fewer, where there are fewer groups), each without one fold of the training
 * specimens, and classifiers that fold's. group: as in folds_inner. Specimens that cannot be held out, being an
 * origin's only group, or that have no shot of use are no rows. span: NULL, or what the dataset's span_projection rows
 * are along: the classifiers are then kept in channels. */
adamas_status cross_fit_make(cross_fit *out, const compiled_method *r, const axis *library, dataset *c,
                             const unsigned char *training, const size_t *group, int by_locality, size_t n_components,
                             const pca *span, work *w, adamas_error *error);
void cross_fit_clear(cross_fit *h);

adamas_status cross_fit_save(const cross_fit *h, store *s, const char *group, adamas_error *error);
adamas_status cross_fit_load(cross_fit *out, const compiled_method *r, const axis *library, size_t n_origins, store *s,
                             const char *group, adamas_error *error);

#endif
