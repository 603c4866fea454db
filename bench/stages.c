/* bench-stages CONTIGUOUS GZIP [SECONDS]: every stage by itself and its floor, on one thread and on all, from two files
 * of the same spectra. Each is run on blocks of rows that are used again, so that they are in the cache as they are
 * on the way; medians over blocks. */
#include "base/fourier.h"
#include "base/memory.h"
#include "floor_chunks.h"
#include "floors.h"
#include "measure.h"
#include "stage.h"
#include "store/spectra_read.h"

#include <fcntl.h>
#include <fftw3.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char *openblas_get_config(void);
extern char *openblas_get_corename(void);

/* What a thread has. */
typedef struct lane {
    floor_place place;
    adamas_spectra *set;
    size_t at; /* the block that comes next */
} lane;

/* What is measured: run does place.n rows. */
typedef struct job {
    void (*run)(const struct job *j, lane *l);
    const stage *stage;
    const fourier *fourier;
    const floor_chunks *chunks;
    void (*floor)(const floor_place *p);
    const char *path;
    int file;
    size_t rows; /* of a block; 0: STEP_ROWS */
} job;

enum { most_samples = 100000 };

static double seconds = 0.5;
static size_t n_channels;
static const float *raw;

static void copy_rows(const lane *l)
{
    memcpy(l->place.rows, l->place.raw, l->place.n * n_channels * sizeof *raw);
}

/* The median over blocks, in us a row. */
static double measure_lane(const job *j, lane *l)
{
    double *samples = malloc(most_samples * sizeof *samples), end = measure_now() + seconds;
    size_t n = 0;
    measure_check(!samples, "memory could not be had");
    do {
        copy_rows(l);
        double start = measure_now();
        j->run(j, l);
        samples[n] = 1e6 * (measure_now() - start) / (double)l->place.n;
    } while (++n < most_samples && (n < 5 || measure_now() < end));
    double median = measure_median(n, samples);
    free(samples);
    return median;
}

static lane make_lane(const job *j)
{
    size_t scratch = FLOOR_SCRATCH * (n_channels + 16);
    if (j->stage && j->stage->scratch > scratch)
        scratch = j->stage->scratch;
    size_t n = j->stage ? j->stage->rows : j->rows ? j->rows : STEP_ROWS;
    lane l = {.place = {.n = n,
                        .n_channels = n_channels,
                        .raw = raw,
                        .rows = memory_new(n, n_channels * sizeof *raw),
                        .scratch = memory_new(scratch, sizeof *raw)}};
    adamas_error error = {0};
    measure_check(!l.place.rows || !l.place.scratch, "memory could not be had");
    if (j->path)
        measure_check(spectra_read(&l.set, j->path, &error) != ADAMAS_OK, error.message);
    return l;
}

/* Threads side by side; their rates add up. */
static double measure(const job *j, int threads)
{
    double rate = 0;
#pragma omp parallel num_threads(threads) reduction(+ : rate)
    {
        lane l = make_lane(j);
#pragma omp barrier
        rate += 1 / measure_lane(j, &l);
        free(l.place.rows);
        free(l.place.scratch);
        spectra_free(l.set);
    }
    return 1 / rate;
}

static void say(const char *what, const char *name, const job *j, double times)
{
    double one = times * measure(j, 1), all = times * measure(j, omp_get_max_threads());
    measure_say(what, name, "one", one, "all", all, "rate", 1e6 / all, (char *)NULL);
}

static void run_stage(const job *j, lane *l)
{
    stage_run(j->stage, l->place.raw, l->place.rows, l->place.scratch);
}

static void run_read(const job *j, lane *l)
{
    (void)j;
    adamas_error error = {0};
    size_t blocks = l->set->n_shots / l->place.n;
    uint64_t first = (l->at++ * (size_t)omp_get_num_threads() + (size_t)omp_get_thread_num()) % blocks * l->place.n;
    measure_check(spectra_rows(l->set, first, l->place.n, l->place.rows, &error) != ADAMAS_OK, error.message);
}

static void run_floor(const job *j, lane *l)
{
    j->floor(&l->place);
}

/* A block after the other, of the page cache, into a place that is used again. */
static void run_pread(const job *j, lane *l)
{
    size_t bytes = l->place.n * n_channels * sizeof(float), blocks = (size_t)lseek(j->file, 0, SEEK_END) / bytes;
    off_t at = (off_t)(l->at++ % blocks * bytes);
    measure_check(pread(j->file, l->place.rows, bytes, at) != (ssize_t)bytes, "pread");
}

static void run_inflate(const job *j, lane *l)
{
    for (size_t i = 0; i < l->place.n; i += j->chunks->rows)
        floor_chunks_inflate(j->chunks, l->at++ % j->chunks->n, (unsigned char *)l->place.rows);
}

static void run_forward(const job *j, lane *l)
{
    for (size_t i = 0; i < l->place.n; i++)
        fourier_forward(j->fourier, l->place.rows, l->place.scratch);
}

static void run_there_and_back(const job *j, lane *l)
{
    for (size_t i = 0; i < l->place.n; i++) {
        fourier_forward(j->fourier, l->place.rows, l->place.scratch);
        fourier_inverse(j->fourier, l->place.scratch, l->place.rows);
    }
}

static void read_stages(const char *contiguous, const char *gzip)
{
    job j = {.run = run_read, .path = contiguous};
    say("stage", "read contiguous", &j, 1);
    j.path = gzip;
    say("stage", "read gzip+shuffle", &j, 1);
    j = (job){.run = run_pread, .file = open(contiguous, O_RDONLY)};
    say("floor", "read contiguous", &j, 1);
    close(j.file);
    floor_chunks c = floor_chunks_load(gzip, 512);
    j = (job){.run = run_inflate, .chunks = &c};
    say("floor", "read gzip+shuffle", &j, 1);
    floor_chunks_free(&c);
}

static void floors(void)
{
    static const struct {
        const char *name;
        void (*run)(const floor_place *p);
        size_t rows;
    } plain[] = {
        {"snip(40)", floor_snip, 0}, {"savgol(11, 2, deriv=1)", floor_savgol, 0},
        {"snv", floor_copy, 8},      {"pca(50)", floor_project, 0},
        {"17 lags", floor_lags, 0},
    };
    job j = {.run = run_floor};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        j.floor = plain[i].run;
        j.rows = plain[i].rows;
        say("floor", plain[i].name, &j, 1);
    }
    j.rows = 4 * STEP_ROWS;
    lane l = make_lane(&j);
    double iterations = floor_arpls_iterations(&l.place);
    free(l.place.rows);
    free(l.place.scratch);
    measure_say("note", "arPLS iterations", "mean", iterations, (char *)NULL);
    j.floor = floor_arpls;
    say("floor", "arpls(lam=1e6)", &j, iterations);
    fourier *f;
    measure_check(fourier_make(&f, n_channels, NULL) != ADAMAS_OK, "no plan");
    j = (job){.run = run_there_and_back, .fourier = f};
    say("floor", "whittaker(20)", &j, 1);
    j.run = run_forward;
    say("floor", "one transform", &j, 1);
    fourier_free(f);
}

static void each_stage(const float *training, size_t n)
{
    for (const char *const *typed = stage_methods; *typed; typed++) {
        stage s;
        if (stage_make(&s, *typed, n_channels, n, training))
            say("stage", *typed, &(job){.run = run_stage, .stage = &s}, 1);
        else
            measure_say("left out", *typed, (char *)NULL);
        stage_clear(&s);
    }
}

int main(int argc, char **argv)
{
    measure_check(argc < 3, "bench-stages CONTIGUOUS GZIP [SECONDS]");
    seconds = argc > 3 ? atof(argv[3]) : seconds;
    printf("{\"what\": \"machine\", \"name\": \"OpenBLAS\", \"text\": \"%s, kernels %s\"}\n", openblas_get_config(),
           openblas_get_corename());
    printf("{\"what\": \"machine\", \"name\": \"FFTW\", \"text\": \"%s\"}\n", fftwf_version);
    adamas_error error = {0};
    adamas_spectra *set;
    work w;
    measure_check(work_begin(&w, NULL, &error) != ADAMAS_OK || spectra_read(&set, argv[1], &error) != ADAMAS_OK,
                  error.message);
    n_channels = set->axis.n;
    size_t n = set->n_shots < 320 ? set->n_shots : 320;
    float *training = memory_raw(n, n_channels * sizeof *training);
    measure_check(!training || spectra_rows(set, 0, n, training, &error) != ADAMAS_OK, error.message);
    raw = training;
    read_stages(argv[1], argv[2]);
    floors();
    each_stage(training, n);
    free(training);
    spectra_free(set);
    work_end(&w);
    return 0;
}
