/* Spectra sets taken together: specimens and shots numbered through, the shots that are of use, and a way to go over
 * preprocessed shots specimen by specimen without holding them all. */
#ifndef MODEL_COLLECTION_H
#define MODEL_COLLECTION_H

#include "io/spectra.h"
#include "model/pipeline.h"

typedef struct collection {
    size_t n_sets;
    const adamas_spectra *const *sets;
    size_t n_shots, n_specimens;
    size_t *set_first;  /* [n_sets + 1]: first specimen of each set */
    size_t *first_shot; /* [n_specimens + 1]: where a specimen's shots start in `shot` */
    size_t *shot;       /* [n_shots]: rows of the specimen's set, in order */
    uint8_t *fate;      /* [n_shots], beside `shot` */
    size_t n_origins;   /* 0 where origins were not asked for */
    char **origins;     /* [n_origins], cut to their first `level` parts, sorted */
    size_t *origin;     /* [n_specimens] */
    size_t stride;      /* channels of the widest set */
    float *cache;       /* rows beside `shot`; NULL where nothing is cached */
    size_t cache_stride;
    int cache_is_whole;    /* preprocessed rows are cached, else raw ones */
    size_t n_condensed;    /* 0, or cached rows are in so many coordinates, see fit_condense */
    double *off;           /* [n_specimens]: sum over shots of the squared distance that these do not hold, or NULL */
    pthread_mutex_t *lock; /* around reading: folds run side by side over the same files */
} collection;

/* The same specimens and shots with one origin dropped from those told apart: its specimens' `origin` becomes
 * n_origins, and they must not be trained on. A view: the collection must outlive it. */
adamas_status collection_without(collection *view, const collection *c, size_t origin, adamas_error *error);
void collection_without_clear(collection *view);

/* Where a specimen's set is, and the row of the specimens' table. */
size_t collection_set(const collection *c, size_t specimen);
const char *collection_text(const collection *c, size_t specimen, const char *column);

/* The session of a specimen's shots, "" where they are of several or it is not known. */
const char *collection_session(const collection *c, size_t specimen);

/* Puts sets together and screens every shot. level 0: origins are not asked for (a parcel). ADAMAS_E_DATA where a
 * specimen id stands in two sets or an origin is missing. The sets must outlive it. */
adamas_status collection_make(collection *out, const adamas_spectra *const *sets, size_t n_sets, int32_t level, work *w,
                              adamas_error *error);
void collection_clear(collection *c);

/* ADAMAS_E_DATA where the set has been through a method's preprocessing. */
adamas_status collection_check_raw(const adamas_spectra *set, adamas_error *error);

/* Keeps rows in memory where they take no more than COLLECTION_CACHE bytes, so that the folds of a cross-validation
 * need not read them again: preprocessed ones for a recipe whose preprocessing needs no fitting (`whole` is then its
 * pipeline), else raw ones (whole is NULL). */
#define COLLECTION_CACHE ((size_t)1 << 30)
adamas_status collection_cache(collection *c, const pipeline *whole, work *w, adamas_error *error);

/* The shots of one specimen, or, where it has more than COLLECTION_PART, of a part of it: rows[n, channels], those of
 * use. */
enum { COLLECTION_PART = 256 };
typedef adamas_status (*collection_visit)(void *context, size_t specimen, size_t n, const float *rows,
                                          adamas_error *error);

/* Channels of the rows that a scan visits after the first n_stages stages. */
size_t collection_channels(const collection *c, const pipeline *p, size_t n_stages);

/* Preprocessed rows that one scan leaves for the next over the same pipeline. All zero remembers nothing. */
typedef struct memo {
    float *rows;          /* [n_shots, channels], NULL where there are too many to remember */
    unsigned char *known; /* [n_shots] */
} memo;

/* For the rows of a whole pipeline, of channels each, where they take no more than MEMO_MOST bytes. */
#define MEMO_MOST ((size_t)1 << 28)
adamas_status memo_make(memo *out, const collection *c, size_t channels, adamas_error *error);
void memo_clear(memo *m);

/* Visits, on the calling thread and in order, the specimens whose include[] is not 0 (NULL: all) after the pipeline's
 * first n_stages stages. A part of which no shot is of use is not visited. spoilt (NULL is fine) [n_specimens] counts
 * shots of which preprocessing left nothing. remembered: NULL, or rows of the whole pipeline from another scan. */
adamas_status collection_scan(collection *c, const pipeline *p, size_t n_stages, const unsigned char *include, work *w,
                              memo *remembered, collection_visit visit, void *context, size_t *spoilt,
                              adamas_error *error);

#endif
