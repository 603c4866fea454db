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
    pthread_mutex_t lock; /* the callback is never called by two threads at once */
    atomic_int cancelled;
} work;

/* Checks the options (NULL: the defaults) and starts; work_end must follow a success. Between them BLAS runs on one
 * thread within each of ours, and afterwards as the host program had it. */
adamas_status work_begin(work *w, const adamas_options *options, adamas_error *error);
void work_end(work *w);

/* Tells the caller how far a stage is (total 0: not known); ADAMAS_E_CANCELLED where he asked to stop, now or before.
 */
adamas_status work_progress(work *w, const char *stage, uint64_t done, uint64_t total, adamas_error *error);

/* Does item 0 ... n-1 of a context; `thread` is below w->threads: the scratch of that number is the item's own
 * meanwhile. */
typedef adamas_status (*work_item)(void *context, size_t item, int thread, adamas_error *error);

/* Does all items on the work's threads, in no certain order, so an item writes to places of its own. Where some fail
 * the error is that of the first in the order of items; later ones may then be left undone. Within another work_each it
 * runs on the calling thread alone, as thread 0. */
adamas_status work_each(work *w, size_t n, work_item each, void *context, adamas_error *error);

#endif
