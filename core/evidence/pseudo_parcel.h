/* Pseudo-parcels: what parcels of known origin would look like, made of a library's held-out stones. Each origin's
 * localities are dealt to parts, so that a model that was fitted without a part can judge stones of it. A stone is what
 * is known of its locality (an estimate, with its error) and the deviation of some stone of the origin and part from
 * the mean of its own locality, so that a locality's few stones make a parcel of any size; strangers are drawn from the
 * model. All stones of a pseudo-parcel share the shift of a measuring session of their own. */
#ifndef EVIDENCE_PSEUDO_PARCEL_H
#define EVIDENCE_PSEUDO_PARCEL_H

#include "base/random.h"
#include "evidence/parcel_model.h"

typedef struct pseudo_library {
    const parcel_library *library;
    const parcel_model *model; /* of the whole library: the session's and the strangers' spread */
    size_t n_localities;
    double *mean;        /* [n_localities, d] */
    double *stones;      /* [n_localities]: how many it has */
    double *origin_mean; /* [n_origins, d] */
    size_t *first_stone; /* [n_origins + 1] into stone: the stones by origin */
    size_t *stone;       /* [n] */
    size_t *first_place; /* [n_origins + 1] into place: the localities by origin */
    size_t *locality;    /* [n]: of each stone, numbered through 0 ... n_localities - 1 */
} pseudo_library;

/* The library and the model must outlive it.
 * Localities that are not known count as one for each origin. */
adamas_status pseudo_library_make(pseudo_library *out, const parcel_library *library, const parcel_model *model,
                                  adamas_error *error);
void pseudo_library_clear(pseudo_library *p);

/* How many localities an origin has. */
size_t pseudo_n_localities(const pseudo_library *p, size_t origin);

/* The i-th locality of an origin is in part i modulo PSEUDO_FOLDS, or modulo the number of its localities where that is
 * less; so is a part's number taken. An origin of one locality is whole in each part. */
enum { PSEUDO_FOLDS = 4 };
int pseudo_is_in_fold(const pseudo_library *p, size_t stone, size_t part);

/* n stones of an origin from some locality of a part, to rows[n, d]; strangers, of none of the origins. */
void pseudo_specimens(const pseudo_library *p, size_t origin, size_t part, size_t n, random_stream *r, double *rows);
void pseudo_specimens_of_none(const pseudo_library *p, size_t n, random_stream *r, double *rows);

/* Moves all n stones by one session's shift. */
void pseudo_add_session_shift(const pseudo_library *p, size_t n, random_stream *r, double *rows);

#endif
