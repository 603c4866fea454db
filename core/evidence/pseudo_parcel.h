/* Pseudo-parcels: parcels of known origin, simulated from a library's specimens. Each origin's localities are dealt to
 * folds, so that a model fitted without a fold can be tried on specimens of it. A specimen is drawn as the estimated
 * position of its locality, with the error of that estimate, plus the deviation of some specimen of the origin from the
 * mean of its own locality, so that the few specimens of a locality make a parcel of any size. Specimens of none of the
 * origins are drawn from the model. All specimens of a pseudo-parcel share the shift of one measuring session. */
#ifndef EVIDENCE_PSEUDO_PARCEL_H
#define EVIDENCE_PSEUDO_PARCEL_H

#include "base/random.h"
#include "evidence/parcel_model.h"

typedef struct pseudo_library {
    const parcel_library *library;
    const parcel_model *model; /* of the whole library: the covariance within localities and the variance ratios */
    size_t n_localities;
    double *mean;           /* [n_localities, d] */
    double *n_specimens;    /* [n_localities] */
    double *origin_mean;    /* [n_origins, d] */
    size_t *first_specimen; /* [n_origins + 1]: the specimens of an origin are specimen[first_specimen[o] ...] */
    size_t *specimen;       /* [n]: rows of the library */
    size_t *first_locality; /* [n_origins + 1]: the localities of an origin are first_locality[o] ... */
    size_t *locality;       /* [n]: of each row of the library, 0 ... n_localities-1 */
} pseudo_library;

/* The library and the model must outlive it. All specimens of an origin whose locality is unknown count as one
 * locality. ADAMAS_E_MEMORY. */
adamas_status pseudo_library_make(pseudo_library *out, const parcel_library *library, const parcel_model *model,
                                  adamas_error *error);
void pseudo_library_clear(pseudo_library *p);

size_t pseudo_n_localities(const pseudo_library *p, size_t origin);

/* The i-th locality of an origin is in fold i modulo the number of its folds: PSEUDO_FOLDS, or the number of its
 * localities if that is less. `fold` is taken modulo that number too, so an origin of one locality is whole in each
 * fold. */
enum { PSEUDO_FOLDS = 4 };
int pseudo_is_in_fold(const pseudo_library *p, size_t specimen, size_t fold);

/* n specimens of an origin, from one of its localities in the fold, drawn at random: rows[n, d]. */
void pseudo_specimens(const pseudo_library *p, size_t origin, size_t fold, size_t n, random_stream *r, double *rows);

/* n specimens of one place that is none of the origins: rows[n, d]. */
void pseudo_specimens_of_none(const pseudo_library *p, size_t n, random_stream *r, double *rows);

/* Adds the shift of one session, drawn from the model, to all n specimens. */
void pseudo_add_session_shift(const pseudo_library *p, size_t n, random_stream *r, double *rows);

#endif
