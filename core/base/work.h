/* One piece of work for a caller: his options, his progress callback, and the threads it may use. */
#ifndef BASE_WORK_H
#define BASE_WORK_H

#include "base/status.h"

#include <pthread.h>
#include <stdatomic.h>

typedef struct work {
    int threads; /* 1 or more: for `num_threads` of OpenMP's parallel regions */
    uint64_t seed;
    adamas_progress progress;
    void *progress_data;
    pthread_mutex_t lock;      /* the callback is never called by two threads at once */
    const char *_Atomic stage; /* what was last told */
    uint64_t done, total;
    atomic_int cancelled;
} work;

/* Checks the options (NULL: the defaults) and starts; work_end must follow a success. Between them BLAS runs on one
 * thread within each of ours, and afterwards as the host program had it. */
adamas_status work_begin(work *w, const adamas_options *options, adamas_error *error);
void work_end(work *w);

/* The threads that a work_each called here would use: 1 within another one. */
int work_threads(const work *w);

/* Tells the caller how far a stage is (total 0: not known); ADAMAS_E_CANCELLED where he asked to stop, now or before.
 */
adamas_status work_progress(work *w, const char *stage, uint64_t done, uint64_t total, adamas_error *error);

/* Asks again with what was last told, for use within long parts of a stage: of short items after every
 * WORK_CHECK_INTERVAL. NULL: there is nobody to ask. */
enum { WORK_CHECK_INTERVAL = 16 };
adamas_status work_check_cancelled(work *w, adamas_error *error);

/* Does item 0 ... n-1 of a context; `thread` is below w->threads: the scratch of that number is the item's own
 * meanwhile. */
typedef adamas_status (*work_item)(void *context, size_t item, int thread, adamas_error *error);

/* Does all items on the work's threads, in no certain order, so an item writes to places of its own, and asks the
 * caller after each. Where some fail the error is that of the first in the order of items; later ones may then be left
 * undone. Within another work_each it runs on the calling thread alone, as thread 0. */
adamas_status work_each(work *w, size_t n, work_item each, void *context, adamas_error *error);

/* For what must be done in the order of items although they are done side by side. Within each item of a work_each,
 * work_order_await returns when all items before it are finished; then, or where it fails before that, the item calls
 * work_order_finish with its status. Where an item before has failed, work_order_await says that this one is to be
 * left.
 */
typedef struct work_order {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    size_t next;   /* the first item that is not finished */
    size_t failed; /* the first that has failed */
} work_order;
adamas_status work_order_begin(work_order *o, adamas_error *error);
adamas_status work_order_await(work_order *o, size_t item, adamas_error *error);
void work_order_finish(work_order *o, size_t item, adamas_status status);
void work_order_end(work_order *o);

#endif
