/* bench-data FILE SPECIMENS SHOTS CHANNELS FIRST gzip|contiguous: writes simulated spectra of the specimens FIRST,
 * FIRST + 1, ... Adamas writes chunks with gzip and shuffle. For a contiguous file, the array of such a file is
 * replaced afterwards by a contiguous one. */
#include "adamas/adamas.h"
#include "data.h"
#include "measure.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char intensity[] = "/entry/data/intensity";

typedef struct request {
    size_t specimens, shots, channels, first;
    int contiguous;
} request;

static void make_rows(const request *r, uint64_t first, uint64_t n, float *out)
{
#pragma omp parallel for
    for (uint64_t i = first; i < first + n; i++)
        data_row(r->channels, r->first + i / r->shots, i % r->shots, out + (i - first) * r->channels);
}

/* Zeros if write_contiguous is to replace the array: they compress to almost nothing. */
static adamas_status read_rows(void *data, uint64_t first, uint64_t n, float *out, adamas_error *error)
{
    (void)error;
    const request *r = data;
    if (r->contiguous)
        memset(out, 0, n * r->channels * sizeof *out);
    else
        make_rows(r, first, n, out);
    return ADAMAS_OK;
}

static adamas_status set_tables(adamas_spectra *set, const request *r, adamas_error *error)
{
    size_t n = r->specimens * r->shots;
    char(*names)[16] = malloc(r->specimens * sizeof *names);
    const char **ids = malloc(n * sizeof *ids), **origins = malloc(r->specimens * sizeof *origins);
    static const char *const origin_names[DATA_ORIGINS] = {"East", "North", "South", "West"};
    adamas_status status = names && ids && origins ? ADAMAS_OK : ADAMAS_E_MEMORY;
    for (size_t k = 0; !status && k < r->specimens; k++) {
        snprintf(names[k], sizeof *names, "s%07zu", r->first + k);
        origins[k] = origin_names[(r->first + k) % DATA_ORIGINS];
    }
    for (size_t i = 0; !status && i < n; i++)
        ids[i] = names[i / r->shots];
    if (!status)
        status = adamas_spectra_set_text(set, ADAMAS_SHOTS, "specimen", n, ids, error);
    if (!status)
        status = adamas_spectra_set_text(set, ADAMAS_SPECIMENS, "origin", r->specimens, origins, error);
    if (!status)
        status = adamas_spectra_set_fact(set, "provenance/synthetic", "yes", error);
    free(names);
    free(ids);
    free(origins);
    return status;
}

static adamas_status write_file(const request *r, const char *path, adamas_error *error)
{
    double *nm = malloc(r->channels * sizeof *nm);
    adamas_spectra *set = NULL;
    adamas_status status = nm ? ADAMAS_OK : ADAMAS_E_MEMORY;
    if (!status) {
        data_axis(r->channels, nm);
        status = adamas_spectra_stream(&set, r->specimens * r->shots, r->channels, nm, read_rows, (void *)r, error);
    }
    if (!status)
        status = set_tables(set, r, error);
    if (!status)
        status = adamas_spectra_write(set, path, NULL, error);
    adamas_spectra_free(set);
    free(nm);
    return status;
}

/* Replaces the chunked array by a contiguous one, which is written a specimen at a time. Returns 0 on success. */
static int write_contiguous(const request *r, const char *path)
{
    hsize_t shape[2] = {r->specimens * r->shots, r->channels}, block[2] = {r->shots, r->channels};
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate_simple(2, shape, NULL);
    hid_t memory = H5Screate_simple(2, block, NULL);
    int failed = file < 0 || H5Ldelete(file, intensity, H5P_DEFAULT) < 0;
    hid_t array = H5Dcreate(file, intensity, H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    float *rows = malloc(r->shots * r->channels * sizeof *rows);
    failed |= array < 0 || !rows;
    for (hsize_t i = 0; !failed && i < shape[0]; i += r->shots) {
        make_rows(r, i, r->shots, rows);
        H5Sselect_hyperslab(space, H5S_SELECT_SET, (hsize_t[]){i, 0}, NULL, block, NULL);
        failed = H5Dwrite(array, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, rows) < 0;
    }
    free(rows);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(array);
    return H5Fclose(file) < 0 || failed;
}

int main(int argc, char **argv)
{
    measure_check(argc != 7, "bench-data FILE SPECIMENS SHOTS CHANNELS FIRST gzip|contiguous");
    request r = {strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10),
                 strtoul(argv[5], NULL, 10), strcmp(argv[6], "contiguous") == 0};
    adamas_error error = {0};
    measure_check(write_file(&r, argv[1], &error) != ADAMAS_OK, error.message);
    measure_check(r.contiguous && write_contiguous(&r, argv[1]), "the contiguous copy could not be written");
    return 0;
}
