/* bench-stages CONTIGUOUS GZIP [SECONDS]: times every stage by itself, and its lower bound, on one thread and on all.
 * The two files hold the same spectra. A stage runs on a block of rows that is used again and again, so that it is in
 * the cache as it is in the pipeline. The median over the runs is printed. */
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

/* What one thread works on. */
typedef struct worker {
    floor_buffers buffers;
    adamas_spectra *set;
    size_t at; /* the block that comes next */
} worker;

/* What is measured: run processes buffers.n rows. */
typedef struct job {
    void (*run)(const struct job *j, worker *w);
    const stage *stage;
    const fourier *fourier;
    const floor_chunks *chunks;
    void (*floor)(const floor_buffers *p);
    const char *path;
    int file;
    size_t rows; /* of a block; 0: STEP_ROWS */
} job;

enum { max_samples = 100000 };

static double seconds = 0.5;
static size_t n_channels;
static const float *raw;

static void copy_rows(const worker *w)
{
    memcpy(w->buffers.rows, w->buffers.raw, w->buffers.n * n_channels * sizeof *raw);
}

/* Returns the median time of a row, in microseconds. */
static double time_worker(const job *j, worker *w)
{
    double *samples = malloc(max_samples * sizeof *samples), end = measure_now() + seconds;
    size_t n = 0;
    measure_check(!samples, "memory could not be had");
    do {
        copy_rows(w);
        double start = measure_now();
        j->run(j, w);
        samples[n] = 1e6 * (measure_now() - start) / (double)w->buffers.n;
    } while (++n < max_samples && (n < 5 || measure_now() < end));
    double median = measure_median(n, samples);
    free(samples);
    return median;
}

static worker make_worker(const job *j)
{
    size_t scratch = FLOOR_SCRATCH * (n_channels + 16);
    if (j->stage && j->stage->scratch > scratch)
        scratch = j->stage->scratch;
    size_t n = j->stage ? j->stage->rows : j->rows ? j->rows : STEP_ROWS;
    worker w = {.buffers = {.n = n,
                            .n_channels = n_channels,
                            .raw = raw,
                            .rows = memory_new(n, n_channels * sizeof *raw),
                            .scratch = memory_new(scratch, sizeof *raw)}};
    adamas_error error = {0};
    measure_check(!w.buffers.rows || !w.buffers.scratch, "memory could not be had");
    if (j->path)
        measure_check(spectra_read(&w.set, j->path, &error) != ADAMAS_OK, error.message);
    return w;
}

/* Microseconds a row if all threads run the job at once: the reciprocal of the sum of their rates. */
static double measure(const job *j, int threads)
{
    double rate = 0;
#pragma omp parallel num_threads(threads) reduction(+ : rate)
    {
        worker w = make_worker(j);
#pragma omp barrier
        rate += 1 / time_worker(j, &w);
        free(w.buffers.rows);
        free(w.buffers.scratch);
        spectra_free(w.set);
    }
    return 1 / rate;
}

static void print_times(const char *what, const char *name, const job *j, double times)
{
    double one = times * measure(j, 1), all = times * measure(j, omp_get_max_threads());
    measure_print(what, name, "one", one, "all", all, "rate", 1e6 / all, (char *)NULL);
}

static void run_stage(const job *j, worker *w)
{
    stage_run(j->stage, w->buffers.raw, w->buffers.rows, w->buffers.scratch);
}

static void run_read(const job *j, worker *w)
{
    (void)j;
    adamas_error error = {0};
    size_t blocks = w->set->n_shots / w->buffers.n;
    uint64_t first = (w->at++ * (size_t)omp_get_num_threads() + (size_t)omp_get_thread_num()) % blocks * w->buffers.n;
    measure_check(spectra_rows(w->set, first, w->buffers.n, w->buffers.rows, &error) != ADAMAS_OK, error.message);
}

static void run_floor(const job *j, worker *w)
{
    j->floor(&w->buffers);
}

/* Reads one block after the other from the page cache into the same buffer. */
static void run_pread(const job *j, worker *w)
{
    size_t bytes = w->buffers.n * n_channels * sizeof(float), blocks = (size_t)lseek(j->file, 0, SEEK_END) / bytes;
    off_t at = (off_t)(w->at++ % blocks * bytes);
    measure_check(pread(j->file, w->buffers.rows, bytes, at) != (ssize_t)bytes, "pread");
}

static void run_inflate(const job *j, worker *w)
{
    for (size_t i = 0; i < w->buffers.n; i += j->chunks->rows)
        floor_chunks_inflate(j->chunks, w->at++ % j->chunks->n, (unsigned char *)w->buffers.rows);
}

static void run_forward(const job *j, worker *w)
{
    for (size_t i = 0; i < w->buffers.n; i++)
        fourier_forward(j->fourier, w->buffers.rows, w->buffers.scratch);
}

static void run_round_trip(const job *j, worker *w)
{
    for (size_t i = 0; i < w->buffers.n; i++) {
        fourier_forward(j->fourier, w->buffers.rows, w->buffers.scratch);
        fourier_inverse(j->fourier, w->buffers.scratch, w->buffers.rows);
    }
}

static void read_stages(const char *contiguous, const char *gzip)
{
    job j = {.run = run_read, .path = contiguous};
    print_times("stage", "read contiguous", &j, 1);
    j.path = gzip;
    print_times("stage", "read gzip+shuffle", &j, 1);
    j = (job){.run = run_pread, .file = open(contiguous, O_RDONLY)};
    print_times("floor", "read contiguous", &j, 1);
    close(j.file);
    floor_chunks c = floor_chunks_load(gzip, 512);
    j = (job){.run = run_inflate, .chunks = &c};
    print_times("floor", "read gzip+shuffle", &j, 1);
    floor_chunks_free(&c);
}

static void floors(void)
{
    static const struct {
        const char *name;
        void (*run)(const floor_buffers *p);
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
        print_times("floor", plain[i].name, &j, 1);
    }
    j.rows = 4 * STEP_ROWS;
    worker w = make_worker(&j);
    double iterations = floor_arpls_iterations(&w.buffers);
    free(w.buffers.rows);
    free(w.buffers.scratch);
    measure_print("note", "arPLS iterations", "mean", iterations, (char *)NULL);
    j.floor = floor_arpls;
    print_times("floor", "arpls(lam=1e6)", &j, iterations);
    fourier *f;
    measure_check(fourier_make(&f, n_channels, NULL) != ADAMAS_OK, "no plan");
    j = (job){.run = run_round_trip, .fourier = f};
    print_times("floor", "whittaker(20)", &j, 1);
    j.run = run_forward;
    print_times("floor", "one transform", &j, 1);
    fourier_free(f);
}

static void each_stage(const float *training, size_t n)
{
    for (const char *const *name = stage_methods; *name; name++) {
        stage s;
        if (stage_make(&s, *name, n_channels, n, training))
            print_times("stage", *name, &(job){.run = run_stage, .stage = &s}, 1);
        else
            measure_print("left out", *name, (char *)NULL);
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
    work threads;
    measure_check(work_begin(&threads, NULL, &error) != ADAMAS_OK || spectra_read(&set, argv[1], &error) != ADAMAS_OK,
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
    work_end(&threads);
    return 0;
}
