/* The work of overhead.py in C:
 *   overhead preprocess METHOD FILE N_SHOTS N_CHANNELS REPETITIONS    preprocesses all spectra into a new array
 *   overhead classify   MODEL  FILE N_SHOTS N_CHANNELS REPETITIONS    classifies specimens of 20 shots
 * Prints a line for each repetition: seconds, processor seconds, one number of the result. FILE is raw float32. */
#include <adamas/adamas.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static void check(int ok, const char *message)
{
    if (!ok) {
        fprintf(stderr, "%s\n", message);
        exit(1);
    }
}

typedef struct data {
    size_t n_shots, n_channels;
    const float *x;
    double *nm;
    char (*name)[16];
    const char **specimen; /* [n_shots] */
} data;

static data open_data(const char *path, size_t n_shots, size_t n_channels)
{
    data d = {.n_shots = n_shots, .n_channels = n_channels};
    int file = open(path, O_RDONLY);
    d.x = mmap(NULL, n_shots * n_channels * sizeof *d.x, PROT_READ, MAP_PRIVATE, file, 0);
    d.nm = malloc(n_channels * sizeof *d.nm);
    d.name = malloc(n_shots * sizeof *d.name);
    d.specimen = malloc(n_shots * sizeof *d.specimen);
    check(d.x != MAP_FAILED && d.nm && d.name && d.specimen, "no memory");
    for (size_t i = 0; i < n_channels; i++)
        d.nm[i] = 200 + 0.1 * (double)i;
    return d;
}

static adamas_spectra *lend(const data *d, size_t shots_per_specimen)
{
    adamas_spectra *set;
    adamas_error e;
    for (size_t i = 0; i < d->n_shots; i++) {
        snprintf(d->name[i], sizeof d->name[i], "%zu", i / shots_per_specimen + 1);
        d->specimen[i] = d->name[i];
    }
    check(!adamas_spectra_lend(&set, d->n_shots, d->n_channels, d->x, d->nm, &e), "lend");
    check(!adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", d->n_shots, d->specimen, &e), "specimens");
    return set;
}

static double preprocess(const data *d, const char *text)
{
    adamas_error e;
    adamas_spectra *done, *set = lend(d, 1);
    adamas_method *method;
    adamas_model *model;
    float *out = malloc(d->n_shots * d->n_channels * sizeof *out);
    check(out && !adamas_method_parse(&method, text, &e), "method");
    check(!adamas_model_train(&model, method, (const adamas_spectra *const *)&set, 1, 1, NULL, &e), e.message);
    check(!adamas_model_preprocess(&done, model, set, NULL, &e), e.message);
    check(!adamas_spectra_rows(done, 0, d->n_shots, out, &e), e.message);
    double found = out[d->n_shots * d->n_channels / 2 + 7];
    adamas_spectra_free(done);
    adamas_spectra_free(set);
    adamas_model_free(model);
    adamas_method_free(method);
    free(out);
    return found;
}

static double classify(const data *d, const char *path)
{
    adamas_error e;
    adamas_spectra *set = lend(d, 20);
    adamas_model *model;
    adamas_report *report;
    adamas_question question = ADAMAS_QUESTION_INIT;
    question.answer = ADAMAS_ANSWER_SPECIMENS;
    check(!adamas_model_read(&model, path, &e), e.message);
    check(!adamas_model_classify(&report, model, set, &question, NULL, &e), e.message);
    double found = adamas_report_column(report, ADAMAS_SPECIMENS, "probability/A")->number[7];
    adamas_report_free(report);
    adamas_model_free(model);
    adamas_spectra_free(set);
    return found;
}

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    check(argc == 7, "overhead preprocess|classify METHOD|MODEL FILE N_SHOTS N_CHANNELS REPETITIONS");
    data d = open_data(argv[3], strtoull(argv[4], NULL, 10), strtoull(argv[5], NULL, 10));
    for (long left = strtol(argv[6], NULL, 10); left > 0; left--) {
        double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        double found = strcmp(argv[1], "classify") ? preprocess(&d, argv[2]) : classify(&d, argv[2]);
        printf("%.4f %.4f %.17g\n", now(CLOCK_MONOTONIC) - start, now(CLOCK_PROCESS_CPUTIME_ID) - cpu, found);
    }
    return 0;
}
