/* bench-pca FILE ROWS COMPONENTS RUNS MATRIX OUT: times principal components of a file's first rows after
 * snip(40) | snv. Writes the rows to MATRIX and the components to OUT, as float32, for bench/peers/pca.py, which
 * computes how much of the variance they capture. */
#include "base/memory.h"
#include "measure.h"
#include "stage.h"
#include "store/spectra_read.h"

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static adamas_error error;

static void check(adamas_status status)
{
    measure_check(status != ADAMAS_OK, error.message);
}

/* Reads and preprocesses the first *n rows, rounded down to whole blocks of PCA_MAX_ROWS. */
static float *load(const char *path, size_t *n, size_t *n_channels)
{
    adamas_spectra *set;
    stage s;
    check(spectra_read(&set, path, &error));
    *n = (*n < set->n_shots ? *n : set->n_shots) / PCA_MAX_ROWS * PCA_MAX_ROWS;
    *n_channels = set->axis.n;
    float *raw = memory_raw(*n, *n_channels * sizeof *raw), *rows = memory_raw(*n, *n_channels * sizeof *rows);
    measure_check(!raw || !rows, "memory could not be had");
    check(spectra_rows(set, 0, *n, raw, &error));
    measure_check(!stage_make(&s, "snip(40) | snv", *n_channels, *n, raw), "no such step");
    float *scratch = memory_raw(s.scratch, sizeof *scratch);
    measure_check(!scratch, "memory could not be had");
    for (size_t i = 0; i < *n; i += s.rows)
        stage_run(&s, raw + i * *n_channels, rows + i * *n_channels, scratch);
    free(scratch);
    stage_clear(&s);
    free(raw);
    spectra_free(set);
    return rows;
}

static void write_floats(const char *path, size_t n, const float *values)
{
    FILE *file = fopen(path, "wb");
    measure_check(!file || fwrite(values, sizeof *values, n, file) != n || fclose(file), path);
}

static double fit(pca *out, size_t n, size_t n_channels, const float *rows, size_t components)
{
    work w;
    pca_accumulator *sum;
    check(work_begin(&w, NULL, &error));
    double start = measure_now();
    check(pca_accumulator_make(&sum, n, n_channels, &error));
    for (size_t i = 0; i < n; i += PCA_MAX_ROWS)
        check(pca_accumulator_add(sum, PCA_MAX_ROWS, rows + i * n_channels, &w, &error));
    check(pca_fit(out, sum, components, &w, &error));
    double seconds = measure_now() - start;
    pca_accumulator_free(sum);
    work_end(&w);
    return seconds;
}

int main(int argc, char **argv)
{
    measure_check(argc != 7, "bench-pca FILE ROWS COMPONENTS RUNS MATRIX OUT");
    size_t n = strtoul(argv[2], NULL, 10), n_channels, runs = strtoul(argv[4], NULL, 10);
    float *rows = load(argv[1], &n, &n_channels);
    double *seconds = memory_new(runs, sizeof *seconds);
    measure_check(!seconds, "memory could not be had");
    pca p = {0};
    for (size_t i = 0; i < runs; i++) {
        pca_clear(&p);
        seconds[i] = fit(&p, n, n_channels, rows, strtoul(argv[3], NULL, 10));
    }
    write_floats(argv[5], n * n_channels, rows);
    write_floats(argv[6], p.n_components * n_channels, p.components);
    measure_print("pca", "ours", "rows", (double)n, "channels", (double)n_channels, "seconds",
                  measure_median(runs, seconds), "threads", (double)omp_get_max_threads(), "peak_mb", measure_peak_mb(),
                  (char *)NULL);
    pca_clear(&p);
    free(seconds);
    free(rows);
    return 0;
}
