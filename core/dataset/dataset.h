/* Spectra sets taken together: specimens and shots are numbered through, and shots are grouped by specimen. */
#ifndef DATASET_DATASET_H
#define DATASET_DATASET_H

#include "store/spectra.h"

typedef struct dataset {
    size_t n_sets;
    const adamas_spectra *const *sets;
    size_t n_shots, n_specimens;
    size_t *set_first;  /* [n_sets + 1]: first specimen of each set */
    size_t *first_shot; /* [n_specimens + 1]: start of each specimen's shots in `shot` */
    size_t *shot;       /* [n_shots]: rows of the specimen's set, in order */
    uint8_t *shot_flag; /* [n_shots], as `shot`: ADAMAS_SHOT_USED, ... once is_screened */
    size_t n_origins;   /* 0 if origins were not asked for */
    char **origins;     /* [n_origins], cut to their first `level` parts, sorted */
    size_t *origin;     /* [n_specimens] */
    size_t n_localities, n_sessions;
    size_t *locality; /* [n_specimens]: the whole path of the origin, numbered; NULL if origins were not asked for */
    size_t *session;  /* [n_specimens]: dataset_session, numbered; n_sessions if it is "". NULL as locality */
    size_t stride;    /* channels of the widest set */
    float *cache;     /* [n_shots, cache_stride], as `shot`; NULL if nothing is cached */
    size_t cache_stride;
    int cache_is_whole;       /* 1 for preprocessed rows, 0 for raw ones */
    size_t n_coordinates;     /* of cached rows that span_projection.h has projected, else 0 */
    double *residual_squares; /* [n_specimens]: sum over shots of the squared distance from that span; or NULL */
    int is_screened;          /* shot_flag[] is known */
} dataset;

/* A view without one of the origins: the same specimens and shots; `origin` of that origin's specimens is n_origins,
 * and they must not be trained on. The dataset must outlive it. */
adamas_status dataset_without(dataset *view, const dataset *c, size_t origin, adamas_error *error);
void dataset_without_clear(dataset *view);

/* The number of a specimen's shots, used or not. */
size_t dataset_shots(const dataset *c, size_t specimen);

/* The set of a specimen, and an entry of its row in the set's table of specimens. */
size_t dataset_set(const dataset *c, size_t specimen);
const char *dataset_text(const dataset *c, size_t specimen, const char *column);

/* The session of a specimen's shots; "" if it is not known or there are several. */
const char *dataset_session(const dataset *c, size_t specimen);

/* level: parts of an origin's path that are told apart; 0: origins are not asked for (a parcel). ADAMAS_E_DATA if a
 * specimen id is in two sets, an origin is missing, or a set is preprocessed. The sets must outlive it. */
adamas_status dataset_make(dataset *out, const adamas_spectra *const *sets, size_t n_sets, int32_t level,
                           adamas_error *error);

/* One set, raw or preprocessed, without origins. *set must outlive it. */
adamas_status dataset_of_set(dataset *out, const adamas_spectra *const *set, adamas_error *error);

/* ADAMAS_E_ARGUMENT if the set's specimens are not known. */
adamas_status dataset_check_specimens(const adamas_spectra *set, adamas_error *error);

/* Groups the rows of a set by specimen: shot[first[k]] ... are the rows of specimen k, rising. first[specimens + 1],
 * shot[n_shots]. The set's specimens must be known. */
void dataset_group_shots(const adamas_spectra *set, size_t *first, size_t *shot);

void dataset_clear(dataset *c);

/* ADAMAS_E_DATA if the set is preprocessed. */
adamas_status dataset_check_raw(const adamas_spectra *set, adamas_error *error);

#endif
