/* The lower bound for reading compressed spectra: the compressed chunks in memory, inflated by libdeflate. */
#include "floor_chunks.h"

#include "measure.h"

#include <hdf5.h>
#include <libdeflate.h>
#include <stdlib.h>

floor_chunks floor_chunks_load(const char *path, size_t max)
{
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t array = H5Dopen(file, "/entry/data/intensity", H5P_DEFAULT), space = H5Dget_space(array);
    hid_t plan = H5Dget_create_plist(array);
    hsize_t shape[2] = {0}, chunk[2] = {0};
    H5Sget_simple_extent_dims(space, shape, NULL);
    measure_check(H5Pget_chunk(plan, 2, chunk) != 2, "the file has no chunks");
    floor_chunks c = {.n = shape[0] / chunk[0], .rows = chunk[0], .bytes = chunk[0] * chunk[1] * sizeof(float)};
    c.n = c.n < max ? c.n : max;
    c.length = malloc(c.n * sizeof *c.length);
    c.at = malloc(c.n * sizeof *c.at);
    measure_check(!c.length || !c.at, "memory could not be had");
    for (size_t i = 0; i < c.n; i++) {
        hsize_t start[2] = {i * chunk[0], 0}, length = 0;
        uint32_t filters = 0;
        H5Dget_chunk_storage_size(array, start, &length);
        c.length[i] = length;
        c.at[i] = malloc(length);
        measure_check(!c.at[i] || H5Dread_chunk(array, H5P_DEFAULT, start, &filters, c.at[i]) < 0, "no chunk");
    }
    H5Pclose(plan);
    H5Sclose(space);
    H5Dclose(array);
    H5Fclose(file);
    return c;
}

void floor_chunks_free(floor_chunks *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(c->at[i]);
    free(c->at);
    free(c->length);
}

void floor_chunks_inflate(const floor_chunks *c, size_t i, unsigned char *out)
{
    struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
    int failed = !d || libdeflate_zlib_decompress(d, c->at[i], c->length[i], out, c->bytes, NULL) != LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(d);
    measure_check(failed, "a chunk does not inflate");
}
