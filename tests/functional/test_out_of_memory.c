/* Allocations of the core fail in turn: the call returns ADAMAS_E_MEMORY and leaves no file. The linker's --wrap
 * replaces the allocator, so the library needs no hook; allocations of other libraries do not fail.
 *
 * A job allocates thousands of times, but on few call paths, the chains of calls that lead to an allocation. On a path
 * the first allocation fails, and the last, after which most is to be released. */
#include "helpers.h"
#include "sanitized.h"

#include <execinfo.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { path_frames = 8, max_paths = 1 << 13 };

/* The numbers of the first and the last allocation on a call path; first is 0 if the job does not take it. */
typedef struct call_path {
    uint64_t hash;
    long first, last;
    int has_failed; /* in an earlier sweep of the same test */
} call_path;

static call_path paths[max_paths]; /* by hash, with open addressing */
static int is_recording;
static atomic_long calls, fails_at; /* 0: none */

/* By the FNV-1a hash of the return addresses. */
static call_path *path_here(void)
{
    void *frame[path_frames];
    int n_frames = backtrace(frame, path_frames);
    uint64_t hash = 14695981039346656037u;
    for (int i = 0; i < n_frames; i++)
        hash = (hash ^ (uintptr_t)frame[i]) * 1099511628211u;
    size_t at = hash % max_paths;
    while (paths[at].hash && paths[at].hash != hash)
        at = (at + 1) % max_paths;
    paths[at].hash = hash;
    return &paths[at];
}

/* Jobs run on one thread while they are recorded. */
static void record(void)
{
    long n = atomic_fetch_add(&calls, 1) + 1;
    call_path *path = path_here();
    if (path->first == 0)
        path->first = n;
    path->last = n;
}

static int fails(void)
{
    if (is_recording) {
        record();
        return 0;
    }
    long n = atomic_load(&fails_at);
    return n && atomic_fetch_add(&calls, 1) + 1 == n;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t boundary, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t n);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_aligned_alloc(size_t boundary, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t n);

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_aligned_alloc(size_t boundary, size_t size)
{
    return fails() ? NULL : __real_aligned_alloc(boundary, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t n)
{
    return fails() ? NULL : __real_strndup(text, n);
}

static synthetic_set library, parcel;
static adamas_model *model;
static adamas_method *method;
static adamas_options options = ADAMAS_OPTIONS_INIT;

static void put_text_files(void)
{
    static const char wide[] = "specimen,origin,session,300,300.1,300.2,300.3\n"
                               "a,alpha/east,m,1,2,3,4\nb,beta,m,2,3,4,5\na,alpha/east,t,1,2,4,4\n";
    static const char single[] = "# wavelength\tintensity\n300\t1\n301\t2\n302\t5\n303\t1\n";
    static const char other[] = "300,0;1,5\n301,5;2,5\n303,0;5,25\n";
    static const char table[] = "file;origin;mass_ct\na-1.txt;alpha;0,5\nb-1.txt;beta;0,25\n";
    folder_put("wide.csv", wide, sizeof wide - 1);
    folder_put("a-1.txt", single, sizeof single - 1);
    folder_put("b-1.txt", other, sizeof other - 1);
    folder_put("table.csv", table, sizeof table - 1);
}

static void begin(void)
{
    static const synthetic_shape small = {3, 4, 2, 80, 300, 0.1, 1, "stone", 0},
                                 seized = {2, 1, 4, 90, 299.5, 0.1, 9, "seized", 1};
    folder_begin();
    options.threads = 1;
    library = synthetic_make(small);
    parcel = synthetic_make(seized);
    model = trained("align | snip(5) | snv | pca(2) | twolevel", &library, &options);
    adamas_error error = {0};
    expect_ok(adamas_model_write(model, in_folder("model.h5"), &error), &error);
    expect_ok(adamas_spectra_set_fact(library.spectra, "case/parcel", "K-7", &error), &error);
    expect_ok(adamas_spectra_write(library.spectra, in_folder("library.h5"), &options, &error), &error);
    put_text_files();
}

static void end(void)
{
    adamas_method_free(method);
    adamas_model_free(model);
    synthetic_free(&library);
    synthetic_free(&parcel);
    folder_end();
}

TestSuite(out_of_memory, .init = begin, .fini = end, .timeout = 600);

typedef adamas_status (*job)(adamas_error *error);

/* The n-th allocation of the job fails. */
static void fail_at(const char *name, job run, long n)
{
    int before = folder_entries();
    adamas_error error = {0};
    atomic_store(&calls, 0);
    atomic_store(&fails_at, n);
    adamas_status status = run(&error);
    atomic_store(&fails_at, 0);
    cr_assert_geq(atomic_load(&calls), n, "%s makes %ld allocations, not %ld", name, atomic_load(&calls), n);
    cr_assert_eq(status, ADAMAS_E_MEMORY, "%s, allocation %ld: %d, '%s'", name, n, (int)status, error.message);
    cr_assert_eq(error.code, ADAMAS_E_MEMORY);
    cr_assert_eq(folder_entries(), before, "%s, allocation %ld left a file", name, n);
}

static void record_paths(const char *name, job run, const char *out)
{
    adamas_error error = {0};
    for (int i = 0; i < 2; i++) { /* first, other libraries make what they keep for good */
        is_recording = i;
        cr_assert_eq(run(&error), ADAMAS_OK, "%s: %s", name, error.message);
        is_recording = 0;
        remove(in_folder(out));
    }
}

static int by_first(const void *a, const void *b)
{
    long x = (*(call_path *const *)a)->first, y = (*(call_path *const *)b)->first;
    return (x > y) - (x < y);
}

/* The call paths of the job that have not failed yet, in the order of their first allocations. */
static size_t new_paths(call_path **found)
{
    size_t n = 0;
    for (call_path *path = paths; path < paths + max_paths; path++)
        if (path->first > 0 && !path->has_failed)
            found[n++] = path;
    qsort(found, n, sizeof *found, by_first);
    return n;
}

/* The first and the last allocation of each call path fail; of long jobs the first of every step-th path. Paths that
 * failed in an earlier sweep of the test are left out. `out` is a file that the job would write. A sanitizer is several
 * times slower: under it, a seventh of the paths. */
static void sweep(const char *name, job run, const char *out, size_t step)
{
    step *= is_sanitized ? 7 : 1;
    for (size_t i = 0; i < max_paths; i++)
        paths[i].first = paths[i].last = 0;
    atomic_store(&calls, 0);
    record_paths(name, run, out);
    cr_assert_gt(atomic_load(&calls), 0, "%s allocates nothing", name);
    static call_path *found[max_paths];
    size_t n = new_paths(found);
    for (size_t i = 0; i < n; i += step) {
        found[i]->has_failed = 1;
        fail_at(name, run, found[i]->first);
        if (found[i]->last > found[i]->first && step == 1)
            fail_at(name, run, found[i]->last);
    }
}

static adamas_status lend(adamas_error *error)
{
    adamas_spectra *set;
    adamas_status status =
        adamas_spectra_lend(&set, parcel.n_shots, parcel.n_channels, parcel.intensity, parcel.wavelength, error);
    if (!status)
        status = adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", parcel.n_shots, parcel.specimen, error);
    if (!status)
        status = adamas_spectra_set_numbers(set, ADAMAS_SOURCES, "size", 1, parcel.wavelength, error);
    if (!status)
        status = adamas_spectra_set_fact(set, "case/parcel", "K-7", error);
    adamas_spectra_free(set);
    return status;
}

static adamas_status read_spectra(adamas_error *error)
{
    adamas_spectra *set;
    float row[80];
    adamas_status status = adamas_spectra_read(&set, in_folder("library.h5"), error);
    if (!status)
        status = adamas_spectra_rows(set, 3, 1, row, error);
    adamas_spectra_free(set);
    return status;
}

static adamas_status write_spectra(adamas_error *error)
{
    return adamas_spectra_write(library.spectra, in_folder("out.h5"), &options, error);
}

static adamas_status screen(adamas_error *error)
{
    uint8_t fate[100];
    return adamas_spectra_screen(library.spectra, fate, &options, error);
}

static adamas_status import_wide(adamas_error *error)
{
    const char *files[] = {in_folder("wide.csv")};
    adamas_import what = {.struct_size = sizeof what, .n_files = 1, .files = files};
    return adamas_spectra_import(in_folder("out.h5"), &what, &options, error);
}

static adamas_status import_single(adamas_error *error)
{
    static const char *const names[] = {"provenance/synthetic", "axis/medium"}, *const values[] = {"yes", "air"};
    const char *files[] = {in_folder("a-1.txt"), in_folder("b-1.txt")};
    adamas_import what = {.struct_size = sizeof what,
                          .n_files = 2,
                          .files = files,
                          .specimen = "^(.)-",
                          .shot = "-(.)",
                          .table = in_folder("table.csv"),
                          .interpolate = 1,
                          .n_facts = 2,
                          .fact_names = names,
                          .fact_values = values};
    return adamas_spectra_import(in_folder("out.h5"), &what, &options, error);
}

static adamas_status parse(adamas_error *error)
{
    adamas_method *made;
    adamas_status status = adamas_method_parse(&made, "crop(1, hi=2) | align | pca(auto) | lda(priors=equal)", error);
    adamas_method_free(made);
    return status;
}

static adamas_status train(adamas_error *error)
{
    adamas_model *made;
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_train(&made, method, &only, 1, 1, &options, error);
    adamas_model_free(made);
    return status;
}

static adamas_status validate_leaving(int32_t leave, adamas_error *error)
{
    adamas_report *report;
    adamas_protocol protocol = {sizeof protocol, leave, 2, 1};
    const adamas_spectra *only = library.spectra;
    adamas_status status = adamas_model_validate(&report, method, &only, 1, &protocol, &options, error);
    adamas_report_free(report);
    return status;
}

static adamas_status validate(adamas_error *error)
{
    return validate_leaving(ADAMAS_LEAVE_FOLDS, error);
}

static adamas_status validate_crossed(adamas_error *error)
{
    return validate_leaving(ADAMAS_LEAVE_LOCALITY_SESSION, error);
}

static adamas_status classify(adamas_error *error)
{
    adamas_report *report;
    adamas_status status = adamas_model_classify(&report, model, parcel.spectra, NULL, &options, error);
    if (!status)
        status = adamas_report_write(report, in_folder("out.h5"), error);
    adamas_report_free(report);
    return status;
}

/* The declared origin is a fact of the parcel file. */
static adamas_status classify_declared(adamas_error *error)
{
    adamas_report *report;
    adamas_status status = adamas_model_classify(&report, model, parcel.spectra, NULL, &options, error);
    adamas_report_free(report);
    return status;
}

static adamas_status plan(adamas_error *error)
{
    adamas_report *report;
    const adamas_plan asked = {sizeof asked, 2, 0.5, 0.5, "beta"};
    adamas_status status = adamas_model_plan(&report, model, &asked, &options, error);
    adamas_report_free(report);
    return status;
}

static adamas_status preprocess(adamas_error *error)
{
    adamas_spectra *set;
    adamas_status status = adamas_model_preprocess(&set, model, parcel.spectra, &options, error);
    if (!status)
        status = adamas_spectra_write(set, in_folder("out.h5"), &options, error);
    adamas_spectra_free(set);
    return status;
}

static adamas_status read_model(adamas_error *error)
{
    adamas_model *read;
    adamas_status status = adamas_model_read(&read, in_folder("model.h5"), error);
    adamas_model_free(read);
    return status;
}

static adamas_status write_model(adamas_error *error)
{
    return adamas_model_write(model, in_folder("out.h5"), error);
}

static adamas_status digest(adamas_error *error)
{
    char hex[65];
    int32_t kind;
    adamas_status status = adamas_file_kind(&kind, in_folder("model.h5"), error);
    return status ? status : adamas_file_sha256(hex, in_folder("model.h5"), error);
}

Test(out_of_memory, spectra)
{
    sweep("lend", lend, "out.h5", 1);
    sweep("read", read_spectra, "out.h5", 1);
    sweep("write", write_spectra, "out.h5", 1);
    sweep("screen", screen, "out.h5", 1);
    sweep("digest", digest, "out.h5", 1);
}

Test(out_of_memory, import)
{
    sweep("import of a wide table", import_wide, "out.h5", 1);
    sweep("import of single spectra", import_single, "out.h5", 1);
}

Test(out_of_memory, model)
{
    sweep("parse", parse, "out.h5", 1);
    sweep("read a model", read_model, "out.h5", 1);
    sweep("write a model", write_model, "out.h5", 1);
    sweep("preprocess", preprocess, "out.h5", 1);
    sweep("classify", classify, "out.h5", 1);
}

Test(out_of_memory, declared)
{
    adamas_error error = {0};
    expect_ok(adamas_spectra_set_fact(parcel.spectra, "case/declared_origin", "Atlantis", &error), &error);
    sweep("classify what no library holds", classify_declared, "out.h5", 2);
    expect_ok(adamas_spectra_set_fact(parcel.spectra, "case/declared_origin", "alpha", &error), &error);
    sweep("classify what is declared", classify_declared, "out.h5", 3);
    const char **known = malloc(parcel.n_specimens * sizeof *known);
    for (size_t k = 0; k < parcel.n_specimens; k++)
        known[k] = k == 0 ? "alpha" : k == 1 ? "Atlantis" : "";
    expect_ok(adamas_spectra_set_text(parcel.spectra, ADAMAS_SPECIMENS, "control", parcel.n_specimens, known, &error),
              &error);
    free(known);
    sweep("classify with controls", classify_declared, "out.h5", 3);
    sweep("plan", plan, "out.h5", 3);
}

Test(out_of_memory, train)
{
    method = method_of("crop(300, 310) | align | sqrt | area | pca(3) | lda");
    sweep("train", train, "out.h5", 1);
}

Test(out_of_memory, train_with_filters_and_msc)
{
    method = method_of("mask(303, 304) | despike(50) | savgol(5) | gaussian | msc | pca(3) | lda");
    sweep("train", train, "out.h5", 1);
}

Test(out_of_memory, train_by_the_default_method)
{
    method = method_of(NULL);
    sweep("train, components=auto", train, "out.h5", 1);
}

Test(out_of_memory, validate)
{
    method = method_of("align | snv | pca(2) | twolevel");
    sweep("validate", validate, "out.h5", 1);
}

/* Localities and sessions can only be left out together if every origin has specimens enough. */
Test(out_of_memory, validate_localities_and_sessions)
{
    static const synthetic_shape larger = {3, 6, 2, 80, 300, 0.1, 1, "stone", 0};
    synthetic_free(&library);
    library = synthetic_make(larger);
    method = method_of("snv | pca(2) | lda");
    sweep("validate, localities and sessions", validate_crossed, "out.h5", 1);
}

Test(out_of_memory, validate_by_the_default_method)
{
    method = method_of(NULL);
    sweep("validate, components=auto", validate, "out.h5", 2);
}

Test(out_of_memory, other_matching_steps)
{
    static const char *const methods[] = {"snv | pca(2) | kernel", "snv | pca(2) | multilevel",
                                          "snv | pca(2) | ddsimca(1)"};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        adamas_error error = {0};
        adamas_method_free(method);
        method = method_of(methods[i]);
        sweep(methods[i], train, "out.h5", 1);
        adamas_model_free(model);
        model = trained(methods[i], &library, &options);
        sweep("write a model", write_model, "out.h5", 1);
        expect_ok(adamas_model_write(model, in_folder("model.h5"), &error), &error);
        sweep("read a model", read_model, "out.h5", 1);
        sweep("classify", classify, "out.h5", 2);
    }
}
