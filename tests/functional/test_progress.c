/* The progress callback: its arguments, that no two threads call it at once, and that it can cancel any long work. */
#include "helpers.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static synthetic_set library, parcel;
static adamas_model *model;

static void put_text_files(void)
{
    for (int i = 0; i < 5; i++) {
        char name[32], text[400] = "";
        for (int c = 0; c < 20; c++)
            snprintf(text + strlen(text), 20, "%d\t%d\n", 300 + c, i * c);
        snprintf(name, sizeof name, "specimen-%d.txt", i);
        folder_put(name, text, strlen(text));
    }
}

static void begin(void)
{
    folder_begin();
    library = synthetic_make(synthetic_library);
    parcel = synthetic_make(synthetic_parcel);
    model = trained("snv | pca(3) | lda", &library, NULL);
    put_text_files();
}

static void end(void)
{
    adamas_model_free(model);
    synthetic_free(&library);
    synthetic_free(&parcel);
    folder_end();
}

TestSuite(progress, .init = begin, .fini = end);

static adamas_status import(const adamas_options *options, adamas_error *error)
{
    char paths[5][300];
    const char *files[5];
    for (int i = 0; i < 5; i++) {
        snprintf(paths[i], sizeof paths[i], "%s/specimen-%d.txt", folder, i);
        files[i] = paths[i];
    }
    adamas_import what = {.struct_size = sizeof what, .n_files = 5, .files = files};
    return adamas_spectra_import(in_folder("out.h5"), &what, options, error);
}

static adamas_status write(const adamas_options *options, adamas_error *error)
{
    return adamas_spectra_write(library.spectra, in_folder("out.h5"), options, error);
}

static adamas_status screen(const adamas_options *options, adamas_error *error)
{
    uint8_t fate[100];
    return adamas_spectra_screen(library.spectra, fate, options, error);
}

static adamas_status train(const adamas_options *options, adamas_error *error)
{
    adamas_method *method = method_of("align | snv | pca | twolevel");
    adamas_model *made;
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_train(&made, method, &only, 1, 1, options, error);
    cr_assert_eq(status == ADAMAS_OK, made != NULL);
    adamas_model_free(made);
    adamas_method_free(method);
    return status;
}

static adamas_status classify(const adamas_options *options, adamas_error *error)
{
    adamas_report *report;
    adamas_status status = adamas_model_classify(&report, model, parcel.spectra, NULL, options, error);
    cr_assert_eq(status == ADAMAS_OK, report != NULL);
    adamas_report_free(report);
    return status;
}

static adamas_status validate(const adamas_options *options, adamas_error *error)
{
    adamas_method *method = method_of("snv | pca(3) | lda");
    adamas_report *report;
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_validate(&report, method, &only, 1, NULL, options, error);
    cr_assert_eq(status == ADAMAS_OK, report != NULL);
    adamas_report_free(report);
    adamas_method_free(method);
    return status;
}

typedef struct job {
    const char *name, *stage;
    adamas_status (*run)(const adamas_options *options, adamas_error *error);
} job;

static const job jobs[] = {
    {"import", "reading files", import},       {"write", "writing spectra", write},
    {"screen", "screening shots", screen},     {"train", "choosing components", train},
    {"classify", "screening shots", classify}, {"validate", "validating", validate},
};

enum { n_jobs = sizeof jobs / sizeof *jobs };

typedef struct record {
    pthread_mutex_t busy;
    const char *wanted; /* a stage that must be reported */
    int seen, calls, two_at_once, is_invalid, went_back;
    int stop_at; /* the call that cancels; -1: none */
    char stage[100];
    uint64_t done;
} record;

static int32_t record_call(void *data, const char *stage, uint64_t done, uint64_t total)
{
    record *w = data;
    if (pthread_mutex_trylock(&w->busy)) {
        w->two_at_once = 1;
        return 0;
    }
    w->is_invalid |= !stage || !*stage || (total && done > total);
    w->went_back |= strcmp(w->stage, stage) == 0 && done < w->done;
    snprintf(w->stage, sizeof w->stage, "%s", stage);
    w->done = done;
    w->seen |= strcmp(stage, w->wanted) == 0;
    int cancel = w->calls++ == w->stop_at;
    pthread_mutex_unlock(&w->busy);
    return cancel;
}

static record run_recorded(const job *j, int32_t threads, int stop_at, adamas_status wanted)
{
    record w = {.busy = PTHREAD_MUTEX_INITIALIZER, .wanted = j->stage, .stop_at = stop_at};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = threads;
    options.progress = record_call;
    options.progress_data = &w;
    adamas_error error = {0};
    adamas_status status = j->run(&options, &error);
    int never_asked = threads > 1 && stop_at >= w.calls; /* threads that would call at the same time call once */
    cr_assert(status == wanted || (!status && never_asked), "%s: %d, %s", j->name, (int)status, error.message);
    if (status)
        cr_assert_not_null(strstr(error.message, "cancelled"), "%s", error.message);
    return w;
}

Test(progress, arguments_are_valid)
{
    for (size_t i = 0; i < n_jobs; i++)
        for (int32_t threads = 1; threads <= 3; threads += 2) {
            record w = run_recorded(&jobs[i], threads, -1, ADAMAS_OK);
            cr_assert_gt(w.calls, 0, "%s", jobs[i].name);
            cr_assert(w.seen, "%s: '%s' was not reported", jobs[i].name, jobs[i].stage);
            cr_assert_not(w.two_at_once, "%s", jobs[i].name);
            cr_assert_not(w.is_invalid, "%s", jobs[i].name);
            cr_assert(!w.went_back || threads > 1, "%s goes backwards on one thread", jobs[i].name);
        }
}

/* Cancelled at its first call, its second, ... the work leaves no file. */
Test(progress, every_call_can_cancel)
{
    for (size_t i = 0; i < n_jobs; i++) {
        remove(in_folder("out.h5"));
        int calls = run_recorded(&jobs[i], 1, -1, ADAMAS_OK).calls, step = calls > 20 ? calls / 20 : 1;
        remove(in_folder("out.h5"));
        int before = folder_entries();
        for (int stop = 0; stop < calls; stop += step) {
            record w = run_recorded(&jobs[i], 1 + stop % 2, stop, ADAMAS_E_CANCELLED);
            cr_assert_leq(w.calls, stop + 1, "%s called again after it was cancelled", jobs[i].name);
            if (w.calls <= stop)
                remove(in_folder("out.h5"));
            cr_assert_eq(folder_entries(), before, "%s", jobs[i].name);
        }
    }
}

typedef struct call_times {
    clock_t last, longest;
    char at[100];
} call_times;

/* Processor time since the last call, so that other programs on the machine do not count. */
static int32_t time_call(void *data, const char *stage, uint64_t done, uint64_t total)
{
    call_times *p = data;
    clock_t now = clock(), passed = now - p->last;
    (void)done;
    (void)total;
    if (passed > p->longest) {
        p->longest = passed;
        snprintf(p->at, sizeof p->at, "%s", stage);
    }
    p->last = now;
    return 0;
}

static double longest_share(adamas_status (*run)(const adamas_options *options, adamas_error *error), char *at)
{
    clock_t start = clock();
    call_times p = {.last = start};
    adamas_options options = ADAMAS_OPTIONS_INIT;
    options.threads = 1;
    options.progress = time_call;
    options.progress_data = &p;
    cr_assert_eq(run(&options, NULL), ADAMAS_OK);
    strcpy(at, p.at);
    return (double)p.longest / (double)(clock() - start);
}

/* Also in large work the callback is called often enough for a quick cancellation. */
Test(progress, large_work_calls_at_least_every_twentieth_of_its_time)
{
    static const synthetic_shape large = {3, 80, 16, 1000, 300, 0.03, 5, "large-", 0};
    synthetic_free(&library);
    synthetic_free(&parcel);
    library = synthetic_make(large);
    parcel = synthetic_make((synthetic_shape){3, 60, 4, 1000, 300, 0.03, 6, "unknown-", 1});
    adamas_model_free(model);
    model = trained("snv | pca(3) | twolevel", &library, NULL);
    adamas_status (*const runs[])(const adamas_options *, adamas_error *) = {train, validate, classify};
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char at[100];
        double share = longest_share(runs[i], at);
        cr_assert_lt(share, 0.05, "%.3f of the time passes without a call in '%s' (%zu)", share, at, i);
    }
}
