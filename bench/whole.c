/* Times the way from a file to the answer for each specimen, through the public header alone. Prints medians of RUNS.
 *   bench-whole classify MODEL FILE THREADS RUNS          open, classify, free
 *   bench-whole one MODEL FILE RUNS                       one spectrum: lend, classify, free
 *   bench-whole stream MODEL FILE SPECTRA THREADS RUNS    so many spectra, by repeating the file's first rows
 *   bench-whole train METHOD LIBRARY THREADS RUNS         open, train, free */
#include "adamas/adamas.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static adamas_error error;

static void classify(const adamas_model *model, const adamas_spectra *set, int threads)
{
    adamas_options options = ADAMAS_OPTIONS_INIT;
    adamas_question question = ADAMAS_QUESTION_INIT;
    options.threads = threads;
    question.answer = ADAMAS_ANSWER_DENSITIES; /* the same as the LDA of bench/peers */
    adamas_report *report;
    measure_check(adamas_model_classify(&report, model, set, &question, &options, &error) != ADAMAS_OK, error.message);
    adamas_report_free(report);
}

static adamas_spectra *open_file(const char *path)
{
    adamas_spectra *set;
    measure_check(adamas_spectra_read(&set, path, &error) != ADAMAS_OK, error.message);
    return set;
}

static void print_rate(const char *what, const char *name, double threads, double spectra, size_t runs, double *seconds)
{
    double median = measure_median(runs, seconds);
    measure_print(what, name, "threads", threads, "spectra", spectra, "us", 1e6 * median / spectra, "rate",
                  spectra / median, "peak_mb", measure_peak_mb(), (char *)NULL);
}

static void run_classify(const adamas_model *model, const char *path, int threads, size_t runs, double *seconds)
{
    size_t n = 0;
    for (size_t i = 0; i < runs; i++) {
        double start = measure_now();
        adamas_spectra *set = open_file(path);
        classify(model, set, threads);
        n = adamas_spectra_shots(set);
        adamas_spectra_free(set);
        seconds[i] = measure_now() - start;
    }
    print_rate("whole", adamas_model_fact(model, "method"), threads, (double)n, runs, seconds);
}

/* The first n rows of a file, in memory: at[n, channels], and the axis nm[channels]. */
typedef struct rows {
    size_t n, channels;
    float *at;
    const double *nm;
} rows;

static rows load(const adamas_spectra *set, size_t max)
{
    rows r = {.n = adamas_spectra_shots(set), .channels = adamas_spectra_channels(set)};
    r.n = r.n < max ? r.n : max;
    r.nm = adamas_spectra_wavelength(set);
    r.at = malloc(r.n * r.channels * sizeof *r.at);
    measure_check(!r.at || adamas_spectra_rows(set, 0, r.n, r.at, &error) != ADAMAS_OK, error.message);
    return r;
}

static void run_one(const adamas_model *model, const char *path, size_t runs, double *seconds)
{
    adamas_spectra *file = open_file(path);
    rows r = load(file, 200);
    for (size_t i = 0; i < runs; i++) {
        double start = measure_now();
        adamas_spectra *set;
        adamas_status status = adamas_spectra_lend(&set, 1, r.channels, r.at + i % r.n * r.channels, r.nm, &error);
        if (!status)
            status = adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", 1, &(const char *){"stone"}, &error);
        measure_check(status != ADAMAS_OK, error.message);
        classify(model, set, 1);
        adamas_spectra_free(set);
        seconds[i] = measure_now() - start;
    }
    free(r.at);
    adamas_spectra_free(file);
    print_rate("latency", adamas_model_fact(model, "method"), 1, 1, runs, seconds);
}

static adamas_status repeat_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *e)
{
    (void)e;
    const rows *r = data;
    for (uint64_t i = 0; i < n; i++)
        memcpy(out + i * r->channels, r->at + (first + i) % r->n * r->channels, r->channels * sizeof *out);
    return ADAMAS_OK;
}

/* Assigns twenty shots to each specimen. */
static void name_specimens(adamas_spectra *set, size_t n)
{
    char(*names)[24] = malloc((n / 20 + 1) * sizeof *names);
    const char **ids = malloc(n * sizeof *ids);
    measure_check(!names || !ids, "memory could not be had");
    for (size_t i = 0; i < n; i++) {
        if (i % 20 == 0)
            snprintf(names[i / 20], sizeof *names, "%zu", i / 20);
        ids[i] = names[i / 20];
    }
    measure_check(adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", n, ids, &error) != ADAMAS_OK, error.message);
    free(names);
    free(ids);
}

static void run_stream(const adamas_model *model, const char *path, size_t n, int threads, size_t runs, double *seconds)
{
    adamas_spectra *file = open_file(path);
    rows r = load(file, 1000);
    for (size_t i = 0; i < runs; i++) {
        double start = measure_now();
        adamas_spectra *set;
        measure_check(adamas_spectra_stream(&set, n, r.channels, r.nm, repeat_rows, &r, &error) != ADAMAS_OK,
                      error.message);
        name_specimens(set, n);
        classify(model, set, threads);
        adamas_spectra_free(set);
        seconds[i] = measure_now() - start;
    }
    char channels[32];
    snprintf(channels, sizeof channels, "%zu", r.channels);
    free(r.at);
    adamas_spectra_free(file);
    print_rate("scale", channels, threads, (double)n, runs, seconds);
}

static void run_train(const char *method, const char *path, int threads, size_t runs, double *seconds)
{
    size_t n = 0;
    for (size_t i = 0; i < runs; i++) {
        double start = measure_now();
        adamas_spectra *set = open_file(path);
        adamas_method *parsed;
        adamas_model *model;
        adamas_options options = ADAMAS_OPTIONS_INIT;
        options.threads = threads;
        n = adamas_spectra_shots(set);
        measure_check(adamas_method_parse(&parsed, method, &error) != ADAMAS_OK, error.message);
        const adamas_spectra *only = set;
        measure_check(adamas_model_train(&model, parsed, &only, 1, 1, &options, &error) != ADAMAS_OK, error.message);
        adamas_model_free(model);
        adamas_method_free(parsed);
        adamas_spectra_free(set);
        seconds[i] = measure_now() - start;
    }
    double median = measure_median(runs, seconds);
    measure_print("train", "ours", "threads", (double)threads, "spectra", (double)n, "seconds", median, "peak_mb",
                  measure_peak_mb(), (char *)NULL);
}

int main(int argc, char **argv)
{
    const char *what = argc > 4 ? argv[1] : "";
    size_t runs = argc > 4 ? strtoul(argv[argc - 1], NULL, 10) : 0;
    double *seconds = malloc((runs + 1) * sizeof *seconds);
    measure_check(!runs || !seconds, "bench-whole classify|one|stream MODEL FILE ... RUNS");
    if (strcmp(what, "train") == 0 && argc == 6) {
        run_train(argv[2], argv[3], atoi(argv[4]), runs, seconds);
        free(seconds);
        return 0;
    }
    adamas_model *model;
    measure_check(adamas_model_read(&model, argv[2], &error) != ADAMAS_OK, error.message);
    if (strcmp(what, "classify") == 0 && argc == 6)
        run_classify(model, argv[3], atoi(argv[4]), runs, seconds);
    else if (strcmp(what, "one") == 0 && argc == 5)
        run_one(model, argv[3], runs, seconds);
    else if (strcmp(what, "stream") == 0 && argc == 7)
        run_stream(model, argv[3], strtoul(argv[4], NULL, 10), atoi(argv[5]), runs, seconds);
    adamas_model_free(model);
    free(seconds);
    return 0;
}
