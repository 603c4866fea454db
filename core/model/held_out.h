/* What is known of training specimens from judges that were fitted without them: the ground on which evidence stands.
 */
#ifndef MODEL_HELD_OUT_H
#define MODEL_HELD_OUT_H

#include "model/folds.h"
#include "model/judge.h"

enum { HELD_OUT_FOLDS = 12 };

/* A row a specimen that was held out once. */
typedef struct held_out {
    size_t n_folds;
    judge *judges; /* [n_folds]: each fitted without its fold */
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
} held_out;

/* Does every origin have HELD_OUT_LOCALITIES localities at least, so that localities can be held out? */
enum { HELD_OUT_LOCALITIES = 3 };
adamas_status held_out_has_localities(int *out, const collection *c, adamas_error *error);

/* Fits HELD_OUT_FOLDS judges (fewer, where there are fewer groups), each without one fold of the training specimens,
 * and judges that fold's. group: as in folds_inner. Specimens that cannot be held out, being an origin's only group, or
 * that have no shot of use are no rows. span: NULL, or what the collection's condensed rows are along: the judges are
 * then kept in channels. */
adamas_status held_out_make(held_out *out, const recipe *r, const axis *library, collection *c,
                            const unsigned char *training, const size_t *group, int by_locality, size_t n_components,
                            const pca *span, work *w, adamas_error *error);
void held_out_clear(held_out *h);

adamas_status held_out_save(const held_out *h, store *s, const char *group, adamas_error *error);
adamas_status held_out_load(held_out *out, const recipe *r, const axis *library, size_t n_origins, store *s,
                            const char *group, adamas_error *error);

#endif
