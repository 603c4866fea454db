/* Options, progress, cancellation, and loops over items on several threads. */
#include "base/work.h"

#include "base/blas_threads.h"

#include <omp.h>

adamas_status work_begin(work *w, const adamas_options *options, adamas_error *error)
{
    static const adamas_options defaults = ADAMAS_OPTIONS_INIT;
    const adamas_options *o = options ? options : &defaults;
    if (o->struct_size < sizeof defaults)
        return status_set(error, ADAMAS_E_ARGUMENT, "adamas_options.struct_size is %zu, %zu expected", o->struct_size,
                          sizeof defaults);
    if (o->threads < 0 || o->threads > 4096)
        return status_set(error, ADAMAS_E_ARGUMENT, "threads is %d, 0 to 4096 expected", (int)o->threads);
    *w = (work){.threads = o->threads ? o->threads : omp_get_max_threads(),
                .seed = o->seed,
                .progress = o->progress,
                .progress_data = o->progress_data,
                .stage = "starting"};
    if (pthread_mutex_init(&w->lock, NULL))
        return status_no_memory(error);
    blas_threads_limit();
    return ADAMAS_OK;
}

void work_end(work *w)
{
    blas_threads_restore();
    pthread_mutex_destroy(&w->lock);
}

int work_threads(const work *w)
{
    return omp_in_parallel() ? 1 : w->threads;
}

/* Calls the callback; the caller holds the lock. */
static void call_progress(work *w)
{
    if (!atomic_load(&w->cancelled) && w->progress(w->progress_data, atomic_load(&w->stage), w->done, w->total))
        atomic_store(&w->cancelled, 1);
}

adamas_status work_progress(work *w, const char *stage, uint64_t done, uint64_t total, adamas_error *error)
{
    if (w->progress && !atomic_load(&w->cancelled)) {
        pthread_mutex_lock(&w->lock);
        atomic_store(&w->stage, stage);
        w->done = done;
        w->total = total;
        call_progress(w);
        pthread_mutex_unlock(&w->lock);
    }
    if (atomic_load(&w->cancelled))
        return status_set(error, ADAMAS_E_CANCELLED, "cancelled while %s", stage);
    return ADAMAS_OK;
}

/* If another thread is calling the callback now, this call does not wait for its answer: the next check has it. */
adamas_status work_check_cancelled(work *w, adamas_error *error)
{
    if (!w || !w->progress)
        return ADAMAS_OK;
    if (!pthread_mutex_trylock(&w->lock)) {
        call_progress(w);
        pthread_mutex_unlock(&w->lock);
    }
    if (atomic_load(&w->cancelled))
        return status_set(error, ADAMAS_E_CANCELLED, "cancelled while %s", atomic_load(&w->stage));
    return ADAMAS_OK;
}

typedef struct failure {
    size_t item;
    adamas_status status;
    adamas_error error;
} failure;

/* Keeps the failure that comes first in the order of items. */
static void keep_first(work *w, failure *first, size_t item, adamas_status status, const adamas_error *error)
{
    pthread_mutex_lock(&w->lock);
    if (!first->status || item < first->item)
        *first = (failure){.item = item, .status = status, .error = *error};
    pthread_mutex_unlock(&w->lock);
}

/* Items are started in order, so an item that waits for an earlier one (work_order) waits for one that is running. */
adamas_status work_each(work *w, size_t n, work_item each, void *context, adamas_error *error)
{
    failure first = {0};
    atomic_size_t next = 0, stop_at = n; /* items after the first failure are not done */
#pragma omp parallel num_threads(w->threads) if (!omp_in_parallel())
    for (size_t item; (item = atomic_fetch_add(&next, 1)) < atomic_load(&stop_at);) {
        adamas_error own = {0};
        adamas_status status = each(context, item, omp_get_thread_num(), &own);
        if (!status)
            status = work_check_cancelled(w, &own);
        if (status) {
            keep_first(w, &first, item, status, &own);
            size_t seen = atomic_load(&stop_at);
            while (item < seen && !atomic_compare_exchange_weak(&stop_at, &seen, item))
                ;
        }
    }
    if (first.status && error)
        *error = first.error;
    return first.status;
}

adamas_status work_order_begin(work_order *o, adamas_error *error)
{
    *o = (work_order){.failed = SIZE_MAX};
    if (pthread_mutex_init(&o->lock, NULL))
        return status_no_memory(error);
    if (!pthread_cond_init(&o->changed, NULL))
        return ADAMAS_OK;
    pthread_mutex_destroy(&o->lock);
    return status_no_memory(error);
}

adamas_status work_order_await(work_order *o, size_t item, adamas_error *error)
{
    pthread_mutex_lock(&o->lock);
    while (o->next < item && o->failed > item)
        pthread_cond_wait(&o->changed, &o->lock);
    size_t failed = o->failed;
    pthread_mutex_unlock(&o->lock);
    return failed < item ? status_set(error, ADAMAS_E_CANCELLED, "not done, because item %zu failed", failed)
                         : ADAMAS_OK;
}

void work_order_finish(work_order *o, size_t item, adamas_status status)
{
    pthread_mutex_lock(&o->lock);
    if (!status)
        o->next = item + 1;
    else if (item < o->failed)
        o->failed = item;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
}

void work_order_end(work_order *o)
{
    pthread_cond_destroy(&o->changed);
    pthread_mutex_destroy(&o->lock);
}
