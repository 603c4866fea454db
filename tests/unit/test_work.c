/* Parallel work: each item once, the first failure is told, progress cancels. */
#include "base/work.h"

#include "base/linalg.h"

#include <cblas.h>
#include <criterion/criterion.h>
#include <omp.h>
#include <string.h>
#include <unistd.h>

enum { n_items = 200 };

static work start(int threads)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    work w;
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    return w;
}

Test(work, options_are_checked)
{
    work w;
    adamas_error error = {0};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = -1;
    cr_assert_eq(work_begin(&w, &options, &error), ADAMAS_E_ARGUMENT);
    cr_assert_str_eq(error.message, "threads is -1, 0 to 4096 expected");
    options.threads = 4097;
    cr_assert_eq(work_begin(&w, &options, &error), ADAMAS_E_ARGUMENT);
    options = (adamas_options){.threads = 1};
    cr_assert_eq(work_begin(&w, &options, &error), ADAMAS_E_ARGUMENT);
    cr_assert_eq(strncmp(error.message, "adamas_options.struct_size is 0, ", 33), 0);
}

Test(work, defaults)
{
    omp_set_num_threads(3);
    openblas_set_num_threads(2);
    work w;
    cr_assert_eq(work_begin(&w, NULL, NULL), ADAMAS_OK);
    cr_assert_eq(w.threads, 3);
    cr_assert_eq(w.seed, 1);
    cr_assert_eq(openblas_get_num_threads(), 1);
    cr_assert_eq(work_progress(&w, "waiting", 1, 2, NULL), ADAMAS_OK);
    work_end(&w);
    cr_assert_eq(openblas_get_num_threads(), 2);
    w = start(7);
    cr_assert_eq(w.threads, 7);
    work_end(&w);
}

typedef struct items {
    int done[n_items];
    int thread_is_known; /* below w->threads, always */
    int threads;
    const size_t *failing;
    size_t n_failing;
} items;

static adamas_status count_or_fail(void *context, size_t item, int thread, adamas_error *error)
{
    items *all = context;
    all->done[item]++;
    if (thread < 0 || thread >= all->threads)
        all->thread_is_known = 0;
    for (size_t i = 0; i < all->n_failing; i++)
        if (item == all->failing[i]) {
            usleep(item < 60 ? 3000 : 0); /* the first items end last */
            return status_set(error, ADAMAS_E_DATA, "item %zu", item);
        }
    return ADAMAS_OK;
}

Test(work, each_item_is_done_once)
{
    for (int threads = 1; threads <= 4; threads++) {
        work w = start(threads);
        items all = {.thread_is_known = 1, .threads = threads};
        cr_assert_eq(work_each(&w, n_items, count_or_fail, &all, NULL), ADAMAS_OK);
        cr_assert_eq(work_each(&w, 0, count_or_fail, &all, NULL), ADAMAS_OK);
        for (size_t i = 0; i < n_items; i++)
            cr_assert_eq(all.done[i], 1);
        cr_assert(all.thread_is_known);
        work_end(&w);
    }
}

Test(work, the_first_failure_in_the_order_of_items_is_told)
{
    const size_t failing[] = {41, 42, 43, 60, 61, 199};
    for (int round = 0; round < 50; round++) {
        work w = start(1 + round % 4);
        items all = {.threads = w.threads, .failing = failing, .n_failing = sizeof failing / sizeof *failing};
        adamas_error error = {0};
        cr_assert_eq(work_each(&w, n_items, count_or_fail, &all, &error), ADAMAS_E_DATA);
        cr_assert_eq(error.code, ADAMAS_E_DATA);
        cr_assert_str_eq(error.message, "item 41");
        cr_assert_eq(work_each(&w, n_items, count_or_fail, &all, NULL), ADAMAS_E_DATA);
        for (size_t i = 0; i <= 41; i++)
            cr_assert_eq(all.done[i], 2);
        work_end(&w);
    }
}

typedef struct nest {
    work *w;
    int done[8][n_items];
    int strayed;
} nest;

typedef struct inner {
    int *done;
    int caller, strayed;
} inner;

static adamas_status inner_item(void *context, size_t item, int thread, adamas_error *error)
{
    inner *in = context;
    in->done[item]++;
    in->strayed |= thread != 0 || omp_get_ancestor_thread_num(1) != in->caller;
    return item == 150 ? status_set(error, ADAMAS_E_AXIS, "inner %zu", item) : ADAMAS_OK;
}

static adamas_status outer_item(void *context, size_t item, int thread, adamas_error *error)
{
    nest *all = context;
    inner in = {.done = all->done[item], .caller = thread};
    adamas_status status = work_each(all->w, n_items, inner_item, &in, error);
    if (in.strayed)
        all->strayed = 1;
    return item % 2 ? ADAMAS_OK : status;
}

/* Also if the host program allows nested parallel regions. */
Test(work, nested_work_stays_on_its_thread)
{
    for (int levels = 1; levels <= 3; levels++) {
        omp_set_max_active_levels(levels);
        work w = start(3);
        nest all = {.w = &w};
        adamas_error error = {0};
        cr_assert_eq(work_each(&w, 8, outer_item, &all, &error), ADAMAS_E_AXIS);
        cr_assert_str_eq(error.message, "inner 150");
        cr_assert_not(all.strayed, "%d levels", levels);
        for (size_t i = 0; i <= 150; i++)
            cr_assert_eq(all.done[0][i], 1);
        work_end(&w);
    }
}

typedef struct listener {
    int calls, stop_at, at_once, was_at_once;
    char stage[32];
    uint64_t total;
} listener;

static int32_t listen(void *data, const char *stage, uint64_t done, uint64_t total)
{
    listener *l = data;
    (void)done;
    if (l->at_once++)
        l->was_at_once = 1;
    snprintf(l->stage, sizeof l->stage, "%s", stage);
    l->total = total;
    usleep(20);
    l->at_once--;
    return ++l->calls == l->stop_at;
}

static adamas_status tell(void *context, size_t item, int thread, adamas_error *error)
{
    (void)thread;
    return work_progress(context, "counting", item, n_items, error);
}

Test(work, progress_cancels_and_is_not_called_again)
{
    listener l = {.stop_at = 20};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 4;
    options.progress = listen;
    options.progress_data = &l;
    work w;
    adamas_error error = {0};
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(work_each(&w, n_items, tell, &w, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while counting");
    cr_assert_eq(l.calls, 20);
    cr_assert_str_eq(l.stage, "counting");
    cr_assert_eq(l.total, n_items);
    cr_assert_not(l.was_at_once);
    cr_assert_eq(work_progress(&w, "going on", 0, 0, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while going on");
    cr_assert_eq(l.calls, 20);
    work_end(&w);
}

typedef struct asking {
    int calls, stop_at, as_told;
    size_t done;
} asking;

static int32_t answer(void *data, const char *stage, uint64_t done, uint64_t total)
{
    asking *a = data;
    a->as_told += strcmp(stage, "sorting") == 0 && done == 3 && total == 7;
    return ++a->calls == a->stop_at;
}

static adamas_status count_item(void *context, size_t item, int thread, adamas_error *error)
{
    (void)item, (void)thread, (void)error;
    ((asking *)context)->done++;
    return ADAMAS_OK;
}

Test(work, the_caller_is_asked_after_each_item)
{
    asking a = {0};
    adamas_error error;
    adamas_options options = {sizeof options, 1, 1, answer, &a};
    work w;
    cr_assert_eq(work_check_cancelled(NULL, &error), ADAMAS_OK);
    cr_assert_eq(work_begin(&w, &options, NULL), ADAMAS_OK);
    cr_assert_eq(work_progress(&w, "sorting", 3, 7, &error), ADAMAS_OK);
    cr_assert_eq(work_each(&w, 10, count_item, &a, &error), ADAMAS_OK);
    cr_assert(a.calls == 11 && a.as_told == 11 && a.done == 10);
    a.stop_at = 15;
    cr_assert_eq(work_each(&w, 10, count_item, &a, &error), ADAMAS_E_CANCELLED);
    cr_assert_str_eq(error.message, "cancelled while sorting");
    cr_assert(a.calls == 15 && a.done == 14);
    cr_assert_eq(work_check_cancelled(&w, NULL), ADAMAS_E_CANCELLED);
    cr_assert_eq(a.calls, 15);
    work_end(&w);
}
