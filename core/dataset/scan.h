/* Going over the shots of a dataset, specimen by specimen, without holding them all. */
#ifndef DATASET_SCAN_H
#define DATASET_SCAN_H

#include "dataset/dataset.h"
#include "dataset/row_cache.h"
#include "pipeline/pipeline.h"

/* Rows of some neighbouring specimens; if one has more than BATCH_MAX_SHOTS shots, some rows of that one alone. A scan
 * through a pipeline shows the used shots; dataset_scan_raw shows every shot with its flag. */
enum { BATCH_MAX_SHOTS = 256, BATCH_MAX_SPECIMENS = 32 };
typedef struct row_batch {
    size_t pipeline;        /* which of the scan's pipelines */
    size_t n_specimens;     /* BATCH_MAX_SPECIMENS at most */
    const size_t *specimen; /* [n_specimens] */
    const size_t *first;    /* [n_specimens + 1]: start of each specimen's rows; it may have none */
    size_t n_channels;
    const float *rows;        /* [first[n_specimens], n_channels] */
    const uint8_t *shot_flag; /* [first[n_specimens]]; NULL if all shots are used */
    int begins, ends;         /* is it the first, the last batch of its specimens? */
} row_batch;

/* What is done with the rows. accumulate is called for batches by several threads at once: `thread` is below
 * w->threads; the batches of a specimen come to one thread, in order. reduce is called for one batch after the other,
 * in their order, by the thread that accumulated it: results that must not depend on the number of threads, such as
 * sums over specimens, are made there. */
typedef struct scan_visitor {
    void *context;
    adamas_status (*accumulate)(void *context, int thread, const row_batch *batch, adamas_error *error);
    adamas_status (*reduce)(void *context, int thread, adamas_error *error); /* NULL: nothing to reduce */
    int reduce_each_batch; /* reduce after every batch, while its rows are valid, not after the last one alone */
} scan_visitor;

/* Channels of the rows that a scan shows after the first n_stages stages. */
size_t dataset_channels(const dataset *c, const pipeline *p, size_t n_stages);

/* Shows the specimens with include[] not 0 (NULL: all) after the first n_stages stages of each of the pipelines, which
 * are of one method and one axis and differ in what is fitted. unusable[n_specimens] (or NULL) counts shots that the
 * first pipeline makes NaN. rows: NULL, or the cache of preprocessed rows of the pipeline, if there is one pipeline,
 * which the scan reads and fills. Screens the shots on the way if that has not been done. */
adamas_status dataset_scan(dataset *c, const pipeline *const *pipelines, size_t n_pipelines, size_t n_stages,
                           const unsigned char *include, work *w, row_cache *rows, const scan_visitor *visitor,
                           size_t *unusable, adamas_error *error);

/* Shows every shot of every specimen, raw, on the axis of its set. */
adamas_status dataset_scan_raw(dataset *c, work *w, const scan_visitor *visitor, adamas_error *error);

/* Screens every shot: fills shot_flag[], if that has not been done. */
adamas_status dataset_screen(dataset *c, work *w, adamas_error *error);

/* The flag of each shot of one set: flag[n_shots], in the order of its rows. */
adamas_status dataset_screen_set(const adamas_spectra *set, uint8_t *flag, work *w, adamas_error *error);

#endif
