/* Spectra sets taken together: specimens and shots numbered through, the shots that are of use, and a way to go over
 * preprocessed shots specimen by specimen without holding them all. */
#ifndef DATASET_DATASET_H
#define DATASET_DATASET_H

#include "pipeline/pipeline.h"
#include "store/spectra.h"

typedef struct dataset {
    size_t n_sets;
    const adamas_spectra *const *sets;
    size_t n_shots, n_specimens;
    size_t *set_first;  /* [n_sets + 1]: first specimen of each set */
    size_t *first_shot; /* [n_specimens + 1]: where a specimen's shots start in `shot` */
    size_t *shot;       /* [n_shots]: rows of the specimen's set, in order */
    uint8_t *shot_flag; /* [n_shots], beside `shot` */
    size_t n_origins;   /* 0 where origins were not asked for */
    char **origins;     /* [n_origins], cut to their first `level` parts, sorted */
    size_t *origin;     /* [n_specimens] */
    size_t stride;      /* channels of the widest set */
    float *cache;       /* rows beside `shot`; NULL where nothing is cached */
    size_t cache_stride;
    int cache_is_whole;   /* preprocessed rows are cached, else raw ones */
    size_t n_coordinates; /* 0, or cached rows are in so many coordinates, see dataset_project_to_span */
    double
        *residual_squares; /* [n_specimens]: sum over shots of the squared distance that these do not hold, or NULL */
    int is_screened;       /* fate[] is known */
} dataset;

/* The same specimens and shots with one origin dropped from those told apart: its specimens' `origin` becomes
 * n_origins, and they must not be trained on. A view: the dataset must outlive it. */
adamas_status dataset_without(dataset *view, const dataset *c, size_t origin, adamas_error *error);
void dataset_without_clear(dataset *view);

/* How many shots a specimen has, whatever their fate. */
size_t dataset_shots(const dataset *c, size_t specimen);

/* Where a specimen's set is, and the row of the specimens' table. */
size_t dataset_set(const dataset *c, size_t specimen);
const char *dataset_text(const dataset *c, size_t specimen, const char *column);

/* The session of a specimen's shots, "" where they are of several or it is not known. */
const char *dataset_session(const dataset *c, size_t specimen);

/* Puts sets together. level 0: origins are not asked for (a parcel). ADAMAS_E_DATA where a specimen id stands in two
 * sets or an origin is missing. The sets must outlive it. */
adamas_status dataset_make(dataset *out, const adamas_spectra *const *sets, size_t n_sets, int32_t level,
                           adamas_error *error);

/* The fate of each shot of one set: fate[n_shots], in the order of its rows. */
adamas_status dataset_screen_set(const adamas_spectra *set, uint8_t *fate, work *w, adamas_error *error);

/* Judges every shot: to be done before anything looks at fate[]. dataset_scan does it on its way where it has not
 * been done. */
adamas_status dataset_screen(dataset *c, work *w, adamas_error *error);
void dataset_clear(dataset *c);

/* ADAMAS_E_DATA where the set has been through a method's preprocessing. */
adamas_status dataset_check_raw(const adamas_spectra *set, adamas_error *error);

/* Keeps rows in memory where they take no more than DATASET_CACHE_MAX_BYTES bytes, so that the folds of a
 * cross-validation need not read them again: preprocessed ones for a compiled_method whose preprocessing needs no
 * fitting (`whole` is then its pipeline; shots of no use have none, and all are judged on the way), else raw ones
 * (whole is NULL). Sooner than dataset_screen, which then reads nothing. */
#define DATASET_CACHE_MAX_BYTES ((size_t)1 << 30)
adamas_status dataset_cache(dataset *c, const pipeline *whole, work *w, adamas_error *error);

/* Rows of some neighbouring specimens, or, if one has more than BATCH_MAX_SHOTS shots, some rows of that one. A scan
 * through a pipeline shows the shots of use; dataset_scan_raw shows every shot with its flag. */
enum { BATCH_MAX_SHOTS = 256, BATCH_MAX_SPECIMENS = 32 };
typedef struct row_batch {
    size_t pipeline;        /* which of the scan's */
    size_t n_specimens;     /* BATCH_MAX_SPECIMENS at most */
    const size_t *specimen; /* [n_specimens] */
    const size_t *first;    /* [n_specimens + 1]: where the rows of each start; it may have none */
    size_t n_channels;
    const float *rows;        /* [first[n_specimens], n_channels] */
    const uint8_t *shot_flag; /* [first[n_specimens]]; NULL if all are of use */
    int begins, ends;         /* the first, the last part of its specimens */
} row_batch;

/* Who looks at the rows. Parts that are at hand at one time are gathered by several threads: `thread` is below
 * w->threads, and a specimen's parts come to one thread, in order. What must not depend on the number of threads, sums
 * over specimens above all, waits for reduce, which is called for one block after the other, in their order, by the
 * thread that has gathered it. */
typedef struct scan_visitor {
    void *context;
    adamas_status (*accumulate)(void *context, int thread, const row_batch *part, adamas_error *error);
    adamas_status (*reduce)(void *context, int thread, adamas_error *error); /* NULL: there is nothing to settle */
    int reduce_each_batch; /* settle after each part, while its rows are still there, not after a specimen's last part
                              alone */
} scan_visitor;

/* Channels of the rows that a scan visits after the first n_stages stages. */
size_t dataset_channels(const dataset *c, const pipeline *p, size_t n_stages);

/* Preprocessed rows that one scan leaves for the next over the same pipeline. All zero remembers nothing. */
typedef struct row_cache {
    float *rows;          /* [n_shots, channels], NULL where there are too many to remember */
    unsigned char *known; /* [n_shots] */
} row_cache;

/* For the rows of a whole pipeline, of channels each, where they take no more than ROW_CACHE_MAX_BYTES bytes. */
#define ROW_CACHE_MAX_BYTES ((size_t)1 << 28)
adamas_status row_cache_make(row_cache *out, const dataset *c, size_t channels, adamas_error *error);
void row_cache_clear(row_cache *m);

/* Shows the specimens whose include[] is not 0 (NULL: all) after the first n_stages stages of each of the pipelines,
 * which are of one compiled_method and one axis and differ in what is fitted. unusable (NULL is fine) [n_specimens]
 * counts shots of which the first pipeline left nothing. remembered: NULL, or rows of the whole pipeline, if it is one,
 * from another scan. */
adamas_status dataset_scan(dataset *c, const pipeline *const *pipelines, size_t n_pipelines, size_t n_stages,
                           const unsigned char *include, work *w, row_cache *remembered, const scan_visitor *visitor,
                           size_t *unusable, adamas_error *error);

/* Shows every shot of every specimen, as it was measured, on the axis of its set. */
adamas_status dataset_scan_raw(dataset *c, work *w, const scan_visitor *visitor, adamas_error *error);

#endif
