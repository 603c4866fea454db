/* One call of the library: its options, its progress callback, and the threads that it may use. */
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
    const char *_Atomic stage; /* the arguments of the last call of the callback */
    uint64_t done, total;
    atomic_int cancelled;
} work;

/* Checks the options (NULL: the defaults) and starts; work_end must follow a success. Between them BLAS runs on one
 * thread within each of ours, and afterwards on as many as the host program had set. */
adamas_status work_begin(work *w, const adamas_options *options, adamas_error *error);
void work_end(work *w);

/* The number of threads that work_each would use here: 1 within another work_each. */
int work_threads(const work *w);

/* Reports how far a stage is (total 0: not known); ADAMAS_E_CANCELLED if the callback asks to stop, or did before. */
adamas_status work_progress(work *w, const char *stage, uint64_t done, uint64_t total, adamas_error *error);

/* Calls the callback again with the last report, within long parts of a stage: after every WORK_CHECK_INTERVAL of short
 * items. ADAMAS_E_CANCELLED as above. A NULL work cannot be cancelled. */
enum { WORK_CHECK_INTERVAL = 16 };
adamas_status work_check_cancelled(work *w, adamas_error *error);

/* Processes one item, 0 ... n-1. `thread` is below w->threads: no two items run with the same thread at once, so it can
 * select a workspace. */
typedef adamas_status (*work_item)(void *context, size_t item, int thread, adamas_error *error);

/* Processes all items on the work's threads, in no particular order (so each item writes to memory of its own), and
 * checks for cancellation after each. If items fail, the error is that of the first one in the order of items, and
 * later items may not be done. Within another work_each it runs on the calling thread alone, as thread 0. */
adamas_status work_each(work *w, size_t n, work_item each, void *context, adamas_error *error);

/* Puts a part of each item in the order of items, although items run in parallel. Within each item of a work_each,
 * work_order_await returns when all earlier items are finished; then, or if it fails before that, the item calls
 * work_order_finish with its status. If an earlier item has failed, work_order_await returns ADAMAS_E_CANCELLED. */
typedef struct work_order {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t next;   /* the first item that is not finished */
    size_t failed; /* the first that has failed */
} work_order;
adamas_status work_order_begin(work_order *o, adamas_error *error);
adamas_status work_order_await(work_order *o, size_t item, adamas_error *error);
void work_order_finish(work_order *o, size_t item, adamas_status status);
void work_order_end(work_order *o);

#endif
